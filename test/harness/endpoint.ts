/** What an endpoint answered. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json<T = unknown>(): T;
}

/** Sends one request as a person's client would and reads the whole answer. */
export async function request(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: <T>() => JSON.parse(text) as T };
}

/** Posts a JSON value. */
export function predict(url: string, payload: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return request(url, { method: 'POST', body: JSON.stringify(payload), headers });
}
