import { madeFrom } from '../../runtime/api/environment-parts.ts';
import { SpellError } from '../../runtime/api/errors.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { EnvironmentTarget } from '../contributions.ts';
import { environmentStateWords, environmentUsers } from '../environments/environment-words.ts';
import { environmentIcon } from '../trees/server-appearance.ts';
import { readFor } from './read-for.ts';

/** The Python environment that a command is about: the one it was called with, else the one that somebody picks. */
export async function pickEnvironment(context: Context, title: string, target?: EnvironmentTarget): Promise<EnvironmentTarget> {
  if (target) return target;
  const { code, inventory } = context;
  const { l10n, window } = code;
  await readFor(context, inventory.environments);
  const items = inventory.environments.items.map((each) => ({
    label: madeFrom(each),
    description: [environmentStateWords(l10n, each), environmentUsers(l10n, each)].filter((part) => part !== undefined).join(' · '),
    iconPath: environmentIcon(code, each.state),
    environment: each.id,
  }));
  if (items.length === 0) {
    throw new SpellError(
      'not-found',
      l10n.t('There is no environment.'),
      l10n.t('Model servers with the setting pip, pip-req or conda-file make them.'),
    );
  }
  const placeHolder = l10n.t('Choose an environment');
  return { environment: (await answered(window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))).environment };
}
