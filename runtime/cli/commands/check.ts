import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SpellError } from '../../api/errors.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import { version } from '../../api/version.ts';
import { command } from '../command.ts';
import { printJson } from '../terminal/json.ts';

export const check = command({
  name: 'check',
  summary: 'Says what is wrong with predictor files, configs and spell.yaml',
  details:
    'The same rules as in the editor, without a control plane and without running anything. A spell.yaml is checked with the files that ' +
    'it names; without FILE, the one of this folder. The exit status is 1 when there are errors.',
  arguments: { file: { doc: 'predictor files, configs or spell.yaml files', optional: true, repeat: true } },
  outputs: ['text', 'json', 'sarif'],
  example: `
spell check
spell check predictor.py
spell check -o sarif spell.yaml > spell.sarif`,
  run: async (context, { file }) => {
    // The rules are a program of their own size: no other command pays for them.
    const { check: run, defaultFile, pythonFor } = await import('../../../server/check/check.ts');
    const { jsonReport, sarifReport, summary, textReport } = await import('../../../server/check/reports.ts');
    const files = file.length > 0 ? file.map((each) => resolve(context.cwd, each)) : [await defaultFile(context.cwd)];
    const [first] = files;
    if (first === undefined) {
      throw new SpellError('usage', 'nothing to check: no FILE was given, and there is no spell.yaml here', 'spell check FILE…');
    }
    const named = files.filter((each) => each !== undefined);
    await Promise.all(named.map((each) => refuseMissing(each, context.cwd)));
    const python = await pythonFor(first, context.env);
    const found = await run({ files: named, ...(python === undefined ? {} : { python }) });
    if (context.format === 'json') printJson(context, jsonReport(found, context.cwd));
    else if (context.format === 'sarif') printJson(context, sarifReport(found, context.cwd, version));
    else {
      context.terminal.printBytes(Buffer.from(textReport(found, context.cwd)));
      context.terminal.say(summary(found));
    }
    return found.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
});

async function refuseMissing(file: string, cwd: string): Promise<void> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) return;
  const { readdir } = await import('node:fs/promises');
  const names = (await readdir(cwd).catch(() => [])).filter((name) => /\.(?:py|ya?ml|json)$/.test(name));
  throw new SpellError('bad-path', `there is no file ${file}`, nearNamesHint(file.split(/[/\\]/).at(-1) ?? '', names) ?? 'check the path');
}
