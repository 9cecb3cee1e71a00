// Which Node may run what is built. Shared by the two doors that any Node may open, `bin/spell.js` and `scripts/run.js`;
// without an import of its own, because each costs the command milliseconds.

/** 22.13 has `node:sqlite` without a flag; 22.16 is the first with all that we use of it. */
export const oldestNode = [22, 16];

export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** The Node from npm's per-platform packages that `scripts/run.js` installs, as a URL; undefined while there is none. */
export function packagedNode({ existsSync, readdirSync }) {
  const modules = new URL('../scripts/node/node_modules/', import.meta.url);
  if (!existsSync(modules)) return undefined;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return readdirSync(modules)
    .flatMap((entry) => [new URL(`${entry}/bin/${name}`, modules), new URL(`${entry}/${name}`, modules)])
    .find((file) => existsSync(file));
}

/** Says what is wrong and what to do, as every part of the product does, and ends. */
export function fail(what, hint) {
  process.stderr.write(`error: ${what}\nhint: ${hint}\n`);
  process.exit(1);
}
