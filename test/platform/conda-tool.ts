import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A program in the place of micromamba, which cannot be had here: it takes the same arguments and refuses what that
 * refuses, and makes a real prefix with a real interpreter, in which each `NAME=VERSION` of the file is a module. A package `nope`
 * is in no channel; `slow` waits for as long as the file `hold` beside the program is there.
 */
export async function makeCondaTool(folder: string, name: string, python: string): Promise<void> {
  const program = `#!${process.execPath}
const { execFileSync } = require('node:child_process');
const { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const words = process.argv.slice(2);
const valueOf = (flag) => words[words.indexOf(flag) + 1];
const [prefix, file] = [valueOf('--prefix'), valueOf('--file')];
const refuse = (text) => { console.error(text); process.exit(1); };
if (process.env.CONDA_ALWAYS_YES !== 'true') refuse('error    libmamba It asks, and nobody answers');
if (existsSync(prefix)) refuse('error    libmamba Non-conda folder exists at prefix\\ncritical libmamba Aborting.');
appendFileSync(join(__dirname, 'calls'), words.slice(0, words.indexOf('--prefix')).join(' ') + '\\n');
const asked = [...readFileSync(file, 'utf8').matchAll(/^ +- ([a-z-]+)(?:=+([\\d.]+))?$/gm)];
if (asked.some(([, name]) => name === 'nope')) refuse(\`error    libmamba Could not solve for environment specs
    The following package could not be installed
    └─ nope * does not exist (perhaps a typo or a missing channel).
critical libmamba Could not solve for environment specs\`);
mkdirSync(join(prefix, 'conda-meta'), { recursive: true });
console.log('Transaction starting');
(async () => {
  if (asked.some(([, name]) => name === 'slow')) {
    console.log('Linking slow');
    while (existsSync(join(__dirname, 'hold'))) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!asked.some(([, name]) => name === 'python')) return;
  execFileSync(${JSON.stringify(python)}, ['-m', 'venv', '--without-pip', prefix]);
  const [library] = readdirSync(join(prefix, 'lib'));
  for (const [, name, version = '1.0'] of asked) {
    if (name === 'python') continue;
    console.log(\`Linking \${name}-\${version}\`);
    writeFileSync(join(prefix, 'lib', library, 'site-packages', \`\${name}.py\`), \`version = "\${version}"\\n\`);
  }
  console.log('Transaction finished');
})();
`;
  const path = join(folder, name);
  await writeFile(path, program);
  await chmod(path, 0o755);
}
