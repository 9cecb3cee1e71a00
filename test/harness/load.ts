import { Agent, request } from 'node:http';

/** One request of a load: when it began, when and how it ended. Times are of `performance.now()`. */
export interface Sample {
  began: number;
  ended: number;
  /** 0 when no answer came. */
  status: number;
  body: string;
}

/** A load that goes on beside the test. */
export interface Load {
  /** Everything that has ended so far. */
  samples: readonly Sample[];
  /** Ends the load and waits for what is under way. */
  stop(): Promise<readonly Sample[]>;
}

/**
 * Posts the same payload at a steady rate, whether or not earlier requests were answered (an open loop, as real
 * clients are). Nothing is retried: a request that fails for whatever reason is a sample with its status.
 */
export function startLoad(url: string, payload: unknown, requestsPerSecond: number): Load {
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify(payload);
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();
  const begin = performance.now();
  let sent = 0;

  const send = (): Promise<void> =>
    new Promise((resolve) => {
      const began = performance.now();
      const end = (status: number, text: string): void => {
        samples.push({ began, ended: performance.now(), status, body: text });
        resolve();
      };
      const outgoing = request(url, { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(body) } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => end(answer.statusCode ?? 0, text));
        answer.on('error', (error) => end(0, String(error)));
      });
      outgoing.on('error', (error) => end(0, String(error)));
      outgoing.end(body);
    });

  const timer = setInterval(() => {
    const due = ((performance.now() - begin) / 1000) * requestsPerSecond;
    for (; sent < due; sent++) {
      const one = send().finally(() => underWay.delete(one));
      underWay.add(one);
    }
  }, 1000 / requestsPerSecond);

  return {
    samples,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
      return samples;
    },
  };
}
