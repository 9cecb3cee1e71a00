import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ControlPlaneProgram } from '../gateway-options.ts';
import { ControlPlanePrograms } from './control-plane-programs.ts';

const node = '/usr/bin/node';

function programAt(folder: string): ControlPlaneProgram {
  return { command: [node, '--flag', `${folder}/spelld.js`], env: {}, cwd: '/home' };
}

describe('the programs that a control plane is started from', () => {
  const setUp = (...folders: string[]) => {
    const files = new Set([node, ...folders.map((folder) => `${folder}/spelld.js`)]);
    const [first = '', ...later] = folders;
    const programs = new ControlPlanePrograms(programAt(first), (path) => files.has(path));
    for (const folder of later) programs.add(programAt(folder));
    return { files, programs };
  };

  it('is that of the control plane that came last, also when it is an older one again', () => {
    const { programs } = setUp('/1.0', '/1.1');
    assert.deepEqual(programs.choose(), { program: programAt('/1.1'), gone: [] });
    programs.add(programAt('/1.0'));
    assert.deepEqual(programs.choose(), { program: programAt('/1.0'), gone: [] });
  });

  it('is the newest that is left when files are gone, which are named; then none', () => {
    const { files, programs } = setUp('/1.0', '/1.1', '/1.2');
    files.delete('/1.2/spelld.js');
    assert.deepEqual(programs.choose(), { program: programAt('/1.1'), gone: ['/1.2/spelld.js'] });
    for (const folder of ['/1.0', '/1.1']) files.delete(`${folder}/spelld.js`);
    assert.deepEqual(programs.choose(), { program: undefined, gone: ['/1.2/spelld.js', '/1.1/spelld.js', '/1.0/spelld.js'] });
  });

  it('are a few at most, and each once', () => {
    const { files, programs } = setUp('/1', '/2', '/3', '/4', '/4', '/5');
    for (const folder of ['/5', '/4', '/3']) files.delete(`${folder}/spelld.js`);
    assert.deepEqual(programs.choose().program, programAt('/2'));
    files.delete('/2/spelld.js');
    assert.deepEqual(programs.choose().program, undefined, 'the first one is forgotten');
  });
});
