#!/usr/bin/env node
// The `spell` command's door. Committed, because npm links no bin whose file is missing when it installs; plain JavaScript
// without dependencies, because it may be started by any Node from 18 on. It runs `dist/spell.js`, under the Node that
// `scripts/run.js` brought where the one that started it is too old. Nothing is imported that a fresh enough Node does not
// need: an `import` of `node:fs` alone costs 8 ms.

import { fail, isNewEnough, oldestNode, packagedNode } from './node-choice.js';

const program = new URL('../dist/spell.js', import.meta.url);

/** Runs the program under another Node and ends as it ends. */
function become(node, { spawn }, { fileURLToPath }) {
  const child = spawn(fileURLToPath(node), [fileURLToPath(program), ...process.argv.slice(2)], { stdio: 'inherit' });
  const onTerminal = process.stdin.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C reaches both from the terminal by itself; a second one would mean "at once" to the program.
    process.on(signal, () => (signal === 'SIGINT' && onTerminal ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => fail(`cannot run ${node}: ${error.message}`, 'remove scripts/node/node_modules, then: npm run build'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function runHere() {
  try {
    await import(program.href);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== program.href) throw error;
    fail('the command is not built', 'npm run build');
  }
}

async function runElsewhere() {
  // From 20.16 on there is a way to Node's modules that does not pass the slow module loader.
  const require = process.getBuiltinModule ?? (await import('node:module')).createRequire(import.meta.url);
  const fs = require('node:fs');
  if (!fs.existsSync(program)) fail('the command is not built', 'npm run build');
  const node = packagedNode(fs);
  if (node) return become(node, require('node:child_process'), require('node:url'));
  const needed = oldestNode.join('.');
  const hint = `install Node ${needed} or newer; in a checkout \`npm run build\` brings one`;
  return fail(`this is Node ${process.versions.node}, and ${needed} or newer is needed`, hint);
}

await (isNewEnough(process.versions.node) ? runHere() : runElsewhere());
