import type { Context } from '../context.ts';
import type { CommandId, CommandOptions, CommandResult, CommandTarget } from '../contributions.ts';

/**
 * A command: `verbNoun(context, target?, targets?, options?)`. Without a target it asks for one. `targets` holds all that
 * are selected where several can be, and then the first of them is `target`. Whatever `options` answer is not asked.
 *
 * It may throw `Cancelled`; any other error is told to the person, or, where options were given, to the program that called.
 */
export type CommandFunction<K extends CommandId> = (
  context: Context,
  target?: CommandTarget<K>,
  targets?: readonly CommandTarget<K>[],
  options?: CommandOptions<K>,
) => Promise<CommandResult<K>>;
