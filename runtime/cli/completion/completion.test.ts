import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { commands } from '../commands/table.ts';
import { bashCompletion } from './bash.ts';
import { type Completion, completions } from './command-tree.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

let positions: Completion[];
before(async () => {
  positions = await completions(commands);
});

/** What bash would offer for a command line whose last word is being typed. */
function completedByBash(line: string): string[] {
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${bashCompletion(positions)}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _spell; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

const skip = process.platform === 'win32';

test('bash completes the words of commands, past global options', { skip }, () => {
  assert.deepEqual(completedByBash('spell ser'), ['server']);
  assert.deepEqual(completedByBash('spell server st'), ['stop', 'start', 'status']);
  assert.deepEqual(completedByBash('spell -o json --quiet model d'), ['describe']);
});

test("bash completes a command's options wherever its arguments stand, and leaves arguments to files", { skip }, () => {
  assert.deepEqual(completedByBash('spell server serve --min'), ['--min-pods']);
  assert.deepEqual(completedByBash('spell server serve cifar predictor.py --from'), ['--from-file']);
  assert.deepEqual(completedByBash('spell server serve pred'), []);
  assert.ok(completedByBash('spell --').includes('--output'));
});

test('the scripts for zsh and fish know every word and every option', () => {
  const zsh = zshCompletion(positions);
  const fish = fishCompletion(positions);
  for (const { words, next, options } of positions) {
    for (const [word] of next) {
      assert.ok(zsh.includes(`'${word}:`), `zsh: ${words} ${word}`);
      assert.ok(fish.includes(` -f -a '${word}'`), `fish: ${words} ${word}`);
    }
    for (const { name } of options) {
      assert.ok(zsh.includes(`'--${name}:`), `zsh: ${words} --${name}`);
      assert.ok(fish.includes(` -l ${name} `), `fish: ${words} --${name}`);
    }
  }
});
