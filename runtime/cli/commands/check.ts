import { version } from '../../api/version.ts';
import { command } from '../command.ts';
import { printJson } from '../terminal/json.ts';

export const check = command({
  name: 'check',
  summary: 'Says what is wrong with predictor files, configs and spell.yaml',
  details:
    'The same rules as in the editor, without a control plane and without running anything. A spell.yaml is checked with the files that ' +
    'it names; without FILE, the one of this folder. The exit status is 1 when there are errors. A comment `# spell: ignore[CODE]` at ' +
    'the end of a line silences a rule there.',
  arguments: { file: { doc: 'predictor files, configs or spell.yaml files; a folder is its spell.yaml', optional: true, repeat: true } },
  outputs: ['text', 'json', 'sarif'],
  example: `
spell check
spell check predictor.py
spell check -o sarif spell.yaml > spell.sarif`,
  run: async (context, { file }) => {
    // The rules are a program of their own size: no other command pays for them.
    const { checkNamed } = await import('../../../server/check/check-named.ts');
    const { jsonReport, notes, sarifReport, summary, textReport } = await import('../../../server/check/reports.ts');
    const checked = await checkNamed(file, context);
    const found = checked.diagnostics;
    if (context.format === 'json') printJson(context, jsonReport(found, context.cwd));
    else if (context.format === 'sarif') printJson(context, sarifReport(found, context.cwd, version));
    else {
      context.terminal.printBytes(Buffer.from(textReport(found, context.cwd)));
      for (const note of notes(checked, context.cwd)) context.terminal.say(note);
      context.terminal.say(summary(found));
    }
    return found.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
});
