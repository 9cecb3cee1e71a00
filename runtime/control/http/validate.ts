import type * as z from 'zod/mini';
import { type ErrorCode, SpellError } from '../../api/errors.ts';
import { nearNamesHint } from '../../api/near-names.ts';
import { flagOf, type SettingKey, type SettingRow, settingKeys, settings } from '../../api/settings.ts';

/**
 * Checks a value against a route's schema and returns what the schema makes of it. Throws `bad-request` with the path
 * and the problem; for the settings of a model server `bad-setting` or `bad-name`, in the words of the flags.
 */
export function validate<O>(schema: z.ZodMiniType<O>, value: unknown, part: 'body' | 'query'): O {
  const result = checked(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw new SpellError('bad-request', `the ${part} is not as this route wants it`);
  throw issue.path[0] === 'settings'
    ? settingError(issue, value)
    : new SpellError('bad-request', `${place(part, issue.path)} ${problem(issue, value)}`);
}

/** A schema descends as deep as the value goes; a value made to be deep ends here and not in a crash. */
function checked<O>(schema: z.ZodMiniType<O>, value: unknown): z.core.util.SafeParseResult<O> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) throw new SpellError('bad-request', 'the body is nested too deeply', undefined, { cause: error });
    throw error;
  }
}

function settingError(issue: z.core.$ZodIssue, value: unknown): SpellError {
  const key = issue.path[1];
  if (typeof key !== 'string' || !isSettingKey(key)) {
    const unknown = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : '';
    return new SpellError('bad-setting', `there is no setting ${JSON.stringify(unknown)}`, nearNamesHint(unknown, settingKeys));
  }
  const code: ErrorCode = issue.code === 'custom' ? 'bad-name' : 'bad-setting';
  const { doc, flag }: SettingRow = settings[key];
  const hint = `${flagOf(key)}${flag.value === undefined ? '' : ` ${flag.value}`}: ${doc}`;
  const message = issue.code === 'custom' ? issue.message : `${issue.path.slice(1).join('.')} ${problem(issue, value)}`;
  return new SpellError(code, message, hint);
}

function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settings, key);
}

/** `the body's files.0.path`, or `the body` for the whole of it. */
function place(part: string, path: PropertyKey[]): string {
  return path.length === 0 ? `the ${part}` : `${path.map(String).join('.')} in the ${part}`;
}

/** What is wrong, as the rest of a sentence, with the value that was found. */
function problem(issue: z.core.$ZodIssue, root: unknown): string {
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
  const not = `, not ${shown(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined ? 'is missing' : `must be ${withArticle(issue.expected)}${not}`;
    case 'unrecognized_keys':
      return `has the unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'is empty';
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}${not}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${not}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}${not}`;
    case 'invalid_format':
      return `has the wrong form: ${shown(found)}`;
    case 'custom':
      return issue.message ?? 'is not right';
    default:
      return `is not right: ${shown(found)}`;
  }
}

/** A value short enough for a sentence. */
function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function withArticle(type: string): string {
  const name = { int: 'whole number', record: 'object' }[type] ?? type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}
