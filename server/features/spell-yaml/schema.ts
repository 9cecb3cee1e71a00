import * as z from 'zod/mini';
import { maxNameLength } from '../../../runtime/api/names.ts';
import { describeKey } from './describe.ts';
import { type Key, keys } from './keys.ts';

type Json = Record<string, unknown>;

const text = { type: 'string', minLength: 1 };
const name = { type: 'string', maxLength: maxNameLength, pattern: '^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$' };

/** The JSON schema of `spell.yaml`: every key as people write it, with what it means. Underscores stand for dashes. */
export function spellYamlSchema(): Json {
  const properties: Json = {};
  const patterns: Json = {};
  for (const key of keys.values()) {
    const schema = {
      ...ofKey(key),
      ...(key.default === undefined ? {} : { default: key.default }),
      description: plain(describeKey(key)),
      markdownDescription: describeKey(key),
    };
    properties[key.name] = schema;
    // The same key with underscores is accepted, and not offered.
    if (key.name.includes('-')) patterns[`^${key.name.replaceAll('-', '[-_]')}$`] = { $ref: `#/properties/${key.name}` };
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'spell.yaml',
    description: 'A model server: its predictor, model, packages and scaling.',
    type: 'object',
    properties,
    patternProperties: patterns,
    additionalProperties: false,
    required: ['entrypoint'],
  };
}

function ofKey(key: Key): Json {
  switch (key.kind) {
    case 'text':
      return key.name === 'server-name' ? name : { type: ['string', 'number'] };
    case 'list':
      return { oneOf: [text, { type: 'array', items: { type: ['string', 'number'] } }] };
    case 'number':
      return numeric(key);
    case 'bytes':
      return {
        oneOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti)$' },
        ],
      };
    case 'memory':
      return {
        oneOf: [
          { type: 'number', exclusiveMinimum: 0 },
          { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti)?$' },
        ],
      };
    case 'switch':
      return { type: 'boolean' };
    case 'choice':
      return { enum: key.values };
    case 'environment':
      return {
        oneOf: [
          {
            type: 'object',
            propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
            additionalProperties: { type: ['string', 'number', 'boolean'] },
          },
          { type: 'array', items: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*=' } },
        ],
      };
    case 'configuration':
      return { oneOf: [text, { type: 'object' }] };
    default:
      return text;
  }
}

/** The limits of a number, from the setting's own schema. */
function numeric(key: Key): Json {
  if (!key.schema) return { type: 'number' };
  const { $schema: _, ...schema } = z.toJSONSchema(key.schema, { target: 'draft-7' }) as Json;
  return schema;
}

function plain(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/g, '').replaceAll(/\.?\n\n/g, '. ');
}
