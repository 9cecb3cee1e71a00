import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { developmentPython } from '../../scripts/testing/development-python.ts';

const script =
  'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n for n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)';

/** Makes a wheel with one module that knows its `version`, for installers that are told to look into its folder (`--find-links`). */
export function makeWheel(folder: string, name: string, version: string): void {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}.py`]: `version = ${JSON.stringify(version)}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  execFileSync(developmentPython(), ['-c', script, join(folder, `${name}-${version}-py3-none-any.whl`), JSON.stringify(files)]);
}
