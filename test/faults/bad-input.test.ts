import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { request } from '../harness/endpoint.ts';
import { type Ended, makeHome, type RunOptions, type TestHome } from '../harness/home.ts';

// What people get wrong, each through the surface where they would: the status, the value that is named, and a next step.

const good = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

describe('bad input to the command', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), good);
  });
  after(() => home.close());

  /** Runs a verb that must fail, saying `error:` and `hint:`, with this status and these words. */
  async function refused(status: number, says: RegExp, args: string[], options?: RunOptions): Promise<Ended> {
    const ended = await home.spell(args, options);
    assert.equal(ended.status, status, `spell ${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    assert.match(ended.stderr, /^error: .+$/m);
    assert.match(ended.stderr, /^hint: .+$/m);
    assert.match(ended.stderr, says);
    assert.doesNotMatch(ended.stderr, /\n {4}at /, 'a stack trace is no error message');
    return ended;
  }

  it('names nothing there is: 3, with the name', async () => {
    await refused(3, /nowhere/, ['server', 'describe', 'nowhere']);
    await refused(3, /nomodel/, ['server', 'serve', 'nomodel', 'predictor.py']);
    await refused(3, /uploads\/none/, ['model', 'create', 'm', 'uploads/none']);
    await mkdir(join(home.folder, 'weights'));
    await writeFile(join(home.folder, 'weights', 'w.bin'), 'w');
    await home.ok(['upload', 'weights']);
    await home.ok(['model', 'create', 'm', 'uploads/weights']);
    await refused(3, /v7/, ['server', 'serve', 'm:v7', 'predictor.py']);
    await refused(3, /w\.bim/, ['model', 'create', 'm', 'uploads/weights', '--file', 'w.bim']);
  });

  it('an unknown command, option or value: 2, with what was meant', async () => {
    await refused(2, /serve/, ['server', 'serv']);
    await refused(2, /--min-pods/, ['server', 'serve', '--min-pod', '2', 'predictor.py']);
    await refused(2, /min-pods.*"two"|"two".*min-pods/, ['server', 'serve', '--name', 'x', '--min-pods', 'two', 'predictor.py']);
    await refused(2, /--entrypoint/, ['server', 'update', 'x']);
  });

  it('a question without a terminal: 2, naming --yes', async () => {
    await refused(2, /--yes/, ['model', 'rm', 'm']);
  });

  it('with -o json the error is one object on stderr', async () => {
    const ended = await home.spell(['server', 'describe', 'nowhere', '-o', 'json']);
    assert.equal(ended.status, 3);
    assert.equal(ended.stdout, '');
    const { error } = JSON.parse(ended.stderr) as { error: { code: string; message: string; hint: string } };
    assert.equal(error.code, 'not-found');
    assert.ok(error.message && error.hint);
  });

  it('an entrypoint that is missing', async () => {
    await refused(2, /predictr\.py/, ['server', 'serve', '--name', 'x', 'predictr.py']);
  });

  for (const [how, code, says] of [
    ['has a syntax error', 'def broken(:\n', /entry\.py(:|, line )1\b/],
    ['raises on import', 'import no_such_module\n', /no_such_module/],
    ['has no predictor', 'x = 1\n', /BasePredictor/],
    ['has several predictors', good.replace('Predictor(', 'First(') + good.replace('Predictor(', 'Second('), /First.*Second/],
    ['has no predict', good.replace('predict(', 'predicts('), /predict/],
  ] as const) {
    it(`an entrypoint that ${how}: the rollout fails, and the reason and the log are kept`, async () => {
      const folder = join(home.folder, how.replaceAll(' ', '-'));
      await mkdir(folder);
      await writeFile(join(folder, 'entry.py'), code);
      await refused(1, says, ['server', 'serve', '--no-check', '--name', 'broken', join(folder, 'entry.py')]);
      const described = await home.json<{ state: string; reason: string }>(['server', 'describe', 'broken']);
      assert.equal(described.state, 'failed');
      assert.match(described.reason, says);
    });
  }

  it("a requirement that cannot be installed: pip's own words", async () => {
    await refused(1, /no-such-requirement-here/, [
      'server',
      'serve',
      '--name',
      'needs',
      '--pip',
      './no-such-requirement-here.whl',
      'predictor.py',
    ]);
  });

  it('a configuration that is no mapping, or has a key that __init__ does not take', async () => {
    await writeFile(join(home.folder, 'list.yaml'), '- 1\n');
    await refused(2, /list\.yaml/, ['server', 'serve', '--name', 'c', '--config', 'list.yaml', 'predictor.py']);
    await writeFile(join(home.folder, 'extra.yaml'), 'threshold: 1\n');
    await refused(1, /threshold/, ['server', 'serve', '--name', 'c', '--config', 'extra.yaml', 'predictor.py']);
  });

  it('an upload of nothing, of an empty folder, or of a link that leads out', async () => {
    await refused(2, /missing/, ['upload', 'missing']);
    await mkdir(join(home.folder, 'empty'));
    await refused(2, /empty/, ['upload', 'empty']);
    await mkdir(join(home.folder, 'linked'));
    await symlink('/etc/hostname', join(home.folder, 'linked', 'outside'));
    await refused(2, /outside/, ['upload', 'linked']);
  });

  it('names with spaces and Unicode are kept', async () => {
    const folder = join(home.folder, 'odd names');
    await mkdir(join(folder, 'été 夏'), { recursive: true });
    await writeFile(join(folder, 'été 夏', 'a b 🎈.txt'), 'kept');
    await refused(2, /--name/, ['upload', 'odd names']);
    await home.ok(['upload', 'odd names', '--name', 'odd']);
    await home.ok(['cp', 'uploads/odd', 'copied']);
    assert.equal(await readFile(join(home.folder, 'copied', 'été 夏', 'a b 🎈.txt'), 'utf8'), 'kept');
  });

  it('a home that cannot be written', async () => {
    await writeFile(join(home.folder, 'a-file'), '');
    await refused(1, /a-file/, ['server', 'list'], { env: { SPELL_HOME: join(home.folder, 'a-file', 'home') } });
  });
});

describe('bad input to the endpoint', () => {
  let home: TestHome;
  let url: string;
  before(async () => {
    home = await makeHome();
    await writeFile(join(home.folder, 'predictor.py'), good);
    url = (await home.ok(['server', 'serve', '--name', 'echo', '--max-request-size', '64Ki', 'predictor.py'])).trim();
  });
  after(() => home.close());

  for (const [what, body, status, code] of [
    ['no JSON', '{"a": ', 400, 'bad-json'],
    ['an empty body', '', 400, 'bad-json'],
    ['NaN', '{"a": NaN}', 400, 'bad-json'],
    ['Infinity', '[-Infinity]', 400, 'bad-json'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'bad-json'],
    ['JSON nested too deep', '['.repeat(60_000), 400, 'bad-json'],
    ['a body over the limit', `"${'x'.repeat(65 * 1024)}"`, 413, 'too-large'],
  ] as const) {
    it(`${what}: ${status} ${code}, and the server goes on`, async () => {
      const answer = await request(url, { method: 'POST', body });
      assert.equal(answer.status, status, answer.text);
      const { error } = answer.json<{ error: { code: string; message: string; request_id: string } }>();
      assert.equal(error.code, code);
      assert.equal(error.request_id, answer.headers.get('x-request-id'));
      assert.equal((await request(url, { method: 'POST', body: '1' })).text, '1');
    });
  }

  it('a body that is cut off in the middle reaches no predictor', async () => {
    await new Promise<void>((resolve) => {
      const cut = httpRequest(url, { method: 'POST', headers: { 'content-length': 100 } });
      cut.on('error', () => resolve());
      cut.write('{"a": 1', () => cut.destroy());
    });
    assert.equal((await request(url, { method: 'POST', body: '1' })).text, '1');
  });

  it('the wrong method and an unknown path', async () => {
    const wrong = await request(url);
    assert.equal(wrong.status, 405);
    assert.match(wrong.headers.get('allow') ?? '', /\bPOST\b/);
    assert.equal((await request(url.replace('echo', 'nobody'), { method: 'POST', body: '1' })).status, 404);
    assert.equal((await request(url.replace('predict', 'forecast'), { method: 'POST', body: '1' })).status, 404);
  });
});

describe('bad calls of the API', () => {
  let home: TestHome;
  let api: URL;
  let token: string;
  before(async () => {
    home = await makeHome();
    await home.ok(['up']);
    api = new URL((JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as { apiUrl: string }).apiUrl);
    token = (await readFile(join(home.home, 'token'), 'utf8')).trim();
  });
  after(() => home.close());

  /** A raw call, because `fetch` does not let one choose the `Host`. */
  function call(headers: Record<string, string>, path = '/api/v1/status'): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      httpRequest({ host: api.hostname, port: api.port, path, headers }, (answer) => {
        let body = '';
        answer.on('data', (piece) => {
          body += piece;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
  }

  it('no token or a wrong one: 401; a foreign Host or Origin: 403; neither tells anything', async () => {
    const authorization = `Bearer ${token}`;
    assert.equal((await call({ authorization })).status, 200);
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization: 'Bearer guessed' }, 401],
      [{ authorization, host: 'evil.example' }, 403],
      [{ authorization, origin: 'https://evil.example' }, 403],
    ] as const) {
      const answer = await call({ ...headers });
      assert.equal(answer.status, status);
      assert.doesNotMatch(answer.body, new RegExp(`${home.home}|gateway|${token}`));
    }
  });

  it('the token can be read by its owner alone', async () => {
    const { stat } = await import('node:fs/promises');
    assert.equal((await stat(join(home.home, 'token'))).mode & 0o777, 0o600);
  });
});

describe('a home in trouble', () => {
  it('a port that is taken: an error that names it, and nothing is left running', async () => {
    const home = await makeHome();
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const ended = await home.spell(['up', '--port', String(port)]);
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, new RegExp(`error: .*${port}`));
    if (process.platform === 'linux') assert.match(ended.stderr, new RegExp(`\\b${process.pid}\\b`), 'its holder is this process');
    holder.close();
    await home.close();
  });

  it('a corrupted database is kept aside, and said', async () => {
    const home = await makeHome();
    await home.ok(['up']);
    await home.ok(['down']);
    await writeFile(join(home.home, 'state.db'), 'this is no database, and it is longer than a header would be '.repeat(100));
    await home.ok(['up']);
    assert.ok((await readdir(home.home)).some((file) => file.startsWith('state.db.corrupt')));
    assert.match(await home.ok(['events']), /kept aside|corrupt/);
    await home.close();
  });
});
