import { mask } from '../api/secret-mask.ts';
import type { CondaFile, Settings } from '../api/settings.ts';

/** Settings as they may be shown: values of variables are masked, and so is who logs in to an address inside a requirement. */
export function maskSettings(settings: Settings): Settings {
  const { env, pip, 'pip-req': requirements, 'conda-file': conda } = settings;
  return {
    ...settings,
    ...(env && { env: maskValues(env) }),
    ...(pip && { pip: pip.map(maskCredentials) }),
    ...(requirements && { 'pip-req': { ...requirements, lines: requirements.lines.map(maskCredentials) } }),
    ...(conda && { 'conda-file': { ...conda, content: maskConda(conda.content) } }),
  };
}

function maskConda({ channels, dependencies, variables }: CondaFile['content']): CondaFile['content'] {
  return {
    ...(channels && { channels: channels.map(maskCredentials) }),
    dependencies: dependencies.map((each) => (typeof each === 'string' ? maskCredentials(each) : { pip: each.pip.map(maskCredentials) })),
    ...(variables && { variables: maskValues(variables) }),
  };
}

function maskValues(variables: object): Record<string, string> {
  return Object.fromEntries(Object.keys(variables).map((name) => [name, mask]));
}

/** `https://user:secret@host/…`, and conda's `https://host/t/TOKEN/…`, without the part that lets somebody in. */
export function maskCredentials(text: string): string {
  return text.replaceAll(/(?<=:\/\/)[^/@\s]+(?=@)|(?<=:\/\/[^/\s]+\/t\/)[^/\s]+(?=\/)/g, mask);
}
