import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { textLines } from '../../api/http/text-lines.ts';
import { processMarks } from '../../api/processes.ts';
import type { GatewayOptions, GatewayReadiness } from '../../serving/gateway-options.ts';

const readyWithinMs = 15_000;

const readiness: z.ZodMiniType<GatewayReadiness> = z.union([
  z.object({ ready: z.object({ pid: z.int(), url: z.string() }) }),
  z.object({
    error: z.object({ code: z.enum(['port-taken', 'bad-certificate', 'in-use', 'start-failed']), message: z.string(), hint: z.string() }),
  }),
]);

export interface GatewayStart {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>;
  options: GatewayOptions;
}

/**
 * Starts a gateway in a session of its own, so that it outlives us, and waits for its word. What it prints itself (only
 * in great distress: it has a log) goes into its log file, never through a pipe of ours that could break. Not through
 * execa, which is made for children that one waits for.
 */
export async function startGateway({ command: [file, ...args], env, options }: GatewayStart): Promise<GatewayReadiness> {
  await using log = await open(options.logFile, 'a', 0o600);
  const child = spawn(file, args, {
    cwd: options.home,
    env: { ...env, [processMarks.program]: 'gateway' },
    detached: true,
    stdio: ['pipe', log.fd, log.fd, 'pipe'],
    windowsHide: true,
  });
  const failed = (why: string): GatewayReadiness => ({
    error: { code: 'start-failed', message: `the gateway did not start: ${why}`, hint: `its log is ${options.logFile}` },
  });
  try {
    const line = await Promise.race([firstWord(child, JSON.stringify(options)), startError(child)]);
    if (line !== undefined) return readiness.parse(JSON.parse(line));
    child.kill('SIGKILL');
    return failed(`it said nothing, and was given ${readyWithinMs / 1000} s`);
  } catch (error) {
    child.kill('SIGKILL');
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    child.unref();
  }
}

async function firstWord(child: ChildProcess, input: string): Promise<string | undefined> {
  const told = child.stdio[3] as Readable;
  // Whoever ends before reading says so by saying nothing on the other pipe.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const timer = setTimeout(() => told.destroy(), readyWithinMs);
  try {
    for await (const line of textLines(told)) return line;
  } catch {
    // Destroyed because the time was over.
  } finally {
    clearTimeout(timer);
    told.destroy();
  }
  return undefined;
}

function startError(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => child.once('error', reject));
}
