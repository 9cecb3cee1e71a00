import type { Told } from '../../features/rules/rule.ts';

/**
 * A mistake made in one of the predictors of `fixtures/predictors`, and the code that must be reported for it. A file
 * that does not exist yet is written; `from` stands exactly once in one that does.
 */
export interface Mutation {
  readonly code: string;
  readonly project: string;
  readonly changes: readonly { readonly file: string; readonly from?: string; readonly to: string }[];
  readonly told?: Told;
}

/** One text of a file replaced by another. */
export const one = (code: string, project: string, file: string, from: string, to: string, told?: Told): Mutation => ({
  code,
  project,
  changes: [{ file, from, to }],
  ...(told ? { told } : {}),
});

/** A file written anew, and perhaps a text of another replaced. */
export const write = (
  code: string,
  project: string,
  file: string,
  to: string,
  from?: string,
  of?: string,
  into?: string,
  told?: Told,
): Mutation => ({
  code,
  project,
  changes: [{ file, to }, ...(of === undefined ? [] : [{ file: of, ...(from === undefined ? {} : { from }), to: into ?? '' }])],
  ...(told ? { told } : {}),
});

/** The files of a project after a mutation. Throws when it does not fit. */
export function mutate(files: Readonly<Record<string, string>>, mutation: Mutation): Record<string, string> {
  const result = { ...files };
  for (const { file, from, to } of mutation.changes) {
    const text = result[file];
    if (from === undefined) result[file] = to;
    else {
      if (text === undefined || text.split(from).length !== 2)
        throw new Error(`${mutation.project}/${file} does not have ${JSON.stringify(from)} exactly once`);
      result[file] = text.replace(from, () => to);
    }
  }
  return result;
}
