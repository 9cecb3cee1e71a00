import { SpellError } from '../../../api/errors.ts';
import type { Command } from '../../command.ts';

/** A verb that only a cluster can carry out. On the contexts there are it says so, whatever it is called with. */
export function needsCluster(name: string, summary: string): Command {
  return {
    name,
    summary: `${summary} (needs a Kubernetes context)`,
    example: `spell ${name}`,
    takesAnything: true,
    run: async ({ controlPlane: { context } }) => {
      throw new SpellError(
        'needs-cluster',
        `\`spell ${name}\` needs a Kubernetes context, and ${JSON.stringify(context)} is a single machine`,
        'on this machine there is nothing to set up: every model server runs in the node group `default`',
      );
    },
  };
}
