import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { PreparationError } from './preparation-error.ts';
import { missingPackages, SystemPackages } from './system-packages.ts';

const installed = [
  'ffmpeg\tamd64\t7:5.1.6-0+deb12u1\tinstalled\t',
  'libc6\tamd64\t2.36-9\tinstalled\t',
  'libc6\ti386\t2.36-9\tinstalled\t',
  'mawk\tamd64\t1.3.4\tinstalled\tawk, pattern-scanner (= 2.0)',
  'removed-thing\tamd64\t1.0\tconfig-files\t',
];

test('a package is there by its name, its architecture and its version, also where another one provides it', () => {
  assert.deepEqual(
    missingPackages(['ffmpeg', 'ffmpeg=7:5.1.6-0+deb12u1', 'libc6:i386', 'libc6:amd64=2.36-9', 'awk', 'pattern-scanner=2.0'], installed),
    [],
  );
});

test('what is not there, was removed, or is there in another version is missing', () => {
  assert.deepEqual(missingPackages(['libgomp1', 'removed-thing', 'libc6:arm64', 'ffmpeg=8', 'awk=1'], installed), [
    { wanted: 'libgomp1', installed: null },
    { wanted: 'removed-thing', installed: null },
    { wanted: 'libc6:arm64', installed: null },
    { wanted: 'ffmpeg=8', installed: '7:5.1.6-0+deb12u1' },
    { wanted: 'awk=1', installed: null },
  ]);
});

async function failureOf(path: string, ...wanted: string[]): Promise<PreparationError['failure'] | undefined> {
  const packages = new SystemPackages({ cwd: tmpdir(), env: { PATH: path } });
  const error = await packages.require(wanted, new AbortController().signal).catch((thrown: unknown) => thrown);
  assert.ok(error === undefined || error instanceof PreparationError, String(error));
  return error?.failure;
}

const needsDebian = existsSync('/usr/bin/dpkg-query') ? false : 'only Debian has dpkg';

test('what is installed here is found; what is not is named with the command that installs it', { skip: needsDebian }, async () => {
  assert.equal(await failureOf('/usr/bin', 'dpkg'), undefined);
  const { code, message, hint, final } = (await failureOf('/usr/bin', 'dpkg=0.1', 'no-such-package', 'dpkg')) ?? assert.fail();
  assert.deepEqual([code, final], ['apt-missing', true]);
  assert.match(message, /^system packages are not installed: dpkg=0\.1 \(\d\S+ is\), no-such-package$/);
  assert.equal(hint, 'install them, then serve again: sudo apt-get install --yes --allow-downgrades dpkg=0.1 no-such-package');
});

test('where there is no dpkg, the packages are named, and what to do without', async () => {
  const { code, message, hint } = (await failureOf('/nowhere', 'ffmpeg')) ?? assert.fail();
  assert.equal(code, 'apt-unavailable');
  assert.match(message, /the system packages ffmpeg cannot be looked for on this machine: there is no dpkg-query on PATH/);
  assert.match(hint ?? '', /--unset apt/);
  assert.equal(await failureOf('/nowhere'), undefined, 'nobody asks where nothing is wanted');
});
