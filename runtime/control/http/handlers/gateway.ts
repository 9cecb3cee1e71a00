import { SpellError } from '../../../api/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Handlers } from '../handlers.ts';

export function gatewayHandlers(platform: Platform): Pick<Handlers, 'replaceGateway'> {
  return {
    replaceGateway: async () => {
      if (!platform.replaceGateway) {
        const hint = 'an update of its image rolls it out';
        throw new SpellError('conflict', `the platform ${platform.name} has no gateway that outlives an update`, hint);
      }
      await platform.replaceGateway();
      return null;
    },
  };
}
