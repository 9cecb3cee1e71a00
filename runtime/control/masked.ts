import type { Settings } from '../api/settings.ts';

/** What stands where a secret would. */
const mask = '***';

/** Settings as they may be shown: values of `env` are masked, and so is who logs in to an address inside a requirement. */
export function maskSettings(settings: Settings): Settings {
  const { env, pip, 'pip-req': requirements } = settings;
  return {
    ...settings,
    ...(env && { env: Object.fromEntries(Object.keys(env).map((name) => [name, mask])) }),
    ...(pip && { pip: pip.map(maskCredentials) }),
    ...(requirements && { 'pip-req': { ...requirements, lines: requirements.lines.map(maskCredentials) } }),
  };
}

/** `https://user:secret@host/…` without the part that lets somebody in. */
export function maskCredentials(text: string): string {
  return text.replaceAll(/(?<=:\/\/)[^/@\s]+(?=@)/g, mask);
}
