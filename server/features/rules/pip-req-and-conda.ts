import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const pipReqAndConda: SpellYamlRule = {
  code: 'pip-req-and-conda',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`pip-req` and `conda-file` stand in one `spell.yaml`.',
    why: 'A conda file describes the whole environment, packages of pip included, so the two exclude each other. `pip` beside `conda-file` is allowed.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\npip-req: requirements.txt\nconda-file: environment.yml\n',
      'requirements.txt': 'numpy\n',
      'environment.yml': 'dependencies: [numpy]\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\npip: [numpy]\nconda-file: environment.yml\n',
      'environment.yml': 'dependencies: [numpy]\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const [requirements, conda] = [server.entries.get('pip-req'), server.entries.get('conda-file')];
      if (requirements && conda)
        yield {
          span: requirements.keySpan,
          message: 'pip-req and conda-file exclude each other: name the packages of pip in the conda file, or use `pip`',
          related: [{ path: file.path, span: conda.keySpan, message: 'conda-file' }],
        };
    }
  },
};
