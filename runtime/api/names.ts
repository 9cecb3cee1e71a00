/** The longest name of a model or model server, in characters (`spec/behaviour.md` §4). */
export const maxNameLength = 63;

/** What a name is for; it is only used in the sentence that says what is wrong. */
export type NamedKind = 'model' | 'model server' | 'resource' | 'run' | 'version' | 'owner';

/**
 * Says what is wrong with a name, or `undefined` when it is right.
 *
 * The rules are the specification's ("Model servers have the following naming rules"), used for models and versions
 * alike: letters, digits, `.`, `-` and `_`; the first a letter or digit; no two symbols side by side; at most
 * {@link maxNameLength} characters.
 */
export function nameProblem(kind: NamedKind, name: string): string | undefined {
  const shown = `the ${kind} name ${JSON.stringify(name)}`;
  if (name === '') return `the ${kind} name is empty`;
  if (name.length > maxNameLength) return `${shown} has ${name.length} characters, more than ${maxNameLength}`;
  const odd = /[^A-Za-z0-9._-]/u.exec(name);
  if (odd) return `${shown} has the character ${JSON.stringify(odd[0])}: only letters, digits, ".", "-" and "_" may stand in it`;
  if (!/^[A-Za-z0-9]/.test(name)) return `${shown} begins with ${JSON.stringify(name[0])}: the first character must be a letter or a digit`;
  const pair = /[._-]{2}/.exec(name);
  if (pair) return `${shown} has two symbols side by side (${JSON.stringify(pair[0])})`;
  return undefined;
}

/** A model as people name it: `cifar`, `cifar:v3`, `cifar:proof-of-concept`. `version` is absent for "the newest". */
export interface ModelRef {
  name: string;
  version?: string;
}

/** Splits `NAME[:VERSION]` at its first colon. Whether either is a legal name is for {@link nameProblem} to say. */
export function parseModelRef(text: string): ModelRef {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text } : { name: text.slice(0, colon), version: text.slice(colon + 1) };
}

/** The number of an auto-incremented version (`v12` → 12), or `undefined` when the text is a custom version. */
export function versionNumber(version: string): number | undefined {
  const digits = /^v([0-9]+)$/.exec(version)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A resource as people name it: `uploads/config`, `runs/16`, `runs/16/out`. `path` is what follows the resource's own name. */
export interface ResourceRef {
  kind: 'uploads' | 'runs';
  name: string;
  path: string;
}

/** Reads `uploads/NAME[/PATH]` or `runs/N[/PATH]`; `undefined` when the text is neither. */
export function parseResourceRef(text: string): ResourceRef | undefined {
  const [, kind, name, path] = /^(uploads|runs)\/([^/]+)(?:\/(.*?))?\/*$/.exec(text) ?? [];
  if ((kind !== 'uploads' && kind !== 'runs') || name === undefined) return undefined;
  if (kind === 'runs' && !/^[0-9]+$/.test(name)) return undefined;
  return { kind, name, path: path ?? '' };
}
