import type { Context } from '../../context.ts';
import { type ViewName, views } from '../../contributions.ts';

/** *Filter* of a view: the editor's own filter of a tree, opened there. */
export function filterView(view: ViewName): (context: Context) => Promise<true> {
  return async ({ code }) => {
    await code.commands.executeCommand(`${views[view]}.focus`);
    await code.commands.executeCommand('list.find');
    return true;
  };
}
