import { Duplex, PassThrough } from 'node:stream';
import { type ReleaseReason, releaseReasons } from '../../api/traffic.ts';
import type { SpawnWorker, WorkerCommand, WorkerExit, WorkerProcess } from '../pool/worker-process.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { frameHeaderSize, frameType, type ReadyMessage, requestKind, stagesSize } from '../wire/frames.ts';
import type { FakeClock } from './fake-clock.ts';
import { until } from './until.ts';

/** How long a request's stages in the worker took, in milliseconds. */
export interface Times {
  waited?: number;
  prepared?: number;
  predicted?: number;
}

function stages({ waited = 0, prepared = 0, predicted = 0 }: Times = {}): Buffer {
  const bytes = Buffer.alloc(stagesSize);
  for (const [index, ms] of [waited, prepared, predicted].entries()) bytes.writeFloatLE(ms / 1000, 4 * index);
  return bytes;
}

/** A request as a worker gets it. */
export interface ReceivedRequest {
  id: number;
  kind: number;
  requestId: string;
  head: string;
  body: string;
}

/** A large body, as far as it has come. */
export interface ReceivedBody {
  bytes: Buffer;
  end: 'whole' | 'broken' | null;
}

/** A worker without a process: the test decides what it says, and when it dies. */
export class FakeWorker implements WorkerProcess {
  readonly pid: number;
  readonly command: WorkerCommand;
  readonly channel: Duplex;
  readonly stdout: PassThrough = new PassThrough();
  readonly stderr: PassThrough = new PassThrough();
  readonly exited: Promise<WorkerExit>;
  /** What it received, in order. */
  readonly requests: ReceivedRequest[] = [];
  /** Types and ids of all other frames that it received. */
  readonly signals: { type: number; id: number; payload: string }[] = [];
  /** The large bodies that were sent to it, by their requests' ids. */
  readonly bodies: Map<number, ReceivedBody> = new Map();
  killed = false;
  answersPings = true;
  /** Its answers leave. While they do not, they are found when it has died. */
  sends = true;
  readonly #unsent: Buffer[] = [];
  /** What it has stored in its file descriptor 4. */
  begun = 0;
  #exit: (exit: WorkerExit) => void = () => {};
  readonly #arrived: (worker: FakeWorker) => void;

  constructor(pid: number, command: WorkerCommand, arrived: (worker: FakeWorker) => void) {
    this.pid = pid;
    this.command = command;
    this.#arrived = arrived;
    const reader = new FrameReader((type, id, bytes, start, end) => this.#receive(type, id, bytes.subarray(start, end)));
    this.channel = new Duplex({
      read() {},
      // The gateway uses its buffer again: what is kept must be a copy.
      write(chunk: Buffer, _, done) {
        reader.push(Buffer.from(chunk));
        done();
      },
    });
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  ready(message: Partial<ReadyMessage> = {}): void {
    const predict = { async: false, needsHead: false, streamsBody: false };
    this.#json(frameType.ready, 0, { pid: this.pid, python: '3.11', classname: 'P', predict, health: null, ...message });
  }

  fail(code: string, message: string): void {
    this.#json(frameType.failed, 0, { code, message, hint: null, file: 'p.py', line: 3, class: 'P', traceback: null });
    this.die({ code: 1 });
  }

  /** A JSON answer of status 200. */
  answer(id: number, body: string, kind = 0, times: Times = {}): void {
    this.send(frameType.response, id, Buffer.concat([Buffer.from([200, 0, kind]), stages(times), Buffer.from(body)]));
  }

  /** An answer with headers of its own. `more`: it goes on. */
  respond(id: number, status: number, headers: [string, string][], body: string, more = false): void {
    const head = Buffer.from(JSON.stringify(headers));
    const fixed = Buffer.from([0, 0, 3 + (more ? 0x80 : 0)]);
    fixed.writeUInt16LE(status);
    const headSize = Buffer.alloc(4);
    headSize.writeUInt32LE(head.length);
    this.send(frameType.response, id, Buffer.concat([fixed, stages(), headSize, head, Buffer.from(body)]));
  }

  error(id: number, message: object): void {
    this.send(frameType.error, id, Buffer.concat([stages(), Buffer.from(JSON.stringify(message))]));
  }

  /** A batch begins, with so many of the predict requests that it got, up to the `last`; it is its `number`th. */
  beginBatch(size: number, last: number, reason: ReleaseReason = 'worker-free', number = 1): void {
    const ids = this.requests.filter(({ kind }) => kind !== requestKind.health).map(({ id }) => id);
    const payload = Buffer.alloc(5 + 4 * size);
    payload.writeUInt32LE(number);
    payload[4] = releaseReasons.indexOf(reason);
    for (let member = 0; member < size; member++) payload.writeUInt32LE(ids[last - size + member] ?? 0, 5 + 4 * member);
    this.begun = last;
    this.send(frameType.batch, 0, payload);
  }

  send(type: number, id: number, payload: Buffer = Buffer.alloc(0)): void {
    const header = Buffer.alloc(frameHeaderSize);
    header.writeUInt32LE(5 + payload.length, 0);
    header[4] = type;
    header.writeUInt32LE(id, 5);
    const frame = Buffer.concat([header, payload]);
    if (this.sends) this.channel.push(frame);
    else this.#unsent.push(frame);
  }

  /** It has taken so many bytes of a request's body. */
  want(id: number, bytes: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(bytes);
    this.send(frameType.want, id, payload);
  }

  /** Its process ends. */
  die(exit: Partial<WorkerExit> = { signal: 'SIGKILL' }): void {
    this.#exit({ code: null, signal: null, error: null, begun: this.begun, unsent: Buffer.concat(this.#unsent), ...exit });
  }

  kill(): void {
    this.killed = true;
    this.die();
  }

  #json(type: number, id: number, message: object): void {
    this.send(type, id, Buffer.from(JSON.stringify(message)));
  }

  #receive(type: number, id: number, payload: Buffer): void {
    if (type === frameType.ping && this.answersPings) this.send(frameType.pong, 0);
    if (type === frameType.metrics) this.send(frameType.measured, 0, Buffer.from('[]'));
    const body = this.bodies.get(id);
    if (type === frameType.body && body) body.bytes = Buffer.concat([body.bytes, payload]);
    else if (type === frameType.complete && body) body.end = payload[0] === 0 ? 'whole' : 'broken';
    else if (type !== frameType.request) this.signals.push({ type, id, payload: payload.toString('latin1') });
    else {
      const idSize = payload[1] as number;
      const headSize = payload.readUInt32LE(2 + idSize);
      const bodyAt = 6 + idSize + headSize;
      if ((payload[0] as number) & requestKind.more) this.bodies.set(id, { bytes: Buffer.alloc(0), end: null });
      this.requests.push({
        id,
        kind: payload[0] as number,
        requestId: payload.toString('latin1', 2, 2 + idSize),
        head: payload.toString('utf8', 6 + idSize, bodyAt),
        body: payload.toString('utf8', bodyAt),
      });
    }
    this.#arrived(this);
  }
}

/** Makes fake workers, and lets a test wait for what happens to them. */
export class FakeWorkers {
  readonly workers: FakeWorker[] = [];
  readonly #waiting: { check: () => unknown; resolve: () => void }[] = [];

  readonly spawn: SpawnWorker = (command) => {
    const worker = new FakeWorker(1000 + this.workers.length, command, () => this.#look());
    this.workers.push(worker);
    this.#look();
    return worker;
  };

  /** The n-th worker that was started. */
  at(index: number): FakeWorker {
    const worker = this.workers[index];
    if (!worker) throw new Error(`only ${this.workers.length} workers were started`);
    return worker;
  }

  /** Resolves as soon as the check is truthy; it is made again whenever a worker starts or gets a frame. */
  until(check: () => unknown): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ check, resolve });
      this.#look();
    });
  }

  #look(): void {
    for (const entry of [...this.#waiting]) {
      if (!entry.check()) continue;
      this.#waiting.splice(this.#waiting.indexOf(entry), 1);
      entry.resolve();
    }
  }
}

/** Makes a worker ready whose predictor has a health of its own, and answers the question that the gateway asks it first. */
export async function readyAndWell(worker: FakeWorker, clock: FakeClock): Promise<void> {
  worker.ready({ health: { async: false, needsHead: false } });
  await until(() => {
    clock.advance(10);
    return worker.requests.length === 1;
  }, "the gateway's own question");
  worker.answer(worker.requests[0]?.id ?? -1, 'true');
}
