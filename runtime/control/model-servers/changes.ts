import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../api/objects.ts';
import { type SettingKey, type SettingRow, settingKeys, settings } from '../../api/settings.ts';
import type { PinnedModel, PinnedMount, RevisionSpec } from '../../platform/platform.ts';
import { maskSettings } from '../masked.ts';

/** Keys whose difference is told otherwise, or not at all. */
const toldApart: readonly SettingKey[] = ['server-name', 'model', 'entrypoint'];

/** What differs between two revisions, one short phrase each (`min-pods: 1 → 2`, `code: 3 files`, `model: cifar v1 → v2`). Empty when nothing does. */
export function changesBetween(before: RevisionSpec, after: RevisionSpec, manifestOf: (digest: string) => Manifest): string[] {
  return [
    ...modelChanges(before.models, after.models),
    ...mountChanges(before.mounts, after.mounts),
    ...codeChanges(before.code, after.code, manifestOf),
    ...settingKeys.filter((key) => !toldApart.includes(key)).flatMap((key) => settingChanges(key, before, after)),
  ];
}

function modelChanges(before: PinnedModel[], after: PinnedModel[]): string[] {
  const old = new Map(before.map((model) => [model.name, model]));
  const phrases = after.flatMap((model) => {
    const was = old.get(model.name);
    old.delete(model.name);
    if (was?.version === model.version) return [];
    return [was ? `model: ${model.name} ${was.version} → ${model.version}` : `model: + ${model.name} ${model.version}`];
  });
  return [...phrases, ...[...old.values()].map(({ name, version }) => `model: − ${name} ${version}`)];
}

/** Mounts whose resource changed without their being named otherwise: the setting itself is told with the others. */
function mountChanges(before: PinnedMount[] = [], after: PinnedMount[] = []): string[] {
  const old = new Map(before.map((mount) => [`${mount.resource}:${mount.path}`, mount.manifest]));
  const renewed = after.filter(({ resource, path, manifest }) => (old.get(`${resource}:${path}`) ?? manifest) !== manifest);
  return renewed.map(({ resource }) => `mounts: ~ ${resource}`);
}

function codeChanges(before: RevisionSpec['code'], after: RevisionSpec['code'], manifestOf: (digest: string) => Manifest): string[] {
  const phrases = before.entrypoint === after.entrypoint ? [] : [`entrypoint: ${before.entrypoint} → ${after.entrypoint}`];
  if (before.manifest === after.manifest) return phrases;
  const digests = (files: Manifest): Map<string, string> =>
    new Map(files.map((file) => [file.path, `${file.digest}${file.executable ?? false}`]));
  const [old, now] = [digests(manifestOf(before.manifest)), digests(manifestOf(after.manifest))];
  const changed = new Set([...old.keys(), ...now.keys()].filter((path) => old.get(path) !== now.get(path)));
  return [...phrases, `code: ${changed.size === 1 ? [...changed][0] : `${changed.size} files`}`];
}

function settingChanges(key: SettingKey, before: RevisionSpec, after: RevisionSpec): string[] {
  const [was, is] = [before.settings[key], after.settings[key]];
  if (isDeepStrictEqual(was, is)) return [];
  // Values of env are secrets, so only names are told; which of them changed shows before they are masked.
  if (key === 'env') return namedChanges('env', before.settings.env, after.settings.env);
  if (key === 'config') return namedChanges('config', before.settings.config?.values, after.settings.config?.values);
  const [old, now] = [maskSettings(before.settings)[key], maskSettings(after.settings)[key]];
  if (Array.isArray(old ?? now)) return [`${key}: ${listChanges((old ?? []) as string[], (now ?? []) as string[])}`];
  if (!isScalar(was ?? null) || !isScalar(is ?? null)) return [key];
  const { default: fallback, path }: SettingRow = settings[key];
  const show = path ? shownPath : shown;
  return [`${key}: ${show(old)} → ${show(now)}${fallback !== undefined && is === fallback ? ' (default)' : ''}`];
}

/** `env: + TOKEN, ~ MODE, − OLD`: added, changed, gone. */
function namedChanges(key: string, was: Record<string, unknown> = {}, is: Record<string, unknown> = {}): string[] {
  const phrases = [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    if (!Object.hasOwn(was, name)) return [`+ ${name}`];
    if (!Object.hasOwn(is, name)) return [`− ${name}`];
    return isDeepStrictEqual(was[name], is[name]) ? [] : [`~ ${name}`];
  });
  return phrases.length === 0 ? [key] : [`${key}: ${phrases.join(', ')}`];
}

function listChanges(was: string[], is: string[]): string {
  const phrases = [
    ...is.filter((each) => !was.includes(each)).map((each) => `+ ${each}`),
    ...was.filter((each) => !is.includes(each)).map((each) => `− ${each}`),
  ];
  return phrases.length === 0 ? 'another order' : phrases.join(', ');
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Paths differ at their ends. */
function shownPath(value: unknown): string {
  if (value === undefined) return 'none';
  const text = String(value);
  return text.length > 40 ? `…${text.slice(-39)}` : text;
}
