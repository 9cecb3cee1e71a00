import { SpellError } from '../../../api/errors.ts';

/** Throws `usage` where two documents of a file are one model server. */
export function refuseSameNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SpellError('usage', `two model servers are named ${twice}`, 'give each document another server-name');
}
