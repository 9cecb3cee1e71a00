import { badSetting, type Said, shown } from './said.ts';

/** What a YAML file says, as plain data. Throws `bad-setting`, with the line, for what is not YAML. */
export async function parseYaml(said: Said, file: string, text: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document.toJS();
  const { line } = lines.linePos(error.pos[0]);
  const unspaced = text.split('\n').find((each) => /^\s*[\w-]+:[^\s:/]/.test(each));
  const hint = unspaced === undefined ? 'correct the file' : `YAML wants a space after the colon, in ${shown(unspaced.trim())}`;
  throw badSetting(said, `${file}:${line} is not YAML: ${error.message}`, hint, error);
}
