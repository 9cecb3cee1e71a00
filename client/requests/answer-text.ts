import { STATUS_CODES } from 'node:http';
import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import { refusalIn } from '../../runtime/api/http/call-endpoint.ts';
import type { EndpointAnswer } from '../../runtime/api/http/exchange.ts';
import { shownMs } from '../../runtime/api/shown-ms.ts';
import { shownSize } from '../../runtime/api/shown-size.ts';
import { adviceFor } from './advice.ts';
import { prettyJson } from './json-text.ts';
import type { Sent } from './send.ts';

/** An answer as a document: what came of it in comments, then its body. */
export interface AnswerText {
  text: string;
  languageId: 'jsonc' | 'plaintext';
}

/** So much of a body is shown; all of it can be saved. */
const mostShown = 1024 * 1024;

/** Headers that say again what the first lines say, or nothing to a person. */
const dull = new Set([
  'content-length',
  'content-type',
  'x-request-id',
  'server-timing',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
]);

/** The document of a request that was sent. Pure. */
export function answerText(code: Pick<typeof vscode, 'l10n'>, sent: Sent): AnswerText {
  const { l10n } = code;
  const { outcome, url, payload, at } = sent;
  const asked = l10n.t('POST {0} · {1} sent at {2}', url, shownSize(Buffer.byteLength(payload)), at.toLocaleTimeString());
  if (outcome instanceof SpellError) {
    const lines = [l10n.t('No answer: {0}', outcome.message), ...(outcome.hint === undefined ? [] : [outcome.hint]), asked];
    return { text: `${comments(lines)}`, languageId: 'jsonc' };
  }
  const { body, notice, isJson } = shownBody(code, outcome);
  const [line = '', id = ''] = summary(code, outcome);
  const head = [line, ...failure(code, sent.target.name, outcome), id, ...timing(code, outcome), asked, ...notice];
  const headers = Object.entries(outcome.headers).filter(([name]) => !dull.has(name));
  const text = comments([...head, ...headers.map(([name, value]) => `${name}: ${value}`)]) + body;
  return { text, languageId: isJson ? 'jsonc' : 'plaintext' };
}

/** Whether a body is text, by what it is said to be, and by what it is. */
export function isText({ contentType, body }: Pick<EndpointAnswer, 'contentType' | 'body'>): boolean {
  if (!/^(text\/|application\/([\w.-]+\+)?(json|xml|javascript|yaml|x-ndjson))|^$/.test(contentType)) return false;
  return !body.subarray(0, mostShown).includes(0);
}

/** Two lines: an editor beside another one is narrow. */
function summary({ l10n }: Pick<typeof vscode, 'l10n'>, { status, ms, body, contentType, requestId }: EndpointAnswer): string[] {
  const request = requestId === null ? l10n.t('no request id') : l10n.t('request {0}', requestId);
  const lines = [
    [`${status} ${STATUS_CODES[status] ?? ''}`.trim(), `${shownMs(ms)} ms`, shownSize(body.length)],
    [request, contentType],
  ];
  return lines.map((words) => words.filter((word) => word !== '').join(' · '));
}

/** What an error says, and what to do about it. */
function failure(code: Pick<typeof vscode, 'l10n'>, name: string, answer: EndpointAnswer): string[] {
  if (answer.status < 400) return [];
  const refusal = refusalIn(answer);
  return [`${refusal.code}: ${refusal.message.split('\n')[0]}`, adviceFor(code, refusal.code, name)];
}

/** `queue;dur=0.4, predict;dur=10.1` as people read it. */
function timing({ l10n }: Pick<typeof vscode, 'l10n'>, { headers }: EndpointAnswer): string[] {
  const header = headers['server-timing'];
  if (header === undefined) return [];
  const stages = [...header.matchAll(/([\w-]+);dur=([\d.]+)/g)].map(([, stage, ms]) => `${stage} ${ms} ms`);
  return stages.length === 0 ? [] : [l10n.t('Of it in the model server: {0}', stages.join(', '))];
}

function shownBody({ l10n }: Pick<typeof vscode, 'l10n'>, answer: EndpointAnswer): { body: string; notice: string[]; isJson: boolean } {
  const { body, contentType } = answer;
  const size = shownSize(body.length);
  if (body.length === 0) return { body: '', notice: [l10n.t('The body is empty.')], isJson: true };
  if (!isText(answer)) {
    const notice = l10n.t('The body is not text ({0}, {1}) and is not shown. "Save Body…" above writes it to a file.', contentType, size);
    return { body: '', notice: [notice], isJson: true };
  }
  if (body.length > mostShown) {
    const notice = l10n.t(
      'The body is {0}: its first {1} follow. "Save Body…" above writes all of it to a file.',
      size,
      shownSize(mostShown),
    );
    return { body: body.subarray(0, mostShown).toString(), notice: [notice], isJson: false };
  }
  const pretty = /json/.test(contentType) ? prettyJson(body.toString()) : undefined;
  return { body: `${pretty ?? body.toString()}\n`, notice: [], isJson: pretty !== undefined };
}

function comments(lines: readonly string[]): string {
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line) => `// ${line}\n`)
    .join('');
}
