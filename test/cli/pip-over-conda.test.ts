import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Environment, ModelServer } from '../../runtime/api/objects.ts';
import { developmentPython } from '../../scripts/testing/development-python.ts';
import { predict } from '../harness/endpoint.ts';
import { type Ended, makeHome, type TestHome } from '../harness/home.ts';
import { makeWheel } from '../harness/wheel.ts';
import { makeCondaTool } from '../platform/conda-tool.ts';

// `--pip` with `--conda-file`, by the command alone. In micromamba's place stands `conda-tool.ts`; pip is a real one, whose
// packages lie in a folder.

const predictor = `
import os, sys

import gdal
import thing
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return {"gdal": gdal.version, "thing": thing.version, "conda": os.environ["CONDA_PREFIX"], "base": os.path.dirname(gdal.__file__)}
`;

interface Answer {
  gdal: string;
  thing: string;
  conda: string;
  base: string;
}

describe('pip over a conda file', () => {
  let home: TestHome;
  let url: string;
  const inHome = (path: string): string => join(home.folder, path);
  before(async () => {
    home = await makeHome();
    for (const name of ['tools', 'project', 'wheels']) await mkdir(inHome(name));
    await makeCondaTool(inHome('tools'), 'micromamba', developmentPython());
    for (const version of ['2.0', '3.0']) makeWheel(inHome('wheels'), 'thing', version);
    await writeFile(inHome('project/predictor.py'), predictor);
    await writeFile(inHome('project/environment.yml'), 'dependencies:\n  - python=3.11\n  - gdal=3.8\n  - thing=1.0\n');
  });
  after(() => home.close());

  /** The installer gets these by way of the control plane, which the first command starts. */
  const spell = (...args: string[]): Promise<Ended> =>
    home.spell(args, {
      cwd: inHome('project'),
      env: {
        PATH: `${inHome('tools')}:${process.env.PATH}`,
        ...Object.fromEntries(
          ['PIP', 'UV'].flatMap((tool) => [
            [`${tool}_NO_INDEX`, '1'],
            [`${tool}_FIND_LINKS`, inHome('wheels')],
          ]),
        ),
      },
    });
  const update = (...args: string[]): Promise<Ended> => spell('server', 'update', 'maps', ...args);
  const ask = async (): Promise<Answer> => {
    const answer = await predict(url, {});
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Answer>();
  };
  const environments = async (): Promise<string[]> =>
    (await home.json<Environment[]>(['env']))
      .map(({ state, kind, file, packages }) => [...(state === 'ready' ? [] : [state]), kind, file, ...packages].join(' '))
      .sort();
  const condaCalls = (): Promise<string> => readFile(inHome('tools/calls'), 'utf8');

  it("pip's packages come first, behind them those of the conda environment, whose variables are there, too", async () => {
    const served = await spell(
      'server',
      'serve',
      '--name',
      'maps',
      '--conda-file',
      'environment.yml',
      '--pip',
      'thing==2.0',
      'predictor.py',
    );
    assert.equal(served.status, 0, served.stderr);
    url = served.stdout.trim();
    const { conda, base, ...versions } = await ask();
    assert.deepEqual(versions, { gdal: '3.8', thing: '2.0' });
    assert.ok(base.startsWith(`${conda}/lib/`), `${base} is in ${conda}`);
    assert.deepEqual(await environments(), ['conda environment.yml', 'pip  thing==2.0']);
  });

  it('what pip cannot install fails the update in its own words, and the former revision goes on answering', async () => {
    const { status, stderr } = await update('--pip', 'thing==9.0');
    assert.equal(status, 1);
    assert.match(stderr, /(pip|uv) could not install thing==9\.0: .*thing==9\.0/s);
    assert.match(stderr, /correct `pip` and serve again; everything it printed is in logs\/environments\/\w+\.log/);
    const { state, rollout } = await home.json<ModelServer>(['server', 'describe', 'maps']);
    assert.deepEqual([state, rollout?.state, rollout?.failure?.code], ['running', 'failed', 'environment-failed']);
    assert.equal((await ask()).thing, '2.0');
    assert.deepEqual(await environments(), ['conda environment.yml', 'failed pip  thing==9.0', 'pip  thing==2.0']);
  });

  it('another package makes another layer over the same conda environment; none at all leaves that alone', async () => {
    assert.equal((await update('--pip', 'thing==3.0')).status, 0);
    assert.equal((await ask()).thing, '3.0');
    assert.equal((await update('--unset', 'pip')).status, 0);
    assert.deepEqual([(await ask()).thing, (await ask()).gdal], ['1.0', '3.8']);
    assert.equal(await condaCalls(), 'create\n', 'conda made one environment');
  });
});
