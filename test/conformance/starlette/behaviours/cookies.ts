import { answered, type Behaviour, seen } from '../behaviour.ts';

const sent = (header: string, cookies: Record<string, string>, says: string): Behaviour =>
  seen(says, { endpoint: 'cookies.sent', headers: ['Cookie', header] }, cookies);

export const sentCookies: Behaviour[] = [
  sent('a=1; b=two', { a: '1', b: 'two' }, 'cookies by their names'),
  sent('django_language=en; csrf="a\\"b"; empty=', { django_language: 'en', csrf: 'a"b', empty: '' }, 'quoted and empty ones'),
  sent('a=b; Domain=x; a=c; =novalue; alone', { a: 'c', Domain: 'x', '': 'alone' }, 'odd ones, as browsers read them'),
  sent('k=d|s|[h="http://x/?a=b&c", n=[]]', { k: 'd|s|[h="http://x/?a=b&c", n=[]]' }, 'what is no cookie by the letter'),
  seen('no cookies', { endpoint: 'cookies.sent' }, {}),
];

/** A response's: each is a header of its own. */
export const setCookies: Behaviour[] = [
  answered('several cookies are as many headers', { endpoint: 'cookies.several' }, 200, '{"cookies":3}', {
    'set-cookie': [
      'session=abc; Path=/; SameSite=lax',
      'theme="dark mode"; Domain=example.com; Max-Age=60; Path=/local; SameSite=lax',
      'token="a\\"b\\073c"; HttpOnly; Path=/; SameSite=strict; Secure',
    ],
  }),
  answered('a cookie without path and SameSite', { endpoint: 'cookies.without_attributes' }, 200, 'one', { 'set-cookie': 'plain=1' }),
  answered('a cookie that expires', { endpoint: 'cookies.expiring' }, 200, 'later', {
    'set-cookie': 'kept=1; expires=Tue, 19 Jan 2038 03:14:07 GMT; Max-Age=10; Path=/; SameSite=lax',
  }),
];
