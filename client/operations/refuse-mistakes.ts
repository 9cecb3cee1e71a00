import { dirname } from 'node:path';
import type { Mistake } from '../../runtime/api/language-server.ts';
import { type Checked, checkRequestOf, mistakesError } from '../../runtime/api/project/mistakes.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { CheckedOptions } from '../contributions.ts';

/** So many mistakes are named in a question; the rest is counted. */
const named = 5;

/**
 * Asks the rules about what is to be served. For a mistake that would keep it from answering a person is asked whether to go on,
 * with the first one shown in its editor; a program is thrown `check-failed`. Rules that cannot be asked keep nobody from serving.
 */
export async function refuseMistakes(context: Context, checked: Checked, check: CheckedOptions['check'] = true): Promise<void> {
  const { code, languageServer, log } = context;
  const request = check === false ? undefined : checkRequestOf(checked);
  if (!request) return;
  const found = await languageServer.check(request).catch((error: unknown) => {
    log.warn(`the predictor was not checked: ${String(error)}`);
    return [];
  });
  const anyway = code.l10n.t('serve it all the same with the option "check": false');
  const error = mistakesError(found, { cwd: dirname(request.serving.entrypoint), anyway });
  if (!error) return;
  const errors = found.filter(({ severity }) => severity === 'error');
  await showMistake(context, errors[0]);
  if (check !== 'ask') throw error;
  await askAnyway(context, error.message.split('\n'));
}

async function showMistake({ code }: Context, mistake: Mistake | undefined): Promise<void> {
  if (!mistake) return;
  const { start, end } = mistake.range;
  const selection = new code.Range(start.line, start.character, end.line, end.character);
  await code.window.showTextDocument(code.Uri.file(mistake.file), { selection, preview: true });
}

/** Throws `Cancelled` unless somebody wants it all the same. */
async function askAnyway({ code: { l10n, window } }: Context, mistakes: readonly string[]): Promise<void> {
  const question =
    mistakes.length === 1
      ? l10n.t('A mistake would keep this predictor from answering.')
      : l10n.t('{0} mistakes would keep this predictor from answering.', mistakes.length);
  const more = mistakes.length > named ? [l10n.t('… and {0} more', mistakes.length - named)] : [];
  const detail = [...mistakes.slice(0, named), ...more].join('\n\n');
  await answered(window.showWarningMessage(question, { modal: true, detail }, l10n.t('Serve Anyway')));
}
