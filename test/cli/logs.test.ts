import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { LogLine } from '../../runtime/api/objects.ts';
import { maxFileBytes } from '../../runtime/serving/logs/bounded-file.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, spellStub, type TestHome } from '../harness/home.ts';

/** Prints as fast as it can beside its answers, and fails in a way of its own. */
const noisy = `
import sys
import threading

from spell.serving import BasePredictor


def flood(lines):
    for first in range(0, lines, 100):
        print("\\n".join(f"{number} {'x' * 980} {number}" for number in range(first, first + 100)))
    print("flood is over", file=sys.stderr)


class Predictor(BasePredictor):
    def predict(self, payload):
        if payload.get("flood"):
            threading.Thread(target=flood, args=(payload["flood"],)).start()
        return "answered"
`;

const failing = `
from spell.serving import BasePredictor

print("about to fail")


class Predictor(BasePredictor):
    def __init__(self):
        raise OSError("no such device")

    def predict(self, payload):
        return None
`;

const predictor = (word: string, batched: boolean): string => `
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        print("${word}", payload, flush=True)
        return ${batched ? '[None for _ in payload]' : 'None'}
`;

/** Checks that every printed line is whole and that what is missing between two is said there. Returns how many were said to be dropped. */
function checkFlood(printed: readonly LogLine[]): number {
  let next: number | undefined;
  let dropped = 0;
  for (const { text, stream } of printed) {
    const [, count] = /^(\d+) lines? of worker 0's stdout \(.*\) (?:was|were) dropped: the log takes /.exec(text) ?? [];
    if (stream === 'lifecycle' && count !== undefined) {
      dropped += Number(count);
      if (next !== undefined) next += Number(count);
    } else if (stream === 'stdout') {
      const number = Number.parseInt(text, 10);
      assert.equal(text, `${number} ${'x'.repeat(980)} ${number}`);
      assert.equal(number, next ?? number, 'what is missing is said');
      next = number + 1;
    }
  }
  return dropped;
}

describe('which lines of a log', () => {
  let home: TestHome;
  let url: string;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), predictor('first', false));
    url = (await home.ok(['server', 'serve', '--name', 'talker', 'predictor.py'])).trim();
    for (let number = 0; number < 20; number++) await predict(url, number, { 'x-request-id': `one-${number}` });
    await writeFile(join(home.folder, 'predictor.py'), predictor('second', true));
    const batching = ['--max-batch-size', '2', '--request-timeout', '10000'];
    await home.ok(['server', 'update', 'talker', '--entrypoint', 'predictor.py', ...batching]);
    await Promise.all(['a', 'b'].map((id) => predict(url, id, { 'x-request-id': `two-${id}` })));
  });
  after(() => home.close());

  const lines = async (...options: string[]): Promise<string[]> =>
    (await home.json<LogLine[]>(['server', 'logs', 'talker', ...options]))
      .filter(({ stream }) => stream === 'stdout')
      .map(({ text }) => text);

  it('those of a revision, also of one whose pods are gone', async () => {
    assert.equal((await lines('--revision', '1')).length, 20);
    assert.equal((await lines('--revision', '2')).length, 1);
    assert.deepEqual(await lines('--revision', '3'), []);
  });

  it('those that a pattern matches; so many of them as of all', async () => {
    assert.deepEqual(await lines('--grep', '^first 1\\d?$', '--tail', '2'), ['first 18', 'first 19']);
    assert.equal((await lines('--grep', 'first')).length, 20);
  });

  it('those of a request, and of the batch that it was in', async () => {
    assert.deepEqual(await lines('--request', 'one-7'), ['first 7']);
    const [together = ''] = await lines('--request', 'two-b');
    assert.match(together, /^second \['[ab]', '[ab]'\]$/);
    assert.deepEqual(await lines('--request', 'nobody'), []);
  });

  it('what is followed is chosen, too, and begins with what there is', async () => {
    const following = spawn(process.execPath, [spellStub, 'server', 'logs', 'talker', '-f', '--grep', 'second|word', '--tail', '5'], {
      env: { ...process.env, SPELL_HOME: home.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const seen = createInterface({ input: following.stdout as Readable })[Symbol.asyncIterator]();
      assert.match((await seen.next()).value ?? '', /second \[/);
      await Promise.all(['x', 'a word'].map((payload) => predict(url, payload)));
      assert.match((await seen.next()).value ?? '', /a word/);
    } finally {
      following.kill();
    }
  });

  it('of a pod that never got ready what it printed is read afterwards, its traceback in one piece', async () => {
    await writeFile(join(home.folder, 'predictor.py'), failing);
    const failed = await home.spell(['server', 'update', 'talker', '--entrypoint', 'predictor.py']);
    assert.equal(failed.status, 1);
    const printed = await home.json<LogLine[]>(['server', 'logs', 'talker', '--revision', '3', '--tail', '1000']);
    const texts = printed.map(({ text }) => text);
    assert.ok(texts.includes('about to fail'));
    const begin = texts.indexOf('Traceback (most recent call last):');
    const end = texts.indexOf('OSError: no such device', begin);
    assert.ok(begin >= 0 && end > begin, texts.join('\n'));
    assert.ok(texts.slice(begin + 1, end).every((text) => text.startsWith(' ')));
  });

  it('of a flood, as much as there is room for: every line whole, what is dropped counted where it is missing, and answers come meanwhile', async () => {
    await writeFile(join(home.folder, 'noisy.py'), noisy);
    const noisyUrl = (await home.ok(['server', 'serve', '--name', 'noisy', 'noisy.py'])).trim();
    await predict(noisyUrl, { flood: 100_000 });
    await eventually(async () => {
      assert.equal((await predict(noisyUrl, {})).text, 'answered');
      assert.equal((await home.json<LogLine[]>(['server', 'logs', 'noisy', '--grep', '^flood is over'])).length, 1);
    }, 60_000);
    // The last that was dropped is told when that is over for a while.
    await eventually(async () => {
      const dropped = checkFlood(await home.json<LogLine[]>(['server', 'logs', 'noisy', '--since', '1h']));
      assert.ok(dropped > 10_000, `${dropped}`);
    }, 30_000);
    const folder = join(home.home, 'logs', 'pods', 'local', 'noisy');
    const sizes = await Promise.all((await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size));
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 2 * maxFileBytes);
  });

  it('a pattern or a revision that is none is refused', async () => {
    const pattern = await home.spell(['server', 'logs', 'talker', '--grep', '(']);
    assert.equal(pattern.status, 2);
    assert.match(pattern.stderr, /--grep: "\(" is no pattern/);
    const revision = await home.spell(['server', 'logs', 'talker', '--revision', 'last']);
    assert.equal(revision.status, 2);
    assert.match(revision.stderr, /--revision: "last" is no revision/);
  });
});
