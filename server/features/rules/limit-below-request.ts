import { parseMemory } from '../../../runtime/api/quantities.ts';
import { numberOf, type ServerDocument, textOf } from '../../parse/yaml/spell-yaml.ts';
import { plainPredictor } from './examples.ts';
import type { Report, SpellYamlRule } from './rule.ts';

export const limitBelowRequest: SpellYamlRule = {
  code: 'limit-below-request',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: 'A limit of CPU or memory is lower than what is requested.',
    why: 'Pods reserve the request and may use up to the limit; Kubernetes refuses a pod whose limit is the smaller one.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nram-request: 2Gi\nram-limit: 512Mi\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nram-request: 512Mi\nram-limit: 2Gi\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    const readers = { cpu: numberOf, ram: (server: ServerDocument, key: string) => parseMemory(textOf(server, key) ?? '') };
    for (const server of file.servers) {
      for (const [resource, read] of Object.entries(readers)) {
        const [request, limit] = [read(server, `${resource}-request`), read(server, `${resource}-limit`)];
        const [asked, entry] = [server.entries.get(`${resource}-request`), server.entries.get(`${resource}-limit`)];
        if (request === undefined || limit === undefined || !entry || !asked || limit >= request) continue;
        yield {
          span: entry.value,
          message: `${resource}-limit is less than ${resource}-request`,
          related: [{ path: file.path, span: asked.value, message: `${resource}-request` }],
        };
      }
    }
  },
};
