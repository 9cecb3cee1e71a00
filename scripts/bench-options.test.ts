import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BenchOptions, benchOptions } from './bench-options.ts';

const known = ['echo', 'large-bodies', 'laptop'];
const said = (...args: string[]): { text: string; status: number } => {
  const read = benchOptions(args, known);
  assert.ok('text' in read, 'nothing is run');
  return read;
};

describe('the arguments of npm run bench', () => {
  it('choose benchmarks by words, all without any', () => {
    assert.deepEqual(benchOptions([], known), { names: known, quick: false, write: false } satisfies BenchOptions);
    assert.deepEqual(benchOptions(['la', '--quick'], known), { names: ['large-bodies', 'laptop'], quick: true, write: false });
  });

  it('a whole name means that one alone', () => {
    assert.deepEqual(benchOptions(['idle'], ['editor-idle', 'idle']), { names: ['idle'], quick: false, write: false });
  });

  it('--help explains and runs nothing', () => {
    const { text, status } = said('echo', '--help');
    assert.equal(status, 0);
    assert.match(text, /--quick[\s\S]*echo, large-bodies, laptop/);
  });

  it('what is no option, or in no name, is an error that runs nothing', () => {
    for (const [arg, problem] of [
      ['--quik', /^error: there is no option --quik\n/],
      ['--write=yes', /there is no option --write=yes/],
      ['ecco', /contains "ecco"; there are echo/],
    ] as const) {
      const { text, status } = said('echo', arg);
      assert.equal(status, 2);
      assert.match(text, problem);
    }
  });
});
