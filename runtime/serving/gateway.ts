import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { startControlPlane } from './admin/start-control-plane.ts';
import { systemClock } from './clock.ts';
import type { GatewayOptions, GatewayReadiness } from './gateway-options.ts';
import { BoundedFile } from './logs/bounded-file.ts';
import { unconfined } from './pool/confinement.ts';
import { workerSpawner } from './pool/worker-process.ts';
import { type GatewayParts, GatewayStartError, startGateway } from './running-gateway.ts';

/** Where the starter waits for one line. */
const readinessDescriptor = 3;

/** Says how the machine that it runs on keeps pods within their limits, and what it has for them. */
export type Confine = (
  options: GatewayOptions,
  log: (message: string) => void,
) => Promise<Pick<GatewayParts, 'confinement' | 'limits' | 'gpus'>>;

/**
 * The gateway's process (`gateway-options.ts` says how it is started). Ends with status 0 when it was stopped. Where it runs
 * without a `confine`, something else keeps the limits of its pods.
 */
export async function runGateway(
  confine: Confine = async () => ({ confinement: unconfined, limits: null, gpus: Promise.resolve(0) }),
): Promise<void> {
  const options = JSON.parse(readFileSync(0, 'utf8')) as GatewayOptions;
  mkdirSync(dirname(options.logFile), { recursive: true });
  const logFile = new BoundedFile(options.logFile, systemClock, (count) => `${count} lines were dropped`);
  const log = (message: string): void => logFile.append(`${new Date().toISOString()} [${process.pid}] ${message}`);
  process.on('uncaughtExceptionMonitor', (error) => {
    log(`fatal: ${error.stack ?? error.message}`);
    logFile.flushSync();
  });
  try {
    const machine = await confine(options, log);
    const gateway = await startGateway(options, {
      clock: systemClock,
      ...machine,
      spawn: workerSpawner(dirname(options.adminSocket), systemClock),
      startControlPlane: (program) => startControlPlane(program, log),
      podSuffix: () => randomBytes(4).readUInt32LE().toString(36).padStart(5, '0').slice(-5),
      log,
    });
    process.on('SIGTERM', gateway.stop);
    process.on('SIGHUP', () => {});
    log(`${options.version} listens at ${gateway.url}`);
    announce({ ready: { pid: process.pid, url: gateway.url } });
    await gateway.stopped;
    log('stopped');
    await logFile.close();
    process.exit(0);
  } catch (error) {
    const { code, message, hint } =
      error instanceof GatewayStartError
        ? error
        : {
            code: 'start-failed' as const,
            message: error instanceof Error ? error.message : String(error),
            hint: `see ${options.logFile}`,
          };
    log(`cannot start: ${message}`);
    await logFile.close();
    announce({ error: { code, message, hint } });
    process.exit(1);
  }
}

/** Tells the starter. Started by hand, the descriptor is nobody's, or something of Node's own: then nothing is written. */
function announce(readiness: GatewayReadiness): void {
  try {
    const stat = fstatSync(readinessDescriptor);
    if (!stat.isFIFO() && !stat.isSocket()) return;
    writeSync(readinessDescriptor, `${JSON.stringify(readiness)}\n`);
    closeSync(readinessDescriptor);
  } catch {
    // The starter is gone; it was its own question.
  }
}
