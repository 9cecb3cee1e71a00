import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path that stands for a URI inside the server (`parse/project/paths.ts`). Undefined for what names no file: untitled documents, cells. */
export function pathOfUri(uri: string): string | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  try {
    if (scheme === 'file') return drive(fileURLToPath(uri).replaceAll('\\', '/'));
    const [, authority, path] = /^[^:]+:\/\/([^/]*)(\/[^?#]*)/.exec(uri) ?? [];
    if (authority === undefined || path === undefined) return `${scheme}:/${decodeURIComponent(uri.slice(scheme.length + 1))}`;
    return `${scheme}://${authority}${decodeURIComponent(path)}`;
  } catch {
    return undefined;
  }
}

/** Windows has `C:` and `c:` for one drive. */
function drive(path: string): string {
  return /^[A-Z]:/.test(path) ? path.charAt(0).toLowerCase() + path.slice(1) : path;
}

/** The URI of a path, for files that the client did not name itself. */
export function uriOfPath(path: string): string {
  const [, scheme, authority, rest] = /^([A-Za-z][A-Za-z0-9+.-]+):\/\/([^/]*)(\/.*)$/.exec(path) ?? [];
  if (scheme !== undefined && rest !== undefined)
    return `${scheme}://${authority ?? ''}${rest.split('/').map(encodeURIComponent).join('/')}`;
  return pathToFileURL(path).href;
}

/** Whether a path is one of this machine's disk. */
export function isOnDisk(path: string): boolean {
  return /^(?:\/|[A-Za-z]:\/)/.test(path);
}
