import type { Span } from '../../parse/text/span.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const envEntry: SpellYamlRule = {
  code: 'env-entry',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'An entry of `env` has no value, or a name that no environment variable can have.',
    why: 'Serving is refused. A list has `NAME=VALUE` entries, split at the first `=`; a mapping has names and texts. Names are letters, digits and "_", not beginning with a digit.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nenv:\n  - LOG-LEVEL=info\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenv:\n  - LOG_LEVEL=info\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const value = server.entries.get('env')?.value;
      if (!value) continue;
      if (value.kind === 'map') {
        for (const entry of value.entries) {
          yield* nameProblems(entry.key, entry.keySpan);
          if (entry.value.kind !== 'scalar') yield { span: entry.value, message: `${entry.key} takes a text` };
        }
        continue;
      }
      for (const item of value.kind === 'list' ? value.items : [value]) {
        if (item.kind !== 'scalar') yield { span: item, message: 'an entry of env is NAME=VALUE' };
        else if (item.value !== null && !item.source.includes('='))
          yield { span: item, message: `${JSON.stringify(item.source)} has no "=": write NAME=VALUE` };
        else if (item.value !== null) yield* nameProblems(item.source.slice(0, item.source.indexOf('=')), item);
      }
    }
  },
};

function* nameProblems(name: string, span: Span): Generator<Report> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    yield {
      span,
      message: `${JSON.stringify(name)} is no name of an environment variable: letters, digits and "_", not beginning with a digit`,
    };
}
