import type { Context } from '../context.ts';
import { readSetting } from '../contributions.ts';

/** With the setting `spell.controlPlane.stopOnExit`: asks the control plane to end with everything. It does so by itself, after the window is gone. */
export async function stopOnExit({ code, controlPlane }: Context): Promise<void> {
  if (!readSetting(code, 'controlPlane.stopOnExit') || controlPlane.context !== 'local') return;
  const client = await controlPlane.current().catch(() => undefined);
  await client?.shutdown({ body: {} }).catch(() => {});
}
