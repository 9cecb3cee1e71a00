import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { FrameReader, freeFrame } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { frameHeaderSize, frameType } from './frames.ts';

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

  describe('give back their memory', () => {
    /** A frame of so many bytes as a read of its own, as a socket makes them. */
    const readOf = (...payloads: number[]): Buffer => {
      const read = Buffer.allocUnsafeSlow(payloads.reduce((sum, payload) => sum + frameHeaderSize + payload, 0));
      let at = 0;
      for (const payload of payloads) {
        read.writeUInt32LE(5 + payload, at);
        at += frameHeaderSize + payload;
      }
      return read;
    };
    const ownCopy = (bytes: Buffer): Buffer => {
      const copy = Buffer.allocUnsafeSlow(bytes.length);
      copy.set(bytes);
      return copy;
    };
    const isFree = (bytes: Uint8Array): boolean => bytes.buffer.byteLength === 0;
    const partsOf = (read: Buffer, ...ends: number[]): Buffer[] =>
      ends.map((end, index) => ownCopy(read.subarray(ends[index - 1] ?? 0, end)));
    const collect = (reads: Buffer[]): Buffer[] => {
      const payloads: Buffer[] = [];
      const reader = new FrameReader((_type, _id, bytes, start, end) => payloads.push(bytes.subarray(start, end)));
      for (const read of reads) reader.push(read);
      return payloads;
    };

    it('when they were read in parts: each part at once, and the frame when nobody needs it any more', () => {
      const reads = partsOf(readOf(300_000), 100_000, 200_000, 300_000 + frameHeaderSize);
      const [payload = Buffer.alloc(0)] = collect(reads);
      assert.deepEqual(reads.map(isFree), [true, true, true]);
      assert.equal(payload.length, 300_000);
      freeFrame(payload);
      assert.ok(isFree(payload));
    });

    it('not while another frame of the same read is in use', () => {
      const read = readOf(20_000, 30_000);
      const payloads = collect([read]);
      for (const payload of payloads) freeFrame(payload);
      assert.ok(!isFree(read));
      assert.deepEqual(
        payloads.map(({ length }) => length),
        [20_000, 30_000],
      );
    });

    it('not a read that a whole frame lies in, beside a part of the next', () => {
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = partsOf(readOf(20_000, 30_000), 40_000, 50_000 + 2 * frameHeaderSize);
      const payloads = collect([first, second]);
      assert.deepEqual([first, second].map(isFree), [false, true]);
      assert.equal(payloads[0]?.length, 20_000);
    });
  });

  it('that cannot be frames are an error', () => {
    const reader = new FrameReader(() => {});
    assert.throws(() => reader.push(Buffer.from('GET / HTTP/1.1\r\n')), /a frame of [0-9]+ bytes/);
  });
});
