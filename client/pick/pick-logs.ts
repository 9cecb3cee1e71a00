import type { Context } from '../context.ts';
import type { LogsAbout } from '../contributions.ts';
import type { LogsTarget } from '../logs/messages.ts';
import { pickModelServer, type Wanted } from './pick-model-servers.ts';

/** The log that a command is about: of the model server or pod that it was called with, else of the model server that somebody picks. */
export async function pickLogs(context: Context, wanted: Wanted, target?: LogsAbout): Promise<LogsTarget> {
  const chosen = await pickModelServer(context, wanted, target);
  const pod = target === undefined || target instanceof context.code.Uri ? undefined : target.pod;
  return { ...chosen, ...(pod === undefined ? {} : { pod }) };
}
