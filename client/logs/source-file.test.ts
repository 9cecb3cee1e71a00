import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { placesInProject } from './source-file.ts';

test('every end of the path may be the file in the project, the longest first; none leads out of it', () => {
  assert.deepEqual(placesInProject('/home/code/4f/lib/a.py'), [
    join('home', 'code', '4f', 'lib', 'a.py'),
    join('code', '4f', 'lib', 'a.py'),
    join('4f', 'lib', 'a.py'),
    join('lib', 'a.py'),
    'a.py',
  ]);
  assert.deepEqual(placesInProject('../../etc/passwd'), [join('etc', 'passwd'), 'passwd']);
  assert.deepEqual(placesInProject('.\\lib\\a.py'), [join('lib', 'a.py'), 'a.py']);
});
