import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LogLine } from '../../runtime/api/objects.ts';
import type { DesiredModelServer, LogQuery, Platform, RevisionSpec } from '../../runtime/platform/platform.ts';
import { predict } from '../harness/endpoint.ts';
import { eventually } from '../harness/eventually.ts';
import { answering, measuringPredictor, plainPredictor, putModel, putProject, type Shelf } from './project.ts';
import { Watcher } from './watcher.ts';

/** One place where pods can run, for one test. */
export interface PlatformPlace {
  /** A platform for this place. A second one is opened only after the first was stopped with `keep`. */
  open(): Platform;
  /** What the platform's source of artefacts has. */
  shelf: Shelf;
  /** Fails when anything that ran here is left. */
  close(): Promise<void>;
}

/**
 * What every platform does, whatever carries its pods: run against any {@link Platform} through its interface and its
 * endpoint alone. Nothing here may assume one machine, a shared disk or a process id.
 */
export function platformConformance(name: string, makePlace: () => Promise<PlatformPlace>): void {
  describe(`${name} as a platform`, () => {
    /** A test with a started platform; whatever happens, the platform is stopped and its place is left clean. */
    const conforms = (what: string, body: (stage: Stage) => Promise<void>): void => {
      it(what, async (context: TestContext) => {
        const place = await makePlace();
        const stage = await Stage.at(place);
        context.after(async () => {
          await stage.platform.stop('all');
          await stage.end();
          await place.close();
        });
        await stage.platform.start();
        await body(stage);
      });
    };

    conforms('a revision that is wanted gets ready and answers, with its model at /model', async ({ platform, watcher, place }) => {
      const model = await putModel(place.shelf, 'digits', { 'weights/a.txt': 'forty-two' });
      const spec = await putProject(place.shelf, { settings: answering('first'), models: [model] });
      await platform.apply(serving('echo', 1, { 1: spec }));
      const seen = await watcher.ready('echo', 1);
      assert.equal(seen.failure, null);
      assert.equal(seen.preparing, null);
      assert.match(seen.python ?? '', /python/);
      assert.ok(seen.paths === 'namespace' || seen.paths === 'rewrite');
      assert.equal(seen.pods[0]?.restarts, 0);
      assert.ok((seen.pods[0]?.readyAt ?? '') >= (seen.pods[0]?.createdAt ?? 'z'));
      await watcher.until('revision 1 serves', ({ servers }) => servers[0]?.serving === 1);
      const answer = await predict(`${await watcher.url('echo')}/predict`, { file: '/model/weights/a.txt' });
      assert.deepEqual([answer.status, answer.text], [200, '{"text":"forty-two","answer":"first"}']);
    });

    conforms('several models stand at /model/NAME', async ({ platform, watcher, place }) => {
      const models = [await putModel(place.shelf, 'cat', { 'm.txt': 'meow' }), await putModel(place.shelf, 'dog', { 'm.txt': 'woof' })];
      await platform.apply(serving('pets', 1, { 1: await putProject(place.shelf, { models }) }));
      await watcher.ready('pets', 1);
      for (const [pet, says] of [
        ['cat', 'meow'],
        ['dog', 'woof'],
      ]) {
        const answer = await predict(`${await watcher.url('pets')}/predict`, { file: `/model/${pet}/m.txt` });
        assert.equal(answer.json<{ text: string }>().text, says, answer.text);
      }
    });

    conforms(
      'requests go to the revision that serves, and no request is lost when another one takes over',
      async ({ platform, watcher, place }) => {
        const specs = {
          1: await putProject(place.shelf, { settings: answering('old') }),
          2: await putProject(place.shelf, { settings: answering('new') }),
        };
        await platform.apply(serving('echo', 1, { 1: specs[1] }));
        await watcher.ready('echo', 1);
        await platform.apply(serving('echo', 1, specs));
        await watcher.ready('echo', 2);
        const url = `${await watcher.url('echo')}/predict`;
        assert.equal((await predict(url, {})).json<{ answer: string }>().answer, 'old');

        const answers: { status: number; answer: string | undefined }[] = [];
        let going = true;
        const asking = (async () => {
          while (going) {
            const answer = await predict(url, {});
            answers.push({ status: answer.status, answer: answer.json<{ answer?: string }>().answer });
          }
        })();
        await platform.apply(serving('echo', 2, specs));
        await watcher.until('revision 2 serves', ({ servers }) => servers[0]?.serving === 2);
        assert.equal((await predict(url, {})).json<{ answer: string }>().answer, 'new');
        await platform.apply(serving('echo', 2, { 2: specs[2] }));
        await watcher.gone('echo', 1);
        going = false;
        await asking;
        assert.deepEqual(
          answers.filter(({ status }) => status !== 200),
          [],
        );
        const firstNew = answers.findIndex(({ answer }) => answer === 'new');
        assert.ok(firstNew >= 0 && answers.slice(firstNew).every(({ answer }) => answer === 'new'), 'once it switched, it stays');
      },
    );

    conforms('the number of pods, and of processes in each, is what is wanted', async ({ platform, watcher, place }) => {
      const spec = await putProject(place.shelf, { settings: { 'num-processes': 2 } });
      await platform.apply(serving('many', 1, { 1: spec }, 1));
      const [only] = (await watcher.ready('many', 1)).pods;
      await platform.apply(serving('many', 1, { 1: spec }, 3));
      const three = (await watcher.ready('many', 1, 3)).pods;
      assert.ok(
        three.some(({ id }) => id === only?.id),
        'the first one stays',
      );
      assert.equal(new Set(three.map(({ id }) => id)).size, 3);
      const url = `${await watcher.url('many')}/predict`;
      await eventually(async () => {
        const answers = await Promise.all(Array.from({ length: 60 }, () => predict(url, { seconds: 0.02 })));
        assert.equal(new Set(answers.map((answer) => answer.json<{ pid: number }>().pid)).size, 6);
      }, 10_000);
      await platform.apply(serving('many', 1, { 1: spec }, 1));
      await watcher.ready('many', 1, 1);
      assert.equal((await predict(url, {})).status, 200);
    });

    conforms('a pod that is no longer wanted finishes what it runs', async ({ platform, watcher, place, folder }) => {
      const spec = await putProject(place.shelf, { settings: answering('slow') });
      await platform.apply(serving('drains', 1, { 1: spec }));
      await watcher.ready('drains', 1);
      const begun = join(folder, 'begun');
      const running = predict(`${await watcher.url('drains')}/predict`, { seconds: 1, begun });
      await eventually(() => stat(begun), 5000);
      await platform.apply({ ...serving('drains', null, {}), stopped: true });
      await watcher.revision('drains', 1, 'a draining pod', ({ pods }) => pods.some(({ state }) => state === 'draining'));
      assert.equal((await running).status, 200);
      await watcher.gone('drains', 1);
    });

    conforms(
      'one that is stopped answers 503 and has no pods, and comes back when it is wanted again',
      async ({ platform, watcher, place }) => {
        const spec = await putProject(place.shelf);
        await platform.apply(serving('rests', 1, { 1: spec }));
        await watcher.ready('rests', 1);
        const url = `${await watcher.url('rests')}/predict`;
        await platform.apply({ ...serving('rests', null, {}), stopped: true });
        await watcher.gone('rests', 1);
        const answer = await predict(url, {});
        assert.deepEqual([answer.status, answer.json<{ error: { code: string } }>().error.code], [503, 'stopped']);
        await platform.apply(serving('rests', 1, { 1: spec }));
        await watcher.ready('rests', 1);
        assert.equal((await predict(url, {})).status, 200);
      },
    );

    conforms(
      'a revision that cannot start says why, with the line, and the one that serves goes on',
      async ({ platform, watcher, place }) => {
        const good = await putProject(place.shelf, { settings: answering('good') });
        const bad = await putProject(place.shelf, {
          files: { 'predictor.py': `${plainPredictor}\nprint("on the way down")\nraise RuntimeError("no luck")\n` },
        });
        await platform.apply(serving('mixed', 1, { 1: good }));
        await watcher.ready('mixed', 1);
        await platform.apply(serving('mixed', 1, { 1: good, 2: bad }));
        const { failure } = await watcher.revision('mixed', 2, 'a failure', (seen) => seen.failure !== null);
        assert.match(failure?.message ?? '', /no luck/);
        assert.deepEqual([failure?.file, failure?.line], ['predictor.py', plainPredictor.split('\n').length + 2]);
        assert.ok(
          failure?.log.some((line) => line.includes('on the way down')),
          failure?.log.join('\n'),
        );
        assert.equal((await predict(`${await watcher.url('mixed')}/predict`, {})).json<{ answer: string }>().answer, 'good');
        await platform.apply(serving('mixed', 1, { 1: good }));
        await watcher.gone('mixed', 2);
        await watcher.until('the failed revision is forgotten', ({ servers }) => servers[0]?.revisions.length === 1);
      },
    );

    conforms('artefacts are had by digest: one that is missing is a final failure that names it', async ({ platform, watcher, place }) => {
      const spec = await putProject(place.shelf);
      const unknown = `sha256:${'0'.repeat(64)}`;
      const noCode: RevisionSpec = { ...spec, code: { ...spec.code, manifest: unknown } };
      const noModel: RevisionSpec = { ...spec, models: [{ name: 'lost', version: 'v1', custom: null, manifest: unknown }] };
      await platform.apply(serving('lacking', 1, { 1: noCode, 2: noModel }));
      for (const revision of [1, 2]) {
        const { failure } = await watcher.revision('lacking', revision, 'a final failure', (seen) => seen.failure?.final === true);
        assert.equal(failure?.code, 'missing-content');
        assert.ok(failure?.message.includes(unknown), failure?.message);
        assert.ok(failure?.hint);
      }
      await platform.apply(serving('lacking', 3, { 3: spec }));
      await watcher.ready('lacking', 3);
    });

    conforms(
      'requirements are installed before the first pod, which is shown; ones that cannot be met fail with the reason',
      async ({ platform, watcher, place }) => {
        const requirements = (line: string) => ({
          'pip-req': { file: 'requirements.txt', lines: ['--no-index', '--find-links ./wheels', line] },
        });
        const files = { 'wheels/README': '', 'predictor.py': plainPredictor };
        const good = await putProject(place.shelf, { files, settings: requirements('# nothing more than an environment') });
        await platform.apply(serving('packed', 1, { 1: good }));
        const { preparing } = await watcher.revision('packed', 1, 'it is being prepared', (seen) =>
          /environment/.test(seen.preparing ?? ''),
        );
        assert.match(preparing ?? '', /requirements\.txt/);
        const { pods } = await watcher.ready('packed', 1);
        const bad = await putProject(place.shelf, { files, settings: requirements('no-such-thing==1.0') });
        await platform.apply(serving('packed', 1, { 1: good, 2: bad }));
        const { failure } = await watcher.revision('packed', 2, 'a final failure', (seen) => seen.failure?.final === true);
        assert.equal(failure?.code, 'environment-failed');
        assert.match(failure?.message ?? '', /no-such-thing==1\.0/);
        assert.ok((failure?.log.length ?? 0) > 0);
        assert.deepEqual(
          (await watcher.ready('packed', 1)).pods.map(({ id }) => id),
          pods.map(({ id }) => id),
        );
      },
    );

    conforms('saying the same again changes nothing, and whoever looks later sees everything', async ({ platform, watcher, place }) => {
      const spec = await putProject(place.shelf);
      await platform.apply(serving('same', 1, { 1: spec }, 2));
      await platform.apply(serving('other', 1, { 1: spec }));
      const before = await watcher.ready('same', 1, 2);
      await watcher.ready('other', 1);
      for (let time = 0; time < 3; time++) await platform.apply(serving('same', 1, { 1: structuredClone(spec) }, 2));
      const late = new Watcher(platform);
      try {
        const { servers } = await late.until('both model servers', (observed) => observed.servers.length === 2 && observed);
        assert.deepEqual(servers.map(({ owner, name }) => `${owner}/${name}`).sort(), ['local/other', 'local/same']);
        const after = await late.ready('same', 1, 2);
        assert.deepEqual(
          after.pods.map(({ id, restarts }) => [id, restarts]),
          before.pods.map(({ id, restarts }) => [id, restarts]),
        );
      } finally {
        late.end();
      }
    });

    conforms(
      'a removed model server is gone with its pods, its endpoint and its logs; the name is free again',
      async ({ platform, watcher, place, folder }) => {
        const spec = await putProject(place.shelf, { settings: answering('before') });
        await platform.apply(serving('leaves', 1, { 1: spec }));
        await watcher.ready('leaves', 1);
        const url = `${await watcher.url('leaves')}/predict`;
        const begun = join(folder, 'begun');
        const running = predict(url, { seconds: 0.5, begun });
        await eventually(() => stat(begun), 5000);
        await platform.remove({ owner: 'local', name: 'leaves' });
        await watcher.revision('leaves', 1, 'a draining pod', ({ pods }) => pods.some(({ state }) => state === 'draining'));
        assert.equal((await predict(url, {})).status, 404);
        assert.equal((await running).status, 200);
        await watcher.until('it is not shown any more', ({ servers }) => servers.length === 0);
        await platform.remove({ owner: 'local', name: 'leaves' });
        const logs = { owner: 'local', name: 'leaves' };
        await eventually(async () => assert.deepEqual(await linesOf(platform, logs), []), 5000);
        await platform.apply(serving('leaves', 1, { 1: await putProject(place.shelf, { settings: answering('after') }) }));
        await watcher.ready('leaves', 1);
        assert.equal((await predict(url, {})).json<{ answer: string }>().answer, 'after');
        const lines = await eventually(async () => {
          const found = (await linesOf(platform, logs)).map(({ text }) => text);
          assert.ok(found.includes('loaded after'), found.join('\n'));
          return found;
        }, 5000);
        assert.ok(!lines.includes('loaded before'));
      },
    );

    conforms(
      'logs are lines by pod, in their order; a tail is the last of them; a follower hears what comes until it leaves',
      async ({ platform, watcher, place }) => {
        const chatty = plainPredictor.replace('        return {"answer"', '        print("asked", payload["n"])\n        return {"answer"');
        const spec = await putProject(place.shelf, { files: { 'predictor.py': chatty } });
        await platform.apply(serving('talks', 1, { 1: spec }, 2));
        const { pods } = await watcher.ready('talks', 1, 2);
        const url = `${await watcher.url('talks')}/predict`;
        const key = { owner: 'local', name: 'talks' };
        const asked = async (query: Partial<LogQuery> = {}): Promise<number[]> =>
          (await linesOf(platform, { ...key, ...query }))
            .flatMap(({ text }) => Number(/^asked (\d+)$/.exec(text)?.[1] ?? NaN))
            .filter((n) => !Number.isNaN(n));
        for (let n = 0; n < 5; n++) await predict(url, { n });
        await eventually(async () => assert.deepEqual(await asked(), [0, 1, 2, 3, 4]), 5000);
        assert.deepEqual(await asked({ tail: 2 }), [3, 4]);
        const byPod = await Promise.all(pods.map(({ id }) => linesOf(platform, { ...key, pod: id })));
        for (const [index, lines] of byPod.entries()) {
          assert.ok(lines.some(({ text }) => text === 'loaded plain'));
          assert.deepEqual([...new Set(lines.map(({ pod }) => pod))], [pods[index]?.id]);
        }
        const [third] = (await linesOf(platform, key)).filter(({ text }) => text === 'asked 2');
        assert.deepEqual(await asked({ since: third?.position ?? '' }), [3, 4]);
        const leaving = new AbortController();
        const heard: string[] = [];
        const following = (async () => {
          for await (const { text } of platform.logs({ ...key, follow: true, tail: 1, signal: leaving.signal })) {
            heard.push(text);
            if (text === 'asked 99') leaving.abort();
          }
        })();
        await eventually(() => assert.deepEqual(heard, ['asked 4']), 5000);
        await predict(url, { n: 99 });
        await following;
        assert.deepEqual(heard, ['asked 4', 'asked 99']);
      },
    );

    conforms('what became of requests is counted pod by pod, and the last ones are shown', async ({ platform, watcher, place }) => {
      const key = { owner: 'local', name: 'counts' };
      const nothingYet = await platform.traffic(key);
      assert.ok(nothingYet === null || nothingYet.pods.every(({ answers }) => answers.length === 0));
      const spec = await putProject(place.shelf, { settings: answering('counted') });
      await platform.apply(serving('counts', 1, { 1: spec }, 2));
      const { pods } = await watcher.ready('counts', 1, 2);
      const url = `${await watcher.url('counts')}/predict`;
      const answers = await Promise.all(Array.from({ length: 20 }, () => predict(url, {})));
      assert.ok(answers.every(({ status }) => status === 200));
      const traffic = await platform.traffic(key);
      const counted = traffic?.pods.flatMap(({ pod, answers: each }) => each.map(({ cause, count }) => ({ pod, cause, count }))) ?? [];
      assert.equal(
        counted.reduce((sum, { count }) => sum + count, 0),
        20,
      );
      assert.ok(counted.every(({ pod, cause }) => cause === 'answered' && pods.some(({ id }) => id === pod)));
      const ids = (await platform.requests(key)).map(({ id }) => id);
      assert.deepEqual(ids.sort(), answers.map(({ headers }) => headers.get('x-request-id')).sort());
      assert.deepEqual(await platform.batches(key), []);
    });

    conforms('what a predictor measures itself is told pod by pod, and that there is something before anybody asks', async (stage) => {
      const { platform, watcher, place } = stage;
      const key = { owner: 'local', name: 'measures' };
      const files = { 'predictor.py': measuringPredictor };
      await platform.apply(serving('measures', 1, { 1: await putProject(place.shelf, { files }) }, 2));
      const { pods } = await watcher.ready('measures', 1, 2);
      assert.equal((await platform.traffic(key))?.userMetrics ?? false, false);
      const url = `${await watcher.url('measures')}/predict`;
      await Promise.all(Array.from({ length: 20 }, (_, index) => predict(url, index)));
      await eventually(async () => assert.equal((await platform.traffic(key))?.userMetrics, true), 10_000);
      const told = await platform.userMetrics(key);
      assert.deepEqual(told.map(({ pod }) => pod).sort(), pods.map(({ id }) => id).sort());
      const samples = told.flatMap((each) => each.samples);
      const counts = samples.filter(({ name }) => name === 'asked_total');
      assert.equal(
        counts.reduce((sum, { value }) => sum + value, 0),
        20,
      );
      assert.ok(counts.every(({ type, sentAt }) => type === 'counter' && sentAt === null));
      const sent = samples.filter(({ name }) => name === 'spell:custom:last');
      assert.ok(sent.length > 0 && sent.every(({ type, sentAt }) => type === 'gauge' && sentAt !== null));
    });

    conforms('stopped with `keep` everything serves on, and the next platform takes it over as it is', async (stage) => {
      const { platform, watcher, place } = stage;
      const spec = await putProject(place.shelf, { settings: answering('kept') });
      await platform.apply(serving('stays', 1, { 1: spec }, 2));
      const before = await watcher.ready('stays', 1, 2);
      const url = `${await watcher.url('stays')}/predict`;
      await platform.stop('keep');
      assert.equal((await predict(url, {})).status, 200);

      const next = stage.openNext();
      await next.platform.start();
      assert.equal(await next.watcher.url('stays'), url.slice(0, -'/predict'.length), 'the endpoint is the same');
      const found = await next.watcher.ready('stays', 1, 2);
      assert.deepEqual(found.pods, before.pods);
      await next.platform.apply(serving('stays', 1, { 1: spec }, 2));
      const told = await next.watcher.ready('stays', 1, 2);
      assert.deepEqual(told.pods, before.pods);
      assert.deepEqual([told.python, told.paths], [before.python, before.paths]);
      await next.platform.apply(serving('stays', 1, { 1: spec }, 1));
      await next.watcher.ready('stays', 1, 1);
      assert.equal((await predict(url, {})).json<{ answer: string }>().answer, 'kept');
    });

    conforms('stopped with `all` nothing answers any more', async ({ platform, watcher, place }) => {
      await platform.apply(serving('ends', 1, { 1: await putProject(place.shelf) }, 2));
      await watcher.ready('ends', 1, 2);
      const url = `${await watcher.url('ends')}/predict`;
      await platform.stop('all');
      await assert.rejects(predict(url, {}), { name: 'TypeError' });
      await watcher.until('no endpoint is shown', ({ endpoint }) => endpoint === null);
    });
  });
}

/** A platform in its place, while a test plays on it. */
class Stage {
  readonly place: PlatformPlace;
  platform: Platform;
  watcher: Watcher;
  /** An empty folder for the test's own files. */
  readonly folder: string;

  private constructor(place: PlatformPlace, folder: string) {
    this.place = place;
    this.folder = folder;
    this.platform = place.open();
    this.watcher = new Watcher(this.platform);
  }

  static async at(place: PlatformPlace): Promise<Stage> {
    return new Stage(place, await mkdtemp(join(tmpdir(), 'spell-stage-')));
  }

  /** After the platform was stopped with `keep`. */
  openNext(): this {
    this.watcher.end();
    this.platform = this.place.open();
    this.watcher = new Watcher(this.platform);
    return this;
  }

  async end(): Promise<void> {
    this.watcher.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The desired state of a model server, so many pods for each of its revisions. */
export function serving(name: string, revision: number | null, specs: Record<number, RevisionSpec>, pods = 1): DesiredModelServer {
  const revisions = Object.entries(specs).map(([number, spec]) => ({ revision: Number(number), pods, spec }));
  return { owner: 'local', name, serving: revision, stopped: false, revisions };
}

async function linesOf(platform: Platform, query: LogQuery): Promise<LogLine[]> {
  return Array.fromAsync(platform.logs(query));
}
