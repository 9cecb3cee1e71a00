import type { BatchingMessage } from '../../api/batching.ts';

/**
 * What gateway and worker say to each other, over the socket that the worker inherits as file descriptor 3.
 * `runtime/python/spell/worker/frames.py` is its other half; a test holds the two tables together.
 *
 *     frame    := size:u32le  type:u8  id:u32le  payload      size counts what follows it (5 + payload)
 *
 * `id` names a request as long as it is in flight (a slot and its generation); one that is given back and sent again has
 * another id. 0 where no request is meant.
 * Every REQUEST gets exactly one of RESPONSE (with its CHUNKs and END), ERROR, EMPTY or RECALLED. The first two say how long
 * the request's stages in the worker took:
 *
 *     stages   := waited:f32le  prepared:f32le  predicted:f32le      in seconds
 *
 * `waited` is all the time before `predict` that `prepare` did not take; `predicted` counts from the beginning of the batch.
 *
 * A large body does not stand in its REQUEST: it follows in BODY frames, as fast as WANT allows, so that the frames of other
 * requests get between them. COMPLETE is its end. A worker that streams bodies ({@link ReadyMessage}) begins such a request
 * at once, any other when its body is complete.
 *
 * File descriptor 4 of a worker is a file of {@link leftBehindSize} that has no name any more. The worker maps it and keeps in it
 * what the gateway must know after a crash:
 *
 *     begun:u64le  size:u32le  frames      size counts the frames' bytes
 *
 * `begun` is the **ordinal of the last predict REQUEST that it began**: REQUEST frames (but those for health) are counted from 1 as
 * they arrive, whatever becomes of them (recalled, cancelled, refused as bad JSON); one whose body must be complete first
 * is counted when it is, and not at all if it never is. It is written before the predictor
 * is called, so that the gateway knows which requests nobody has touched, and gives them to another worker.
 * All requests of a batch begin together; where there is a `prepare`, each begins with that.
 *
 * `frames` are those that wait to be sent with others while another call of the predictor runs: if that ends the process,
 * their requests are answered nevertheless. Those that were sent may stand there as well.
 */
export const frameType = {
  /** JSON {@link StartMessage}: the first frame, once. */
  start: 0x01,
  /** kind:u8 ({@link requestKind}, plus 0x80 when BODYs and COMPLETE follow)  idSize:u8  requestId  headSize:u32le  head(JSON RequestHead, or empty)  body */
  request: 0x02,
  /** Its client is gone, or its deadline passed: drop or cancel it; answered by EMPTY unless an answer is already under way. */
  cancel: 0x03,
  /** Give it back if it has not begun: RECALLED. If it has, nothing is said, and its answer comes as usual. */
  recall: 0x04,
  /** Answered by PONG with the same id, also while `predict` runs. */
  ping: 0x05,
  /** Finish what was sent, then exit with status 0. No request follows. */
  drain: 0x06,
  /** size:u32le. The client took so many bytes of a streamed answer: so many more may be sent. */
  credit: 0x07,
  /** The pod drains: what waits in the worker for company begins now, if `predict` is free. */
  release: 0x08,
  /** The next bytes of a request's body. */
  body: 0x09,
  /** The end of a request's body. Payload 0: whole; 1: the rest will not come. Then what waited for it is answered by EMPTY. */
  complete: 0x0a,
  /** What do the predictor's own metrics say? Answered by MEASURED, perhaps a while later. */
  metrics: 0x0b,

  /** JSON {@link ReadyMessage}. */
  ready: 0x81,
  /** JSON {@link FailedMessage}: the predictor cannot start. The worker exits after it. */
  failed: 0x82,
  /** status:u16le  kind:u8 ({@link bodyKind}, plus 0x80 when CHUNKs and END follow)  stages  [headSize:u32le  head: JSON [[name, value], …]]  body */
  response: 0x83,
  /** A cancelled request is over. */
  empty: 0x84,
  /** A recalled request was not begun, and never will be here. */
  recalled: 0x85,
  /** Comes once unasked, with a payload (which an older gateway passes over): the predictor has metrics of its own from now on. */
  pong: 0x86,
  /** The next bytes of a streamed answer. */
  chunk: 0x87,
  /** The end of a streamed answer. Payload 0: whole; 1: broken off (the connection must not look complete). */
  end: 0x88,
  /** stages  JSON {@link ErrorMessage}: the gateway makes the error body of it. */
  error: 0x89,
  /** number:u32le  reason:u8 (`releaseReasons` of `api/traffic.ts`)  id:u32le of each of its requests. A batch begins, the worker's so-manieth. */
  batch: 0x8a,
  /** number:u32le. That batch raised: parts of it run again. */
  isolated: 0x8b,
  /** size:u32le. So many more bytes of a request's body may be sent. */
  want: 0x8c,
  /** JSON {@link MetricsReport}. */
  measured: 0x8d,
} as const;

/** How the body of a RESPONSE is to be labelled; `head`: its headers stand in the frame. */
export const bodyKind = { json: 0, text: 1, bytes: 2, head: 3, more: 0x80 } as const;

/** Bytes of the file that a worker leaves behind. */
export const leftBehindSize = 32 * 1024;

/** Bytes before a frame's payload. */
export const frameHeaderSize = 9;

/** Bytes of the stages in an answer. */
export const stagesSize = 12;

/** Bytes of a streamed answer, or of a large body, that may be under way before their sender must wait for CREDIT or WANT. */
export const streamWindowBytes = 256 * 1024;

/** The first byte of a REQUEST. `alone`: a prediction that makes a batch of its own, at once. `more`: its body follows. */
export const requestKind = { predict: 0, health: 1, alone: 2, more: 0x80 } as const;

/** The predictor's own metrics: families as Prometheus' text format names them. */
export type MetricsReport = [name: string, type: string, help: string, samples: MetricsSample[]][];

/** `value` is a text where JSON has no number for it. `at`: when `send_metric` set it, in seconds since 1970; null for other metrics. */
export type MetricsSample = [name: string, labels: Record<string, string>, value: number | 'NaN' | '+Inf' | '-Inf', at: number | null];

/** Who a worker is and what it loads. */
export interface StartMessage {
  owner: string;
  server: string;
  revision: number;
  pod: string;
  /** Its number in the pod, from 0. */
  worker: number;
  /** What the ids of its batches begin with; their numbers follow. Unlike those of the workers before it in this seat. */
  batchPrefix: string;
  /** The project's root: on `sys.path`, and the working directory. */
  root: string;
  /** Relative to `root`. */
  entrypoint: string;
  classname: string | null;
  /** `folder` is what the predictor is told: below `/model` where that is really there, else the real folder. */
  models: { name: string; version: string; folder: string }[];
  /** The folder that appears as `/model`, and the one that appears as `/mounts`. */
  modelFolder: string | null;
  mountsFolder: string | null;
  /** `namespace`: really there, in a private mount namespace; `rewrite`: literals and file functions are led there. */
  paths: 'namespace' | 'rewrite';
  /** An empty folder of ours for the namespace's new root. */
  emptyFolder: string;
  /** How it batches: `predict` takes a list then, and may not ask for the `Request`. Null: it does not. */
  batching: BatchingMessage | null;
  /** Arguments of `__init__`. */
  config: Record<string, unknown> | null;
  /** Where the shipped Starlette and its companions lie; goes to the end of `sys.path`. */
  vendorFolder: string;
  debug: boolean;
  /** Tracebacks and limits of the request path that a worker has to know. */
  limits: { hardTimeoutMs: number; healthTimeoutMs: number };
}

/** What the worker found in the predictor. */
export interface ReadyMessage {
  pid: number;
  /** The interpreter's version: `3.11.7`. */
  python: string;
  classname: string;
  /** `streamsBody`: what is called first takes a large body as it comes, and may begin before it is complete. */
  predict: { async: boolean; needsHead: boolean; streamsBody: boolean };
  /** Null: the default, which the gateway answers itself. */
  health: { async: boolean; needsHead: boolean } | null;
}

/** Why the predictor cannot start (`spec/behaviour.md` §2). `log` is the traceback, as it also stands in the log. */
export interface FailedMessage {
  code: string;
  message: string;
  hint: string | null;
  file: string | null;
  line: number | null;
  class: string | null;
  traceback: string | null;
}

/** A request that failed in the worker. `traceback` is shown to the client only with `--debug`. */
export interface ErrorMessage {
  code: 'bad-json' | 'invalid-payload' | 'predictor-error' | 'bad-result' | 'unhealthy';
  message: string;
  fields?: { path: string; message: string }[];
  traceback?: string;
}

/** What a Starlette `Request` is made from: an ASGI scope's parts (https://asgi.readthedocs.io/en/latest/specs/www.html). */
export interface RequestHead {
  method: string;
  scheme: 'http' | 'https';
  httpVersion: string;
  /** The path as it came, percent-encoded, without the query. */
  rawPath: string;
  query: string;
  /** In their order, repeated ones repeated, names in lower case; values as latin-1. */
  headers: [string, string][];
  client: [string, number] | null;
  server: [string, number];
}
