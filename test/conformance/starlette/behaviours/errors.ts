import { answered, type Behaviour } from '../behaviour.ts';

const raises = (name: string, says: string, status: number, text: string, headers: Record<string, string | string[]> = {}): Behaviour =>
  answered(says, { endpoint: `errors.${name}` }, status, text, headers);
const text = { 'content-type': 'text/plain; charset=utf-8' };

/** In `prepare` as in `predict`. */
export const errors: Behaviour[] = [
  raises('unauthorized', 'an HTTPException: its status, its headers, the phrase of the status', 401, 'Unauthorized', {
    ...text,
    'www-authenticate': 'Basic realm="x"',
  }),
  raises('not_acceptable', 'a status by its keyword', 406, 'Not Acceptable', text),
  raises('with_detail', 'a detail of its own', 422, 'no größe', text),
  raises('no_content', '204 as an exception has no body', 204, '', { 'content-length': [] }),
  raises('not_modified', '304 as an exception has headers and no body', 304, '', { etag: '"1"', 'content-length': [] }),
  raises('subclass', 'a subclass of HTTPException', 402, 'out of credit', { 'x-credit': '0' }),
];
