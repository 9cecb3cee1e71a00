import { compactJson } from './json-text.ts';

/** The command line that the control plane names, with a payload in place of its empty object. For POSIX shells, as it is. */
export function curlWith(curl: string, payload: string | undefined): string {
  if (payload === undefined) return curl;
  return curl.replace(/-d '\{\}'$/, () => `-d '${compactJson(payload).replaceAll("'", `'\\''`)}'`);
}
