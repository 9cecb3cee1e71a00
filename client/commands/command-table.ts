import type { CommandId } from '../contributions.ts';
import type { CommandFunction } from './command.ts';
import { showControlPlaneStatus } from './controlPlane/showStatus.ts';
import { startControlPlane } from './controlPlane/start.ts';
import { restartLanguageServer } from './languageServer/restart.ts';

/** Every command, by its id. The compiler keeps it complete; a test keeps `package.json` equal to it. */
export const commandTable: { readonly [K in CommandId]: CommandFunction<K> } = {
  'spell.controlPlane.start': startControlPlane,
  'spell.controlPlane.showStatus': showControlPlaneStatus,
  'spell.languageServer.restart': restartLanguageServer,
};
