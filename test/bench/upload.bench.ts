import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeHome, spellStub } from '../harness/home.ts';
import { endWithUs } from './contestants/program.ts';
import { Report } from './measure/report.ts';
import { quick, rounds, tell } from './measure/rounds.ts';

// What an upload of one large file costs beside `cp` and `sha256sum` of the same file on the same disk, in time and memory; and
// whether a second one of the same content moves any of it. Peaks are `VmHWM` of /proc/PID/status (proc(5); Linux only).

const fileBytes = (quick ? 200 : 2000) * 1e6;
const aboveIdleMiB = 64;
const lookEveryMs = 10;

interface Round {
  copyMs: number;
  hashMs: number;
  uploadMs: number;
  againMs: number;
  /** MiB above what each needs for a tiny upload. */
  spelldMiB: number;
  commandMiB: number;
  /** What the control plane read while the same content was uploaded again. */
  movedMB: number;
}

const home = await makeHome();
endWithUs(home.home);
const file = join(home.folder, 'weights.bin');
const measured: Round[] = [];
try {
  await upload(spellStub, 'tiny');
  const idleMiB = clearPeak(spelld());
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    await writeFresh(file);
    measured.push(await measure(round, idleMiB));
    const { copyMs, hashMs, uploadMs } = measured.at(-1) as Round;
    tell(`cp ${Math.round(copyMs)} ms, sha256sum ${Math.round(hashMs)} ms, spell upload ${Math.round(uploadMs)} ms`);
  }
} finally {
  await home.close();
}

const report = new Report('upload');
const megabytes = fileBytes / 1e6;
report.say(
  `One file of ${megabytes} MB, fresh in each round. \`spell upload\` hashes it, sends it, and is done when it is on the disk (fsync); \`cp\` is not asked for that.`,
);
report.table(
  ['', 'cp, MB/s', 'sha256sum, MB/s', 'spell upload, MB/s', 'the same content again, ms'],
  measured.map(({ copyMs, hashMs, uploadMs, againMs }, index) => [
    `round ${index + 1}`,
    ...[copyMs, hashMs, uploadMs].map((ms) => megabytes / (ms / 1000)),
    againMs,
  ]),
);
report.figure(
  'speed beside cp and then sha256sum',
  '',
  measured.map(({ copyMs, hashMs, uploadMs }) => (copyMs + hashMs) / uploadMs),
  { atLeast: 0.5 },
);
report.figure(
  'peak of the control plane above a tiny upload',
  'MiB',
  measured.map(({ spelldMiB }) => spelldMiB),
  { atMost: aboveIdleMiB },
);
report.figure(
  'peak of the command above a tiny upload',
  'MiB',
  measured.map(({ commandMiB }) => commandMiB),
  { atMost: aboveIdleMiB },
);
report.figure(
  'moved when the same content is uploaded again',
  'MB',
  measured.map(({ movedMB }) => movedMB),
  { atMost: 1 },
);
report.raw('rounds', measured);
report.finish();

async function measure(round: number, idleMiB: number): Promise<Round> {
  const copy = `${file}.copy`;
  const copyMs = timed('cp', [file, copy]);
  const hashMs = timed('sha256sum', [file]);
  await rm(copy);
  const pid = spelld();
  const tiny = await upload(spellStub, `tiny-${round}`);
  clearPeak(pid);
  const first = await upload(file, `large-${round}`);
  const spelldMiB = peakMiB(pid) - idleMiB;
  const before = readBytes(pid);
  const again = await upload(file, `again-${round}`);
  const movedMB = (readBytes(pid) - before) / 1e6;
  return { copyMs, hashMs, uploadMs: first.ms, againMs: again.ms, spelldMiB, commandMiB: first.peakMiB - tiny.peakMiB, movedMB };
}

function spelld(): number {
  const { processes } = JSON.parse(readFileSync(join(home.home, 'spelld.json'), 'utf8')) as { processes: { spelld: number } };
  return processes.spelld;
}

/** From here on the peak of a process is that of what it does from here on (proc(5), clear_refs). Returns what it has now, in MiB. */
function clearPeak(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return peakMiB(pid);
}

/** Runs the real command; how long it took, and the most memory it had. */
async function upload(path: string, name: string): Promise<{ ms: number; peakMiB: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [spellStub, 'upload', path, '--name', name, '--quiet'], {
    env: { ...process.env, SPELL_HOME: home.home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  let ended: { status: number | null; ms: number } | undefined;
  child.on('exit', (status) => {
    ended = { status, ms: performance.now() - began };
  });
  while (!ended) {
    peak = Math.max(peak, peakMiB(child.pid ?? 0));
    await pause(lookEveryMs);
  }
  if (ended.status !== 0) throw new Error(`spell upload ended with ${ended.status}`);
  return { ms: ended.ms, peakMiB: peak };
}

function timed(command: string, args: string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}

/** The most that was ever resident, in MiB; 0 for a process that has ended. */
function peakMiB(pid: number): number {
  try {
    return Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** What a process has read, from files and sockets alike. */
function readBytes(pid: number): number {
  return Number(/^rchar: ([0-9]+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** Bytes that no content has yet, and that no disk makes smaller. */
async function writeFresh(path: string): Promise<void> {
  const block = randomBytes(4 * 1e6);
  const handle = await open(path, 'w');
  for (let at = 0; at < fileBytes; at += block.length) {
    randomBytes(64).copy(block);
    await handle.write(block);
  }
  await handle.sync();
  await handle.close();
}
