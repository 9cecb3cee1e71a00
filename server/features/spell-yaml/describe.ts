import type { Key } from './keys.ts';

const written: Partial<Record<Key['kind'], string>> = {
  list: 'a text, or a list of texts',
  number: 'a number',
  bytes: 'bytes, or a number with `Ki`, `Mi` or `Gi`',
  memory: 'MiB, or a number with a unit: `512Mi`, `2Gi`',
  switch: '`true` or `false`',
  environment: 'a mapping, or a list of `NAME=VALUE`',
  configuration: 'a path, or a mapping written inline',
};

/** What a setting is, how it is written, and what applies without it; in Markdown. */
export function describeKey(key: Key): string {
  const how = key.values ? key.values.map((value) => `\`${value}\``).join(' or ') : written[key.kind];
  const lines = [`**${key.name}**: ${key.doc}`];
  if (how !== undefined) lines.push(`Written as ${how}.`);
  if (key.default !== undefined && !(Array.isArray(key.default) && key.default.length === 0))
    lines.push(`Default: \`${String(key.default)}\`.`);
  return lines.join('\n\n');
}
