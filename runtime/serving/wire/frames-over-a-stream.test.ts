import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { frameType } from './frames.ts';

interface Frame {
  type: number;
  id: number;
  payload: Buffer;
}

/** Everything that a writer wrote, as the frames that a reader sees when the bytes come in pieces of a size. */
async function through(pieceSize: number, write: (writer: FrameWriter) => void): Promise<{ frames: Frame[]; writes: number }> {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      written.push(Buffer.from(chunk));
      done();
    },
  });
  write(new FrameWriter(socket));
  await new Promise((resolve) => setImmediate(resolve));
  const all = Buffer.concat(written);
  const frames: Frame[] = [];
  const reader = new FrameReader((type, id, bytes, start, end) =>
    frames.push({ type, id, payload: Buffer.from(bytes.subarray(start, end)) }),
  );
  for (let at = 0; at < all.length; at += pieceSize) reader.push(all.subarray(at, at + pieceSize));
  return { frames, writes: written.length };
}

describe('frames over a stream', () => {
  const large = Buffer.alloc(300_000, 'x');
  const write = (writer: FrameWriter): void => {
    writer.signal(frameType.ping, 7);
    writer.request(frameType.request, 2 ** 31 - 1, 0, 'req-1', null, Buffer.from('{"a":1}'), null, 7);
    writer.request(frameType.request, 3, 1, 'r', Buffer.from('{}'), large, [Buffer.from('end')], large.length + 3);
    writer.number(frameType.credit, 4, 123_456);
  };

  for (const size of [1, 2, 8, 9, 10, 13, 65_536, 10_000_000]) {
    it(`come out as they went in when read ${size} bytes at a time`, async () => {
      const { frames } = await through(size, write);
      assert.deepEqual(
        frames.map(({ type, id }) => [type, id]),
        [
          [frameType.ping, 7],
          [frameType.request, 2 ** 31 - 1],
          [frameType.request, 3],
          [frameType.credit, 4],
        ],
      );
      assert.equal(frames[1]?.payload.toString('latin1'), '\x00\x05req-1\x00\x00\x00\x00{"a":1}');
      assert.equal(frames[2]?.payload.length, 2 + 1 + 4 + 2 + large.length + 3);
      assert.equal(frames[2]?.payload.subarray(-5).toString(), 'xxend');
      assert.equal(frames[3]?.payload.readUInt32LE(), 123_456);
    });
  }

  it('of one turn go out in one write', async () => {
    const { frames, writes } = await through(1000, (writer) => {
      for (let id = 0; id < 100; id++) writer.request(frameType.request, id, 0, `r${id}`, null, Buffer.from('[]'), null, 2);
    });
    assert.equal(frames.length, 100);
    assert.equal(writes, 1);
  });

  it('that fill the buffer several times lose nothing', async () => {
    const body = Buffer.alloc(10_000, 'y');
    const { frames } = await through(7777, (writer) => {
      for (let id = 0; id < 50; id++) writer.request(frameType.request, id, 0, 'r', null, body, null, body.length);
    });
    assert.deepEqual(
      frames.map(({ id }) => id),
      Array.from({ length: 50 }, (_, id) => id),
    );
    assert.ok(frames.every(({ payload }) => payload.subarray(7).equals(body)));
  });

  it('that cannot be frames are an error', () => {
    const reader = new FrameReader(() => {});
    assert.throws(() => reader.push(Buffer.from('GET / HTTP/1.1\r\n')), /a frame of [0-9]+ bytes/);
  });
});
