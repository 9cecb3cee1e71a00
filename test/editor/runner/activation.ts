import childProcess from 'node:child_process';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';

/** What it took to activate an extension. */
export interface Activation {
  /** CPU time of the extension host's own thread meanwhile, in milliseconds: loading the bundle, `activate`, and telling the window of it. */
  cpuMs: number;
  /** The calls of files, sockets and processes that were made before `activate` returned, with the place that made them. */
  io: string[];
}

const modules: Record<string, object> = { fs, 'fs/promises': fs.promises, net, http, dns, child_process: childProcess };

/** Activates an extension that is not active yet. */
export async function measureActivation(id: string): Promise<Activation> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension || extension.isActive) throw new Error(`${id} is ${extension ? 'active already' : 'not there'}`);
  const io: string[] = [];
  const restore = Object.entries(modules).flatMap(([name, module]) => watchCalls(name, module, io));
  await calm();
  const before = process.threadCpuUsage();
  try {
    await extension.activate();
    const { user, system } = process.threadCpuUsage(before);
    return { cpuMs: (user + system) / 1000, io };
  } finally {
    for (const each of restore) each();
  }
}

/** How much of a moment a thread that has nothing to do spends. */
const calmMs = { moment: 300, spent: 5, atMost: 20_000 };

/** Waits until the other extensions of a window that has just come are done with their own start. */
async function calm(): Promise<void> {
  const deadline = performance.now() + calmMs.atMost;
  for (let spent = Number.POSITIVE_INFINITY; spent > calmMs.spent && performance.now() < deadline; ) {
    const before = process.threadCpuUsage();
    await pause(calmMs.moment);
    const { user, system } = process.threadCpuUsage(before);
    spent = (user + system) / 1000;
  }
}

/** Notes each call of a module's functions that comes from within `activate`. */
function watchCalls(name: string, module: object, io: string[]): (() => void)[] {
  const functions = Object.entries(module).filter(([key, value]) => typeof value === 'function' && /^[a-z]/.test(key));
  return functions.map(([key, original]: [string, (...args: unknown[]) => unknown]) => {
    Reflect.set(module, key, function (this: unknown, ...args: unknown[]) {
      const place = placeInActivate();
      if (place !== undefined) io.push(`${name}.${key} ${place}`);
      return Reflect.apply(original, this, args);
    });
    return () => void Reflect.set(module, key, original);
  });
}

/** Where a call comes from, if `activate` of our bundle is on the stack: what it left for later is not. */
function placeInActivate(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const lines = new Error().stack?.split('\n') ?? [];
  Error.stackTraceLimit = limit;
  const ours = lines.filter((line) => /dist[\\/]extension\.cjs/.test(line));
  return ours.some((line) => /\bactivate\b/.test(line)) ? ours[0]?.trim() : undefined;
}
