import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Answer, ask } from './ask.ts';
import type { Behaviour } from './behaviour.ts';
import { bodies } from './behaviours/bodies.ts';
import { background, type Conversation, health, onTheWire, streamsOverTime } from './behaviours/conversations.ts';
import { sentCookies, setCookies } from './behaviours/cookies.ts';
import { errors } from './behaviours/errors.ts';
import { files } from './behaviours/files.ts';
import { forms, wrongForms } from './behaviours/forms.ts';
import { requestHeaders } from './behaviours/request-headers.ts';
import { responses } from './behaviours/responses.ts';
import { streaming } from './behaviours/streams.ts';
import { urls } from './behaviours/urls.ts';
import { differences, prepared } from './ours.ts';
import { type Places, startPlaces, type Way, ways } from './places.ts';

// Each endpoint function runs twice, behind our gateway and under plain Starlette with uvicorn, and is asked the same over
// real sockets: what is expected holds for Starlette first, and the two answers are the same.

/** Headers that each server writes as it likes, and those of the moment. */
const ownHeaders: ReadonlySet<string> = new Set(['date', 'x-request-id', 'connection', 'keep-alive']);

/** How an empty body is framed makes no difference: ours may know that a stream has ended before it began. */
const framing: ReadonlySet<string> = new Set(['transfer-encoding', 'content-length']);

/** What is the same in both places, but for what names this very answer. */
function comparable(answer: Answer, behaviour: Behaviour): unknown {
  const headers = answer.headers
    .filter(([name]) => !ownHeaders.has(name) && (answer.body.length > 0 || !framing.has(name)))
    .map(([name, value]) => [name, value.replace(/boundary=\w+/, 'boundary').replace(/expires=[^;]+/, 'expires')].join(': '));
  return {
    status: answer.status,
    headers: headers.sort(),
    body: behaviour.ownBody ? answer.body.length : answer.body.toString('latin1'),
    whole: answer.whole,
  };
}

const everyWay = Object.keys(ways) as Way[];
/** Where a response may be returned. */
const unbatched: Way[] = ['async', 'plain'];

const themes: [name: string, ways: Way[], behaviours: (way: Way) => Behaviour[]][] = [
  ["a request's headers", everyWay, () => requestHeaders],
  ["a request's address", everyWay, urls],
  ['bodies', everyWay, () => bodies],
  ['forms and uploads', everyWay, () => forms],
  ['forms that are wrong', everyWay, () => wrongForms],
  ['cookies of a request', everyWay, () => sentCookies],
  ['exceptions', everyWay, () => errors],
  ['cookies of a response', unbatched, () => setCookies],
  ['responses', unbatched, () => responses],
  ['files', unbatched, () => files],
  ['streams', unbatched, () => streaming],
];

const conversations: [name: string, ways: Way[], conversations: Conversation[]][] = [
  ['background tasks', unbatched, background],
  ['streams over time', unbatched, streamsOverTime],
  ['on the wire', unbatched, onTheWire],
  ['health', ['async'], health],
];

describe('what Starlette does, through our endpoint', () => {
  let places: Places;
  before(async () => {
    places = await startPlaces();
  });
  after(() => places?.close());

  for (const [theme, asked, behavioursOf] of themes) {
    describe(theme, () => {
      for (const way of asked) {
        for (const behaviour of behavioursOf(way)) {
          it(`${way}: ${behaviour.says}`, async () => {
            const theirs = await ask(places.starlette(way), behaviour.asked);
            behaviour.expect(theirs);
            const ours = await ask(places.ours(way), behaviour.asked);
            behaviour.expect(ours);
            assert.deepEqual(comparable(ours, behaviour), comparable(theirs, behaviour));
          });
        }
      }
    });
  }

  for (const [theme, asked, held] of conversations) {
    describe(theme, () => {
      for (const way of asked) {
        for (const { says, run } of held) {
          it(`${way}: ${says}`, async () => {
            await run(places.starlette(way));
            await run(places.ours(way));
          });
        }
      }
    });
  }

  describe('where we differ, and why is documented', () => {
    for (const way of unbatched) for (const [says, run] of differences) it(`${way}: ${says}`, () => run(places, way));
    it(`a batched predictor's: ${differences[0]?.[0]}`, () => differences[0]?.[1](places, 'batched'));
  });

  describe('prepare', () => {
    for (const [says, run] of prepared) it(says, () => run(places));
  });
});
