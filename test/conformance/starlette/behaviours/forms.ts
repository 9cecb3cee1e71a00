import { createHash } from 'node:crypto';
import { answered, type Behaviour, seen } from '../behaviour.ts';

const urlencoded = ['Content-Type', 'application/x-www-form-urlencoded'];
const multipart = ['Content-Type', 'multipart/form-data; boundary=x1y2'];

/** A part's header lines and its content. */
type Part = [head: string, content: string | Buffer];

function field(name: string, content: string): Part {
  return [`Content-Disposition: form-data; name="${name}"`, content];
}

function file(name: string, filename: string, content: string | Buffer, type: string = 'text/plain'): Part {
  return [`Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}`, content];
}

function parts(...all: Part[]): Buffer {
  const pieces = all.flatMap(([head, content]) => [`--x1y2\r\n${head}\r\n\r\n`, content, '\r\n']);
  return Buffer.concat([...pieces, '--x1y2--\r\n'].map((piece) => Buffer.from(piece)));
}

function upload(endpoint: string, ...all: Part[]): { endpoint: string; headers: string[]; body: Buffer } {
  return { endpoint: `forms.${endpoint}`, headers: multipart, body: parts(...all) };
}

const shownFile = (filename: string, content: string, type: string = 'text/plain'): object => ({
  filename,
  type,
  size: Buffer.byteLength(content),
  content,
});
const letters = Buffer.alloc(1_500_000, 'abcdefghijklmnopqrstuvwxyz');

export const forms: Behaviour[] = [
  seen(
    'a form',
    { endpoint: 'forms.fields', headers: urlencoded, body: 'some=data&abc=123%20%40&plus=a+b' },
    {
      some: 'data',
      abc: '123 @',
      plus: 'a b',
    },
  ),
  seen(
    'names and values in UTF-8, percent-encoded',
    { endpoint: 'forms.fields', headers: urlencoded, body: 'gr%C3%B6%C3%9Fe=%E6%96%87' },
    {
      größe: '文',
    },
  ),
  seen(
    'a repeated field, and a blank one',
    { endpoint: 'forms.lists', headers: urlencoded, body: 'tag=a&tag=b&other=&tag=' },
    {
      all: ['a', 'b', ''],
      one: '',
      length: 2,
    },
  ),
  seen('an empty form', { endpoint: 'forms.fields', headers: urlencoded, body: '' }, {}),
  seen(
    'a body of another type is no form',
    { endpoint: 'forms.fields', headers: ['Content-Type', 'application/json'], body: '{"a": 1}' },
    {},
  ),
  seen('a body without a type is no form', { endpoint: 'forms.fields', body: 'a=b' }, {}),
  seen('form() gives the same form again', { endpoint: 'forms.same', headers: urlencoded, body: 'a=b' }, true),
  seen('a form after body()', { endpoint: 'forms.after_body', headers: urlencoded, body: 'a=b&c=d' }, [7, { a: 'b', c: 'd' }]),
  seen('fields in parts', upload('fields', field('some', 'data'), field('größe', 'ü\r\nzwei')), { some: 'data', größe: 'ü\r\nzwei' }),
  seen('an upload: name, type, size, content', upload('fields', file('file', 'test.txt', '<file content>')), {
    file: shownFile('test.txt', '<file content>'),
  }),
  seen('an upload of any bytes', upload('fields', file('file', 'a.bin', Buffer.from([0, 13, 10, 45, 45, 255]), 'application/x-own')), {
    file: { filename: 'a.bin', type: 'application/x-own', size: 6, content: '\u0000\r\n--ÿ' },
  }),
  seen('an empty upload', upload('fields', file('file', 'empty.txt', '')), { file: shownFile('empty.txt', '') }),
  seen('uploads and fields together, in their order', upload('items', field('a', '1'), file('f', 'f.txt', 'content'), field('b', '2')), [
    ['a', '1'],
    ['f', shownFile('f.txt', 'content')],
    ['b', '2'],
  ]),
  seen('several uploads of one name', upload('lists', file('tag', 'a.txt', 'A'), file('tag', 'b.txt', 'B')), {
    all: [shownFile('a.txt', 'A'), shownFile('b.txt', 'B')],
    one: { ...shownFile('b.txt', 'B'), content: '' },
    length: 1,
  }),
  seen("a file's name in UTF-8", upload('fields', file('file', '文書.txt', 'x')), { file: shownFile('文書.txt', 'x') }),
  seen(
    'the charset of the form',
    {
      ...upload('fields', ['Content-Disposition: form-data; name="a"', Buffer.from('Größe', 'latin1')]),
      headers: ['Content-Type', 'multipart/form-data; charset=latin-1; boundary=x1y2'],
    },
    { a: 'Größe' },
  ),
  seen("a part's own headers", upload('part_headers', ['X-Custom: f2\r\nContent-Disposition: form-data; name="file"; filename="a"', 'x']), [
    ['x-custom', 'f2'],
    ['content-disposition', 'form-data; name="file"; filename="a"'],
  ]),
  seen('`async with request.form()` closes the files', upload('closed', file('file', 'a', 'x')), [false, true]),
  seen('an upload can be written to', upload('written', file('file', 'a', 'what came')), ['what came and more', 18]),
  seen('an upload that is kept on the disk: read in pieces, sought in', upload('large', file('file', 'a', letters)), [
    letters.length,
    createHash('sha256').update(letters).digest('hex'),
    'klmno',
  ]),
  seen(
    'a form in chunks that are cut anywhere',
    { ...upload('fields'), body: sliced(parts(field('a', '1'), file('f', 'f.txt', 'content')), 7) },
    {
      a: '1',
      f: shownFile('f.txt', 'content'),
    },
  ),
];

/** What is wrong with a form is answered 400. */
export const wrongForms: Behaviour[] = [
  answered(
    'no boundary',
    { ...upload('fields', field('a', '1')), headers: ['Content-Type', 'multipart/form-data'] },
    400,
    'Missing boundary in multipart.',
  ),
  answered(
    'a part without a name',
    upload('fields', ['Content-Disposition: form-data', 'x']),
    400,
    'The Content-Disposition header field "name" must be provided.',
  ),
  answered(
    'more files than the endpoint takes',
    upload('few', file('a', 'a', '1'), file('b', 'b', '2')),
    400,
    'Too many files. Maximum number of files is 1.',
  ),
  answered(
    'more fields than the endpoint takes',
    upload('few', field('a', '1'), field('b', '2'), field('c', '3')),
    400,
    'Too many fields. Maximum number of fields is 2.',
  ),
  answered('a larger field than the endpoint takes', upload('few', field('a', 'x'.repeat(17))), 400, 'Part exceeded maximum size of 0KB.'),
];

function sliced(content: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(content.length / size) }, (_, at) => content.subarray(at * size, (at + 1) * size));
}
