import { SpellError } from '../api/errors.ts';
import { parseResourceRef, type ResourceRef } from '../api/names.ts';

/** Reads an argument that names a resource, or something in one. Throws `bad-path`. */
export function readResource(said: string): ResourceRef {
  const ref = parseResourceRef(said);
  if (ref) return ref;
  throw new SpellError(
    'bad-path',
    `${JSON.stringify(said)} is no resource`,
    'a resource is written uploads/NAME or runs/N, and may go on with a path in it',
  );
}
