import { plainPredictor } from './examples.ts';
import type { Report, YamlRule } from './rule.ts';

export const yamlSyntax: YamlRule = {
  code: 'yaml-syntax',
  severity: 'error',
  subject: 'yaml',
  page: {
    what: 'A `spell.yaml` or a config is not YAML (or not JSON).',
    why: 'Serving from it is refused. An editor that has another language server for YAML leaves this to it.',
    bad: { 'spell.yaml': 'entrypoint: predictor.py\npip: [numpy\n', 'predictor.py': plainPredictor },
    good: { 'spell.yaml': 'entrypoint: predictor.py\npip: [numpy]\n', 'predictor.py': plainPredictor },
  },
  *check(file): Generator<Report> {
    if (file.world.yamlElsewhere) return;
    // What follows the first mistake is often only its consequence.
    const [first] = file.yaml.problems;
    if (!first) return;
    const end = file.lines.end(file.lines.lineAt(first.from));
    yield {
      span: { from: first.from, to: Math.max(first.from, Math.min(first.to, end)) },
      message: `this is not ${file.path.endsWith('.json') ? 'JSON' : 'YAML'}: ${first.message}`,
    };
  },
};
