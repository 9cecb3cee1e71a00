import type { Context } from '../../context.ts';
import type { ViewName } from '../../contributions.ts';

/** *Refresh* of a view: reads everything anew. Also the way back after something could not be read. Returns how many there are. */
export function refreshView(view: ViewName): (context: Context) => Promise<number> {
  return async ({ controlPlane, inventory }) => {
    await controlPlane.connect();
    await Promise.all([inventory[view].read(), ...(view === 'resources' ? [inventory.environments.read()] : [])]);
    if (inventory[view].error) throw inventory[view].error;
    return inventory[view].items.length;
  };
}
