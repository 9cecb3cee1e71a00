import { rules } from '../features/rules/all-rules.ts';
import type { ExampleFiles, Page, Rule, Told } from '../features/rules/rule.ts';

const subjects = { predictor: 'Predictor files', config: 'Config files', 'spell.yaml': '`spell.yaml`', yaml: 'YAML itself' } as const;
const severities = { error: 'error', warning: 'warning', information: 'information' } as const;
const meaning = {
  error: 'the model server would not start, or would answer wrongly',
  warning: 'it works, and hurts',
  information: 'worth knowing',
} as const;

/** The documentation of every rule, as files of `docs/rules` by their names. */
export function rulePages(): Map<string, string> {
  const pages = new Map<string, string>([['README.md', index()]]);
  for (const rule of rules) pages.set(`${rule.code}.md`, page(rule));
  pages.set('unused-suppression.md', unusedSuppressionPage);
  return pages;
}

function index(): string {
  const parts = Object.entries(subjects).map(([subject, title]) => {
    const rows = rules
      .filter((rule) => rule.subject === subject)
      .map((rule) => `| [\`${rule.code}\`](${rule.code}.md) | ${severities[rule.severity]} | ${cell(rule.page.what)} |`);
    return `## ${title}\n\n| rule | severity | reports |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return [
    '# Rules\n',
    'What the editor and `spell check` say about predictor files, their configs and `spell.yaml`. Python itself is left to other tools: these rules are about what a predictor means when it is served.\n',
    `Severities: ${Object.entries(meaning)
      .map(([severity, text]) => `**${severity}**, ${text}`)
      .join('; ')}.\n`,
    silencing('CODE', undefined),
    ...parts,
    '## About the rules themselves\n\n| rule | severity | reports |\n|---|---|---|\n| [`unused-suppression`](unused-suppression.md) | information | A comment `# spell: ignore[…]` silences nothing. |\n',
  ].join('\n');
}

function page(rule: Rule): string {
  const { page: source } = rule;
  return [
    `# ${rule.code}\n`,
    `*${severities[rule.severity]}: ${meaning[rule.severity]}*\n`,
    `${source.what}\n`,
    `## Why\n\n${source.why}\n`,
    `## Instead of\n\n${example(source.bad)}${told(source.told)}`,
    `## Write\n\n${example(source.good)}`,
    ...(source.fine === undefined ? [] : [`## When it is fine\n\n${source.fine}\n`]),
    silencing(rule.code, source),
  ].join('\n');
}

function example(files: Page['bad']): string {
  if (typeof files === 'string') return block('python', files);
  return shownFiles(files)
    .map(([name, text]) => `${name}:\n\n${block(name.endsWith('.py') ? 'python' : name.endsWith('.txt') ? 'text' : 'yaml', text)}`)
    .join('\n');
}

/** A file that is only there because another names it says nothing. */
function shownFiles(files: ExampleFiles): [string, string][] {
  const all = Object.entries(files);
  return all.filter(
    ([name, text]) =>
      !(
        name === 'predictor.py' &&
        all.length > 1 &&
        /\n {4}def predict\(self, payload\):\n {8}return payload\n$/.test(text) &&
        text.split('\n').length < 8
      ),
  );
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\`\`\`\n`;
}

/** What the editor would know besides the files, in words. */
function told(known: Told | undefined): string {
  const lines = [
    ...(known?.facts?.models ?? []).map(
      ({ name, versions }) =>
        `The model \`${name}\` has ${versions.map(({ number, files }) => `\`v${number}\` with ${files.map((file) => `\`${file}\``).join(', ')}`).join(' and ')}.`,
    ),
    ...(known?.facts?.nodeGroups ? [`There are the node groups ${known.facts.nodeGroups.map((group) => `\`${group}\``).join(', ')}.`] : []),
    ...(known?.environment ? [`The environment has ${[...known.environment.modules].map((module) => `\`${module}\``).join(', ')}.`] : []),
  ];
  return lines.length === 0 ? '' : `\n${lines.join(' ')}\n`;
}

function silencing(code: string, source: Page | undefined): string {
  const comment = `# spell: ignore[${code}]`;
  return [
    '## How to silence\n',
    `For one line, write \`${comment}\` at its end. For everywhere, set in the editor's settings${source ? '' : ', with the code of a rule'}:\n`,
    block('json', `"spell.rules.severity": { "${code}": "off" }\n`),
    'Other values are `error`, `warning`, `information` and `hint`.\n',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const unusedSuppressionPage = `# unused-suppression

*information: worth knowing*

A comment \`# spell: ignore[…]\` stands on a line where nothing of the kind is reported, or names a rule that does not exist.

## Why

What it silenced is gone, or it never silenced anything; it would hide the next mistake on its line. Comments for rules
that depend on more than the files, such as what the control plane has, are never reported.

## Instead of

\`\`\`python
return payload  # spell: ignore[load-in-predict]
\`\`\`

## Write

\`\`\`python
return payload
\`\`\`
`;
