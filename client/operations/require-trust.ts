import { SpellError } from '../../runtime/api/errors.ts';
import type { Context } from '../context.ts';

/** Throws `forbidden`, with `what` cannot be, while the window is in restricted mode. */
export function requireTrust({ code: { l10n, workspace } }: Pick<Context, 'code'>, what: string): void {
  if (workspace.isTrusted) return;
  throw new SpellError('forbidden', what, l10n.t('Trust the folder first: the command "Workspaces: Manage Workspace Trust".'));
}
