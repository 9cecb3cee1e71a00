import { SpellError } from '../../../runtime/api/errors.ts';
import type { Context } from '../../context.ts';
import type { ContextOptions } from '../../contributions.ts';
import type { RemoteContext } from '../../control-plane/control-plane.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Switch Context*: chooses the control plane of this machine, or the one that `SPELL_API_URL` names. Returns the context's name. */
export async function switchContext(
  { code, controlPlane }: Context,
  _target?: never,
  _targets?: readonly never[],
  { context }: ContextOptions = {},
): Promise<string> {
  const { window, l10n } = code;
  const remote = remoteContext(process.env);
  const items = [
    { label: 'local', description: l10n.t('this machine: {0}', controlPlane.home) },
    ...(remote ? [{ label: remote.name, description: 'SPELL_API_URL' }] : []),
  ];
  const placeHolder = remote ? '' : l10n.t('SPELL_API_URL with SPELL_TOKEN, set where the editor was started, names another one');
  const name = context ?? (await answered(window.showQuickPick(items, { title: l10n.t('Switch context'), placeHolder }))).label;
  if (!items.some(({ label }) => label === name)) {
    const known = items.map(({ label }) => label).join(', ');
    throw new SpellError('not-found', `there is no context ${JSON.stringify(name)}`, `the contexts are: ${known}`);
  }
  await controlPlane.switchTo(name === 'local' ? undefined : remote);
  return name;
}

function remoteContext({ SPELL_API_URL: url, SPELL_TOKEN: token }: NodeJS.ProcessEnv): RemoteContext | undefined {
  return url ? { name: URL.canParse(url) ? new URL(url).host : url, url, token } : undefined;
}
