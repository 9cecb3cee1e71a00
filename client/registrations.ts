import { registerCommands } from './commands/register-commands.ts';
import type { Contribution } from './context.ts';
import { observeControlPlane } from './control-plane/observe.ts';
import { runLanguageServer } from './language-server/run.ts';

/** All parts of the extension, in the order in which they are registered. */
export const contributions: readonly Contribution[] = [registerCommands, runLanguageServer, observeControlPlane];
