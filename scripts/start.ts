import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { callEndpoint } from '../runtime/api/http/call-endpoint.ts';
import { endpointTrust } from '../runtime/api/http/endpoint-trust.ts';
import type { Status } from '../runtime/api/objects.ts';
import { build } from './build.ts';
import { prepareExample } from './example.ts';
import { root } from './root.ts';
import { spell, spellJson } from './spell.ts';

/**
 * `npm start`: from a fresh clone to a trained model that answers through its endpoint; `-- --once` then stops
 * everything again. State lies in `.spell/` in the checkout, never in the user's own home, unless SPELL_HOME says so.
 */
/** What a person has to write before `npx` to reach this home. */
const inThisHome = process.env.SPELL_HOME ? '' : 'SPELL_HOME=.spell ';
process.env.SPELL_HOME ??= join(root, '.spell');
const once = process.argv.includes('--once');
const ended = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
});

/** What `spell server describe -o json` says, as far as it matters here. */
interface Server {
  state: string;
  url: string;
}

/** The digits server, started from whatever is already there: nothing, a model, a stopped server, a running one. */
async function serveDigits(folder: string): Promise<string> {
  const known = spellJson<Server>(['server', 'describe', 'digits']);
  if (known?.state === 'stopped') spell(['server', 'start', 'digits']);
  else if (known === undefined || known.state === 'failed') {
    if (spellJson(['model', 'describe', 'digits']) === undefined) {
      spell(['upload', join(folder, 'build', 'model'), '--name', 'digits']);
      spell(['model', 'create', 'digits', 'uploads/digits']);
    }
    spell(['server', 'serve', '--from-file', join(folder, 'spell.yaml')]);
  }
  return await running();
}

/** The address of the digits server once it runs: one that an earlier start left is started again with the control plane. */
async function running(): Promise<string> {
  for (let asked = 0; asked < 120; asked++) {
    const server = spellJson<Server>(['server', 'describe', 'digits']);
    if (server?.state === 'running') return server.url;
    await pause(500);
  }
  throw new Error(`the digits server does not get ready: see ${inThisHome}npx --no spell server describe digits`);
}

/** One question to the endpoint, over real HTTP, or HTTPS where this home was told to. */
async function ask(url: string, trust: ConnectionOptions, pixels: number[]): Promise<{ digit: number; probability: number }> {
  const { body } = await callEndpoint(`${url}/predict`, 'POST', Buffer.from(JSON.stringify({ pixels })), trust);
  return JSON.parse(body.toString()) as { digit: number; probability: number };
}

/** Asks every row that the training never saw. Returns how many were read right, from 0 to 1. */
async function score(url: string, trust: ConnectionOptions, folder: string): Promise<number> {
  const rows = JSON.parse(await readFile(join(folder, 'build', 'held-out.json'), 'utf8')) as { pixels: number[]; digit: number }[];
  const first = rows[0];
  if (first === undefined) throw new Error('the example has no held-out rows');
  const answer = await ask(url, trust, first.pixels);
  console.log(`\n  one request       a handwritten ${first.digit} → ${JSON.stringify(answer)}`);
  const answers = await Promise.all(rows.map((row) => ask(url, trust, row.pixels)));
  const right = answers.filter((one, index) => one.digit === rows[index]?.digit).length;
  console.log(`  all held-out rows ${right} of ${rows.length} right (${(right / rows.length).toFixed(3)})`);
  return right / rows.length;
}

async function main(): Promise<void> {
  await build();
  const folder = await prepareExample(join(root, 'examples', 'digits'));
  const url = await serveDigits(folder);
  const certificate = spellJson<Status>(['status'])?.gatewayCertificate;
  const right = await score(url, certificate ? await endpointTrust(certificate.file) : {}, folder);
  if (right < 0.95) throw new Error(`only ${right.toFixed(3)} of the held-out rows were read right, and 0.95 were expected`);
  console.log(`  endpoint          ${url}/predict`);
  const cacert = certificate?.selfSigned ? `--cacert ${certificate.file} ` : '';
  console.log(`  try               curl ${cacert}-d @examples/digits/payload.json ${url}/predict`);
  console.log('  change            edit examples/digits/predictor.py, then');
  console.log(`                    ${inThisHome}npx --no spell server update digits --entrypoint examples/digits/predictor.py`);
  if (once) return;
  console.log(`  stop              Ctrl-C here, or ${inThisHome}npx --no spell down\n`);
  await ended;
}

try {
  await main();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  if (existsSync(join(root, 'dist', 'spell.js'))) spell(['down']);
}
