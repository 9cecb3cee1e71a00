import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, findControlPlane } from '../../runtime/api/connect/find.ts';
import { SpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { UpdateRequest } from '../../runtime/api/objects.ts';
import { sendContents } from '../../runtime/api/project/send-contents.ts';
import { takeSnapshot } from '../../runtime/api/project/snapshot.ts';
import { digestFiles, type TreeFile, toManifest } from '../../runtime/api/project/tree.ts';
import { planUpload } from '../../runtime/api/project/upload-tree.ts';
import { seededRandom } from '../../runtime/api/testing/random.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';
import { processesOfHome } from '../harness/processes.ts';
import { makeWheel } from '../harness/wheel.ts';

// spelld is killed again and again, at moments that a seed decides. With each of its lives an upload and an update begin, and in each
// round a new environment and a scale-up, which take several lives. Whoever asked goes on asking until the answer is yes, as a
// person would. SPELL_KILLS says how often it is killed, SPELL_SEED at which moments.

const kills = Number(process.env.SPELL_KILLS ?? 30);
const seed = Number(process.env.SPELL_SEED ?? 1);
const killsARound = 10;
/** How long it lives at most once it answers: what begins with a life takes about as long. */
const longestLifeMs = 500;
/** How often it is killed before it answers. */
const killedAsItStarts = 0.15;
/** When it starts it is killed within this. */
const longestStartMs = 400;
const allEndWithinMs = 90_000;

const answering = (value: string): string => `
from importlib.metadata import distributions
from spell.serving import BasePredictor

answer = ${value}


class Predictor(BasePredictor):
    def predict(self, payload):
        return answer
`;

/** Looked up once: that reads the description of every package. */
const versionOfThing = 'next((each.version for each in distributions() if each.metadata["Name"] == "thing"), "none")';

describe(`SIGKILL of spelld at ${kills} moments (seed ${seed})`, () => {
  const random = seededRandom(seed);
  let home: TestHome;
  let urls: Record<'rolled' | 'packed' | 'scaled', string>;
  const at = (...path: string[]): string => join(home.folder, ...path);

  before(async () => {
    home = await makeHome();
    for (const name of ['rolled', 'packed', 'scaled', 'wheels']) await mkdir(at(name));
    await writeFile(at('rolled', 'predictor.py'), answering('"none"'));
    await writeFile(at('packed', 'predictor.py'), answering(versionOfThing));
    await writeFile(at('scaled', 'predictor.py'), answering('"none"'));
    const serve = async (name: string, ...options: string[]): Promise<string> =>
      (await home.ok(['server', 'serve', '--name', name, at(name, 'predictor.py'), ...options])).trim();
    urls = {
      rolled: await serve('rolled'),
      packed: await serve('packed'),
      scaled: await serve('scaled', '--target-requests-per-second', '2', '--max-pods', '1'),
    };
  });
  after(() => home.close());

  for (let round = 1; round <= Math.ceil(kills / killsARound); round++) {
    it(`round ${round}: each of the four is done, none half; nothing that was acknowledged is lost, and every request is answered`, async () => {
      const loads = Object.values(urls).map((url) => startLoad(url, {}, 15));
      try {
        await runRound(round, Math.min(killsARound, kills - (round - 1) * killsARound));
      } finally {
        await Promise.all(loads.map((load) => load.stop()));
      }
      for (const { samples } of loads) assert.deepEqual(samples.filter(({ status }) => status !== 200).slice(0, 5), []);
    });
  }

  it('the numbers of events have neither gaps nor repetitions, and no state was found damaged', async () => {
    const events = await home.json<SpellEvent[]>(['events', '--since', '0']);
    const first = events[0]?.seq ?? 0;
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => first + index),
    );
    assert.deepEqual(
      events.filter(({ message }) => /damaged|failed|gave up/.test(message)).map(({ type, message }) => `${type}: ${message}`),
      [],
    );
  });

  async function runRound(round: number, count: number): Promise<void> {
    const pods = round % 2 === 1 ? 2 : 1;
    const slow = Promise.all([update('packed', () => packed(round)), update('scaled', async () => ({ settings: { 'max-pods': pods } }))]);
    const uploads: Promise<TreeFile[]>[] = [];
    let updates = Promise.resolve();
    for (let kill = 1; kill <= count; kill++) {
      uploads.push(upload(`u-${round}-${kill}`));
      updates = updates.then(() => update('rolled', (client) => rolled(client, `${round}-${kill}`)));
      if (random() > killedAsItStarts) {
        (await findSpelld()).client.close();
        await pause(random() * longestLifeMs);
      } else await pause(random() * longestStartMs);
      process.kill(await pidOfSpelld(), 'SIGKILL');
    }
    const [sent] = await Promise.all([Promise.all(uploads), updates, slow]);
    await withSpelld(async (client) => {
      await eventually(() => checkServers(client, pods), allEndWithinMs);
      for (const [index, files] of sent.entries()) await checkUpload(client, `u-${round}-${index + 1}`, files);
    });
    const answers = await Promise.all([predict(urls.rolled, {}), predict(urls.packed, {})]);
    assert.deepEqual(
      answers.map(({ text }) => text),
      [`${round}-${count}`, `${round}.0`],
    );
    await checkNothingHalf();
    await home.ok(['cp', `uploads/u-${round}-1`, `back-${round}`]);
    for (const { path, source } of sent[0] ?? []) assert.deepEqual(await readFile(at(`back-${round}`, path)), await readFile(source), path);
  }

  async function checkServers(client: Client, pods: number): Promise<void> {
    for (const [name, count] of Object.entries({ rolled: 1, packed: 1, scaled: pods })) {
      const { state, rollout, pods: seen } = await client.describeModelServer({ owner: 'local', name });
      assert.deepEqual([name, state, rollout?.state, rollout?.reason], [name, 'running', 'complete', null]);
      assert.deepEqual([name, seen], [name, { ready: count, total: count }]);
    }
  }

  const rolled = async (client: Client, answer: string): Promise<UpdateRequest> => ({
    code: await code(client, 'rolled', answering(JSON.stringify(answer))),
  });

  /** A new environment, of a wheel that no other round has. */
  async function packed(round: number): Promise<UpdateRequest> {
    makeWheel(at('wheels'), 'thing', `${round}.0`);
    return { settings: { 'pip-req': { file: 'r.txt', lines: ['--no-index', `--find-links ${at('wheels')}`, `thing==${round}.0`] } } };
  }

  /** Sends a folder, as `spell upload` does; its files with their digests. */
  async function upload(name: string): Promise<TreeFile[]> {
    await mkdir(at(name));
    for (let file = 0; file < 10; file++) await writeFile(at(name, `${file}.bin`), randomBytes(100_000));
    const files = await digestFiles((await planUpload(at(name))).files);
    await untilAcknowledged(async (client) => {
      await sendContents(client, files);
      await client.createUpload({ body: { name, files: toManifest(files) } });
    });
    return files;
  }

  async function update(name: string, body: (client: Client) => Promise<UpdateRequest>): Promise<void> {
    await untilAcknowledged(async (client) => client.update({ owner: 'local', name, body: await body(client) }));
  }

  async function code(client: Client, name: string, predictor: string): Promise<UpdateRequest['code']> {
    await writeFile(at(name, 'predictor.py'), predictor);
    const snapshot = await takeSnapshot({ entrypoint: at(name, 'predictor.py'), home: home.home });
    await sendContents(client, snapshot.files);
    return snapshot.code;
  }

  /** Asks whichever control plane is there, until one says yes. What is refused for another reason than its death is a failure. */
  async function untilAcknowledged(ask: (client: Client) => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        return await withSpelld(ask);
      } catch (error) {
        if (!(error instanceof SpellError && error.code === 'unreachable')) throw error;
      }
    }
  }

  async function withSpelld(use: (client: Client) => Promise<unknown>): Promise<void> {
    const { client } = await findSpelld();
    try {
      await use(client);
    } finally {
      client.close();
    }
  }

  function findSpelld(): Promise<Connection> {
    return eventually(async () => {
      const found = await findControlPlane(home.home);
      assert.ok(found);
      return found;
    }, allEndWithinMs);
  }

  /** Found by what runs and not by its file, which it writes when it has started. */
  function pidOfSpelld(): Promise<number> {
    return eventually(async () => {
      const spelld = (await processesOfHome(home.home)).find(({ command }) => /spelld\.js/.test(command));
      assert.ok(spelld);
      return spelld.pid;
    }, allEndWithinMs);
  }

  async function checkUpload(client: Client, name: string, sent: readonly TreeFile[]): Promise<void> {
    const { entries } = await client.describeResource({ kind: 'uploads', name });
    assert.deepEqual(entries.map(({ path, digest }) => [path, digest]).sort(), sent.map(({ path, digest }) => [path, digest]).sort());
    assert.deepEqual(await client.missingContents({ body: { digests: sent.map(({ digest }) => digest) } }), { missing: [] });
  }

  async function checkNothingHalf(): Promise<void> {
    const half = await Array.fromAsync(glob(['contents/incoming/*', '**/*.new', '**/*.tmp'], { cwd: home.home }));
    assert.deepEqual(half, []);
    const tools = (await processesOfHome(home.home)).filter(({ command }) => / pip|pip\.whl|venv/.test(command));
    assert.deepEqual(tools, [], 'no installer is left');
  }
});
