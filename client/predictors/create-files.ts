import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpellError } from '../../runtime/api/errors.ts';
import { exists } from '../../runtime/api/project/project-root.ts';
import { type Template, type TemplateFiles, templateFiles } from './templates.ts';

/** A predictor to be made. */
export interface NewPredictor {
  template: Template;
  /** Of its model server. */
  name: string;
  /** Absolute. */
  folder: string;
}

/** Where a new predictor's files go: into the folder where it has none of them, else into one of its own in it. */
export async function placeFor({ template, name, folder }: NewPredictor): Promise<string> {
  const taken = await Promise.all(Object.keys(templateFiles(template, name)).map((file) => exists(join(folder, file))));
  return taken.includes(true) ? join(folder, name) : folder;
}

/**
 * Makes the files of a new predictor, all or none, and returns the path of its code. Nothing is written over: throws `exists`
 * where one of them is there already.
 */
export async function createFiles(predictor: NewPredictor): Promise<string> {
  const folder = await placeFor(predictor);
  await mkdir(folder, { recursive: true });
  const made: string[] = [];
  try {
    for (const [file, text] of Object.entries(templateFiles(predictor.template, predictor.name) satisfies TemplateFiles)) {
      await writeFile(join(folder, file), text, { flag: 'wx' });
      made.push(join(folder, file));
    }
  } catch (error) {
    await Promise.all(made.map((file) => rm(file)));
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw error;
    throw new SpellError('exists', `there is a file ${path} already`, 'choose another name or folder: nothing was written');
  }
  return join(folder, 'predictor.py');
}
