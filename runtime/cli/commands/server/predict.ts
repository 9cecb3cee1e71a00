import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SpellError } from '../../../api/errors.ts';
import { askEndpoint } from '../../../api/http/ask-endpoint.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { showAnswer } from './show-answer.ts';

export const predict = command({
  name: 'server predict',
  summary: 'Sends one request to a model server and prints the answer',
  details: 'Without --json the body is read from standard input.',
  arguments: { name: { doc: 'the model server' } },
  options: { json: { kind: 'value', value: 'JSON|FILE', doc: 'the body: JSON itself, a file that holds it, or - for standard input' } },
  example: `
spell server predict digits --json '{"pixels": [0, 1, 2]}'
spell server predict digits --json payload.json
cat payload.json | spell server predict digits`,
  run: async (context, { name, json }) => {
    const body = await readBody(context, json);
    const client = await context.controlPlane.connect();
    showAnswer(context, await askEndpoint(client, { owner: context.owner, name, verb: 'predict', body }));
  },
});

/** The bytes to send, untouched: whether they are what the predictor wants is for the endpoint to say. */
async function readBody({ terminal, cwd }: Context, json: string | undefined): Promise<Buffer> {
  if (json === undefined && terminal.isTyped) {
    throw new SpellError(
      'usage',
      'there is nothing to send',
      "give it with --json JSON|FILE, or pipe it in: echo '{}' | spell server predict NAME",
    );
  }
  if (json === undefined || json === '-') return terminal.readInput();
  const file = json.startsWith('@') ? json.slice(1) : json;
  const content = await readFile(resolve(cwd, file)).catch(() => undefined);
  if (content) return content;
  if (isJson(json)) return Buffer.from(json);
  throw new SpellError(
    'bad-path',
    `--json: ${JSON.stringify(json)} is neither JSON nor a file`,
    `quote it for the shell, as in --json '{"a": 1}', or name a file`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
