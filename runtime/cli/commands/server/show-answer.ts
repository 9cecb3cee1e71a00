import type { EndpointAnswer } from '../../../api/http/exchange.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../terminal/json.ts';

/**
 * Prints an endpoint's answer as it came; a text gets a line feed at its end. With `-o json` it is one JSON document
 * whatever it was: a text becomes a string, bytes a string in base64.
 */
export function showAnswer(context: Context, { contentType, body }: EndpointAnswer): void {
  const { terminal, output } = context;
  const isJson = /^application\/([\w.-]+\+)?json\b/.test(contentType);
  const isText = isJson || contentType.startsWith('text/') || body.length === 0;
  if (output === 'json') {
    if (isJson) terminal.print(body.toString().trimEnd());
    else printJson(context, body.toString(isText ? 'utf8' : 'base64'));
    return;
  }
  terminal.printBytes(body);
  if (isText && body.length > 0 && body.at(-1) !== 0x0a) terminal.print('');
}
