import type * as vscode from 'vscode';
import { madeFrom } from '../../runtime/api/environment-parts.ts';
import type { Environment } from '../../runtime/api/objects.ts';
import { plainText } from '../logs/view/plain-text.ts';
import { environmentFacts, environmentStateWords, environmentUsers } from './environment-words.ts';

/** All that is known of an environment, then what installers printed, the newest at the end; of one that failed, why comes last. */
export function environmentText(l10n: Pick<typeof vscode, 'l10n'>['l10n'], environment: Environment, log: readonly string[]): string {
  const { id, kind, interpreter, createdAt, stage, failure } = environment;
  const users = environmentUsers(l10n, environment);
  const facts = environmentFacts(l10n, environment);
  const head = [
    l10n.t('Environment {0}', id),
    l10n.t('{0}: {1}', kind, madeFrom(environment)),
    [environmentStateWords(l10n, environment), ...(stage === null ? [] : [stage])].join(' · '),
    ...(facts === undefined ? [] : [facts]),
    ...(interpreter === null ? [] : [interpreter]),
    users === undefined ? l10n.t('used by nobody') : l10n.t('used by {0}', users),
    new Date(createdAt).toLocaleString(),
  ];
  const end = failure === null ? [] : ['', failure.message, ...(failure.hint === null ? [] : [failure.hint])];
  return [...head, '', ...log.map(plainText), ...end].join('\n').concat('\n');
}
