import type { ModelServer } from '../../../api/objects.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../terminal/json.ts';

/** The last words of `serve`, `update`, `start` and `rollback`: the predict URL alone, or the object of `describe`. */
export function showServed(context: Context, servers: readonly ModelServer[]): void {
  for (const { scaling } of servers) if (scaling?.notice) context.terminal.say(`note: ${scaling.notice}`);
  if (context.output === 'json') printJson(context, servers.length === 1 ? servers[0] : servers);
  else for (const { url } of servers) context.terminal.print(`${url}/predict`);
}
