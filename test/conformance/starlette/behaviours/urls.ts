import { type Behaviour, seen } from '../behaviour.ts';
import type { Way } from '../places.ts';

const host = 'models.example:8443';

export function urls(way: Way): Behaviour[] {
  const path = `/local/${way}/predict`;
  return [
    seen(
      'the URL is the one that the client used: its Host, the path, the query',
      { endpoint: 'urls.parts', query: '?q=a%20b&n=1' },
      {
        text: `http://${host}${path}?q=a%20b&n=1`,
        scheme: 'http',
        netloc: host,
        hostname: 'models.example',
        port: 8443,
        path,
        query: 'q=a%20b&n=1',
        secure: false,
      },
    ),
    seen(
      'a Host without a port',
      { endpoint: 'urls.parts', headers: ['Host', 'models.example'] },
      {
        text: `http://models.example${path}`,
        scheme: 'http',
        netloc: 'models.example',
        hostname: 'models.example',
        port: null,
        path,
        query: '',
        secure: false,
      },
    ),
    seen(
      'a Host that is an IPv6 address',
      { endpoint: 'urls.parts', headers: ['Host', '[::1]:80'] },
      {
        text: `http://[::1]:80${path}`,
        scheme: 'http',
        netloc: '[::1]:80',
        hostname: '::1',
        port: 80,
        path,
        query: '',
        secure: false,
      },
    ),
    seen(
      'a scheme that a proxy on this machine tells',
      { endpoint: 'urls.parts', headers: ['X-Forwarded-Proto', 'https'] },
      {
        text: `https://${host}${path}`,
        scheme: 'https',
        netloc: host,
        hostname: 'models.example',
        port: 8443,
        path,
        query: '',
        secure: true,
      },
    ),
    seen(
      'the client that a proxy on this machine tells: the last that is no proxy itself',
      {
        endpoint: 'headers.forwarded',
        headers: ['X-Forwarded-For', '198.51.100.1, 203.0.113.7', 'X-Forwarded-For', '127.0.0.1', 'X-Forwarded-Proto', 'nonsense'],
      },
      { host: '203.0.113.7', port: 0, url: `http://${host}${path}`, base: `http://${host}/` },
    ),
    seen(
      'the client that a proxy tells, with its port',
      {
        endpoint: 'headers.forwarded',
        headers: ['X-Forwarded-For', '[2001:db8::7]:4711', 'X-Forwarded-Proto', 'https'],
      },
      { host: '2001:db8::7', port: 4711, url: `https://${host}${path}`, base: `https://${host}/` },
    ),
    seen('path, raw path, root path', { endpoint: 'urls.paths', query: '?x=%20' }, [path, path, '', {}]),
    seen('a URL can be changed', { endpoint: 'urls.changed', query: '?q=1&n=2' }, [
      `http://${host}${path}?q=1&n=2&page=2`,
      `http://${host}${path}?n=2`,
      `https://${host}/other?q=1&n=2`,
    ]),
    seen('base_url is scheme and host', { endpoint: 'urls.base', query: '?a=b' }, `http://${host}/`),
    seen("url_for knows the endpoint's paths by their names", { endpoint: 'urls.named' }, [
      `http://${host}${path}`,
      `http://${host}/local/${way}/health`,
      'No route exists for name "nowhere" and params "".',
    ]),
    seen(
      'query parameters: decoded, repeated ones kept, blank ones too',
      { endpoint: 'urls.query', query: '?q=a+b&q=%C3%BC%26&empty=&q=' },
      {
        items: [
          ['q', 'a b'],
          ['q', 'ü&'],
          ['empty', ''],
          ['q', ''],
        ],
        dict: { q: '', empty: '' },
        q: ['a b', 'ü&', ''],
        text: 'q=a+b&q=%C3%BC%26&empty=&q=',
      },
    ),
    seen('the query as it came', { endpoint: 'urls.raw_query', query: '?a=%zz&&b=1;c?d' }, 'a=%zz&&b=1;c?d'),
  ];
}
