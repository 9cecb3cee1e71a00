import assert from 'node:assert/strict';
import type { Answer, Asked } from './ask.ts';

/** What a user of Starlette relies on, with one request that shows it. */
export interface Behaviour {
  says: string;
  asked: Asked;
  /** Holds for the answer of Starlette, which shows that the expectation is Starlette's; then for each of ours. */
  expect(answer: Answer): void;
  /** The body has something of its own connection or moment in it, so that two answers cannot have the same one. */
  ownBody?: boolean;
}

/** The endpoint returns a value, which comes as JSON. */
export function seen(says: string, asked: Asked, value: unknown): Behaviour {
  return { says, asked, expect: (answer) => assert.deepEqual([answer.status, jsonOf(answer)], [200, value]) };
}

/** The endpoint answers with a status and a text. */
export function answered(
  says: string,
  asked: Asked,
  status: number,
  text: string,
  headers: Record<string, string | string[]> = {},
): Behaviour {
  return {
    says,
    asked,
    expect: (answer) => {
      assert.deepEqual([answer.status, answer.body.toString()], [status, text]);
      for (const [name, value] of Object.entries(headers)) {
        const values = answer.headers.filter(([other]) => other === name).map(([, each]) => each);
        assert.deepEqual(values, typeof value === 'string' ? [value] : value, name);
      }
    },
  };
}

export function jsonOf(answer: Answer): unknown {
  const text = answer.body.toString();
  try {
    return JSON.parse(text);
  } catch {
    return assert.fail(`${answer.status}: ${text}`);
  }
}
