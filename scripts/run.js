// The door of every npm script: `node scripts/run.js VERB [ARGUMENT…]`.
// Plain JavaScript without dependencies, because it runs before anything is installed, under whatever Node there is.
// It brings a Node that can run what is built, installs the packages of the lock file, then runs `scripts/VERB.ts`.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, isNewEnough, oldestNode, packagedNode } from '../bin/node-choice.js';

const scripts = dirname(fileURLToPath(import.meta.url));
const root = dirname(scripts);

/** Runs npm in a folder; its output is shown only when it fails. */
function npm(folder, ...args) {
  const script = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = script;
  const done = spawnSync(command, [...before, ...args], {
    cwd: folder,
    encoding: 'utf8',
    // Without the outer npm's own settings in the environment, a nested one reads the folder's `.npmrc` afresh.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/.test(name))),
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`);
    fail(`\`npm ${args.join(' ')}\` failed in ${folder}`, 'see the lines above; a registry must be reachable the first time');
  }
}

/** The path of the Node that {@link installNode} installed, or undefined. */
function installedNode() {
  const node = packagedNode({ existsSync, readdirSync });
  return node && fileURLToPath(node);
}

function installNode() {
  process.stderr.write(`Node ${process.versions.node} is older than ${oldestNode.join('.')}: bringing a newer one from npm (once)\n`);
  npm(join(scripts, 'node'), 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  return installedNode();
}

/** Installs what the lock file says, unless exactly that is installed. */
function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('installing packages\n');
  npm(root, 'ci', '--no-audit', '--no-fund');
  writeFileSync(stamp, wanted);
}

/** Runs a program in the foreground and ends as it ends. Signals reach it from the terminal, or are passed on. */
function become(command, args, env) {
  const child = spawn(command, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`, 'remove `scripts/node/node_modules` and try again'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [verb, ...args] = process.argv.slice(2);
const script = verb && join(scripts, `${verb}.ts`);
if (!script || !existsSync(script)) fail(`there is no script ${JSON.stringify(verb ?? '')}`, 'see "scripts" in package.json');

let node = process.execPath;
if (!isNewEnough(process.versions.node)) {
  node = installedNode() ?? installNode();
  if (!node) {
    fail(
      `npm has no Node for ${process.platform}-${process.arch}, and this one is ${process.versions.node}`,
      `install Node ${oldestNode.join('.')} or newer, then try again`,
    );
  }
}
installPackages();
become(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
});
