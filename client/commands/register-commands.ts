import type * as vscode from 'vscode';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { Context, Contribution } from '../context.ts';
import type { CommandId } from '../contributions.ts';
import { Cancelled } from './cancelled.ts';
import type { CommandFunction } from './command.ts';
import { commandTable } from './command-table.ts';
import { showFailure } from './show-failure.ts';

type AnyCommand = (context: Context, target?: unknown, targets?: readonly unknown[], options?: object) => Promise<unknown>;

/** Every command of the table, from the first moment on. */
export const registerCommands: Contribution = {
  register(context) {
    const registered = Object.entries(commandTable).map(([id, command]) =>
      registerCommand(context, id as CommandId, command as AnyCommand),
    );
    return { dispose: () => registered.forEach((each) => void each.dispose()) };
  },
};

function registerCommand(context: Context, id: CommandId, command: AnyCommand | CommandFunction<CommandId>): vscode.Disposable {
  return context.code.commands.registerCommand(id, async (target?: unknown, second?: unknown) => {
    const call = readArguments(target, second);
    try {
      return await (command as AnyCommand)(context, call.target, call.targets, call.options);
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      // A program that answers questions beforehand also wants to know what came of it.
      if (call.options) throw error;
      context.log.error(`${id}: ${asSpellError(error).message}`);
      void showFailure(context, error);
      return undefined;
    }
  });
}

/**
 * What the editor and programs call commands with: a tree's `(node, selected nodes)`, an explorer's `(uri, uris)`, an
 * editor title's `(uri, { groupId })`, and ours, `(target, options)`, in which the target may be left out by `undefined`.
 */
function readArguments(target: unknown, second: unknown): { target?: unknown; targets?: readonly unknown[]; options?: object } {
  const targets = Array.isArray(second) && second.length > 0 ? second : target === undefined ? undefined : [target];
  const isOptions = typeof second === 'object' && second !== null && !Array.isArray(second) && !('groupId' in second);
  return {
    ...(target === undefined ? {} : { target }),
    ...(targets === undefined ? {} : { targets }),
    ...(isOptions ? { options: second } : {}),
  };
}
