import type { Contestant } from '../contestants/contestant.ts';
import { peers } from '../peers/all.ts';
import { asContestant } from '../peers/as-contestant.ts';
import { installed, versions } from '../peers/installed.ts';
import type { Peer } from '../peers/peer.ts';
import { median, type Report } from './report.ts';
import { type Measured, tell } from './rounds.ts';

/** The peers that take part, and those that do not, with the reason. */
export interface Field {
  contestants: Contestant[];
  peers: Peer[];
  versions: Record<string, string>;
  skipped: Record<string, string>;
}

/**
 * Installs the peers that a benchmark wants. One that cannot be installed is left out, and the report says so.
 * `SPELL_BENCH_PEERS=litserve,starlette` chooses some by name, `SPELL_BENCH_PEERS=none` none.
 */
export function peerField(wants: (peer: Peer) => boolean): Field {
  const chosen = process.env.SPELL_BENCH_PEERS?.toLowerCase().split(',');
  const field: Field = { contestants: [], peers: [], versions: {}, skipped: {} };
  for (const peer of peers.filter(wants)) {
    if (chosen && !chosen.some((name) => peer.name.toLowerCase().startsWith(name))) {
      field.skipped[peer.name] = 'not chosen (SPELL_BENCH_PEERS)';
      continue;
    }
    try {
      installed(peer);
      field.versions[peer.name] = versions(peer);
      field.contestants.push(asContestant(peer));
      field.peers.push(peer);
    } catch (error) {
      field.skipped[peer.name] = `cannot be installed: ${(error as Error).message}`;
      tell(`${peer.name} is left out: ${field.skipped[peer.name]}`);
    }
  }
  return field;
}

/** Says which versions of the peers were measured, how they were configured, and who is missing. */
export function tellField(report: Report, field: Field, measured: readonly Measured<unknown>[]): void {
  if (field.peers.length > 0) {
    report.table(
      ['peer', 'versions', 'configuration'],
      field.peers.map((peer) => [peer.name, field.versions[peer.name] ?? '', peer.configuration]),
    );
  }
  tellSteal(report, measured);
  const failed = Object.fromEntries(measured.flatMap(({ name, failure }) => (failure === undefined ? [] : [[name, failure]])));
  for (const [name, reason] of Object.entries(field.skipped)) report.say(`${name} was not measured: ${firstLine(reason)}`);
  for (const [name, reason] of Object.entries(failed)) report.say(`${name} was not measured to the end: ${firstLine(reason)}`);
  report.raw('versions', field.versions);
  report.raw('skipped', { ...field.skipped, ...failed });
}

/** How much of the machine we had: what its host took is neither ours nor a peer's. */
function tellSteal(report: Report, measured: readonly Measured<unknown>[]): void {
  const counted = measured.flatMap(({ stolen }) => stolen);
  const others = measured.flatMap(({ disturbed }) => disturbed);
  if (Math.max(...counted) < 0.005 && others.length === 0) return;
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  report.say(
    `The machine's host took ${percent(median(counted))} of the processors' time (the median; up to ${percent(Math.max(...counted))}). ` +
      `${others.length} more turns, of which it took more, do not count.`,
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
