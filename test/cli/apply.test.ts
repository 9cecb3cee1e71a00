import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ModelServer, ModelServerSummary, Revision } from '../../runtime/api/objects.ts';
import { predict } from '../harness/endpoint.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

const predictor = `
import os
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self, greeting="hello"):
        self.greeting = greeting

    def predict(self, payload):
        return {"greeting": self.greeting, "token": os.environ.get("TOKEN"), "payload": payload}
`;

const two = `server-name: first
entrypoint: predictor.py
config:
  greeting: good morning
env:
  TOKEN: \${SECRET}
max-queue: 50
---
server-name: second
entrypoint: predictor.py
`;

describe('spell apply, export and --dry-run', () => {
  let home: TestHome;
  let project: string;
  const env = { SECRET: 'a secret' };
  before(async () => {
    home = await makeHome();
    project = join(home.folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'predictor.py'), predictor);
    await writeFile(join(project, 'spell.yaml'), two);
  });
  after(() => home.close());

  const names = async (): Promise<string[]> => (await home.json<ModelServerSummary[]>(['server', 'list'])).map(({ name }) => name);
  const revisions = async (name: string): Promise<number> => (await home.json<Revision[]>(['server', 'revisions', name])).length;

  it('nothing happens when one document of several is wrong, whoever finds it', async () => {
    const refused = async (text: string, command: string[], sentence: RegExp): Promise<void> => {
      await writeFile(join(project, 'wrong.yaml'), two.replace('server-name: second', text));
      const ended = await home.spell([...command, join(project, 'wrong.yaml')], { env });
      assert.notEqual(ended.status, 0);
      assert.match(ended.stderr, sentence);
      assert.deepEqual(await names(), []);
    };
    for (const command of [
      ['apply', '-f'],
      ['server', 'serve', '--from-file'],
    ]) {
      await refused('server-name: second\nmodel: nowhere', command, /nowhere/);
      await refused('server-name: second\nmin-pods: 3\nmax-pods: 2', command, /max-pods is 2, less than min-pods/);
      await refused('server-name: first', command, /two model servers are named first/);
    }
    const unset = await home.spell(['apply'], { cwd: project });
    assert.equal(unset.status, 2);
    assert.match(unset.stderr, /TOKEN is to be taken from the environment variable SECRET, which is not set/);
  });

  it('a dry run says what it would do and does nothing; applied twice, the second time changes nothing', async () => {
    const dry = await home.spell(['apply', '--dry-run'], { cwd: project, env });
    assert.equal(dry.status, 0, dry.stderr);
    assert.match(dry.stderr, /first is new\nsecond is new/);
    assert.deepEqual(await names(), []);
    const stdout = await home.ok(['apply'], { cwd: project, env });
    const [url] = stdout.trim().split('\n');
    assert.deepEqual((await predict(url ?? '', 1)).json(), { greeting: 'good morning', token: 'a secret', payload: 1 });
    const again = await home.spell(['apply'], { cwd: project, env });
    assert.equal(again.stdout, stdout);
    assert.match(again.stderr, /first stays as it is/);
    assert.deepEqual([await revisions('first'), await revisions('second')], [1, 1]);
  });

  it('what the file does not say any more goes back to its default', async () => {
    await writeFile(join(project, 'spell.yaml'), two.replace('max-queue: 50', 'num-processes: 2'));
    const { stderr } = await home.spell(['apply'], { cwd: project, env });
    assert.match(stderr, /first changes: num-processes: 1 → 2; max-queue: 50 → none/);
    const { spec } = await home.json<ModelServer>(['server', 'describe', 'first']);
    assert.deepEqual([spec['num-processes'], spec['max-queue']], [2, undefined]);
  });

  it('an export is a spell.yaml that changes nothing when it is applied', async () => {
    const text = await home.ok(['server', 'export', 'first']);
    assert.match(
      text,
      /^# the model server first, revision 2\n# paths begin at the project's folder: .*\nserver-name: first\nentrypoint: predictor.py\n/,
    );
    assert.doesNotMatch(text, /a secret/);
    await writeFile(join(project, 'spell.yaml'), text);
    const { stderr, status } = await home.spell(['apply'], { cwd: project, env: { TOKEN: 'a secret' } });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /first stays as it is/);
  });

  it('an update can be previewed, with its code', async () => {
    const nothing = await home.spell(['server', 'update', 'second', '--num-processes', '1', '--dry-run']);
    assert.deepEqual([nothing.status, nothing.stdout, nothing.stderr], [0, '', 'nothing would change\n']);
    await writeFile(join(project, 'predictor.py'), `${predictor}\n# changed\n`);
    const changes = await home.ok(['server', 'update', 'second', '--num-processes', '2', '--entrypoint', 'predictor.py', '--dry-run'], {
      cwd: project,
    });
    assert.equal(changes, 'code: predictor.py\nnum-processes: 1 → 2\n');
    assert.equal(await revisions('second'), 1);
    const wrong = await home.spell(['server', 'update', 'second', '--model', 'nowhere', '--dry-run']);
    assert.equal(wrong.status, 3);
  });
});
