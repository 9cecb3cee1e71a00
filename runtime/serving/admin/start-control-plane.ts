import { spawn } from 'node:child_process';
import type { ControlPlaneProgram } from '../gateway-options.ts';

/** Starts a control plane that outlives the gateway and shares nothing with it. `failed` is told why it cannot be started. */
export function startControlPlane({ command, env, cwd }: ControlPlaneProgram, failed: (message: string) => void): void {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: 'ignore' });
  child.on('error', (error) => failed(`cannot start the control plane: ${error.message}`));
  child.unref();
}
