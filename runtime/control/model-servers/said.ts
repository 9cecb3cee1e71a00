import { SpellError } from '../../api/errors.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import type { UpdateRequest } from '../../api/objects.ts';
import { flagOf, type SettingKey, type Settings, settingKeys } from '../../api/settings.ts';

/** Keys that an update cannot restore: they have no default. */
const needed: readonly SettingKey[] = ['server-name', 'entrypoint'];

/**
 * What is said after an update (`spec/behaviour.md` §4): what the update does not mention stays, a list or mapping
 * takes the place of the whole former one, and `unset` restores a default. With `replace` nothing stays but the entrypoint.
 *
 * Throws `usage` when the update says nothing at all, or sets and unsets one key; `bad-setting` for what cannot be
 * changed.
 */
export function updateSaid(former: Settings, { settings = {}, unset = [], code, replace }: UpdateRequest, name: string): Settings {
  const base = replace ? { ...(former.entrypoint !== undefined && { entrypoint: former.entrypoint }) } : former;
  const { 'server-name': newName, ...changed } = settings;
  if (newName !== undefined && newName !== name) {
    throw new SpellError(
      'bad-setting',
      `the name of a model server stays: ${JSON.stringify(name)} cannot become ${JSON.stringify(newName)}`,
      'serve it under the new name, and remove this one',
    );
  }
  if (Object.keys(changed).length === 0 && unset.length === 0 && code === undefined && !replace) throw nothingSaid();
  if (changed.entrypoint !== undefined && code === undefined) {
    throw new SpellError(
      'bad-request',
      'settings.entrypoint was sent without code',
      'send `code`, the snapshot that this entrypoint is a file of',
    );
  }
  const dropped = unset.map((key) => checkUnset(key, changed));
  if (turnsBatchingOn(changed) && base['enable-batching'] === false) dropped.push('enable-batching');
  const kept = Object.fromEntries(Object.entries({ ...base, ...changed }).filter(([key]) => !dropped.includes(key as SettingKey)));
  return { ...kept, ...(code && { entrypoint: code.entrypoint }) };
}

/** Either number alone turns batching on (`spec/behaviour.md` §3), also where an earlier update turned it off. */
function turnsBatchingOn(changed: Settings): boolean {
  const number = changed['max-batch-size'] ?? changed['request-timeout'];
  return number !== undefined && changed['enable-batching'] === undefined;
}

function checkUnset(key: string, changed: Settings): SettingKey {
  const known = settingKeys.find((each) => each === key);
  if (known === undefined)
    throw new SpellError('bad-setting', `there is no setting ${JSON.stringify(key)} to unset`, nearNamesHint(key, settingKeys));
  if (needed.includes(known))
    throw new SpellError('bad-setting', `${known} has no default to go back to`, `give another one with ${flagOf(known)}`);
  if (changed[known] !== undefined)
    throw new SpellError('usage', `${flagOf(known)} and --unset ${known} exclude each other`, 'leave one of them out');
  return known;
}

function nothingSaid(): SpellError {
  const flags = settingKeys.filter((key) => key !== 'server-name').map(flagOf);
  return new SpellError(
    'usage',
    'the update says nothing that should change',
    `say what: ${flags.join(' ')} --unset; code is taken again only with --entrypoint or --from-file`,
  );
}
