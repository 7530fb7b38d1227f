// HTTP from outside: one request, its answer whole, and how long that took.
import { Agent, request } from "node:http";

/** What is asked. */
export interface Asked {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly agent?: Agent;
  /** Nothing may move on the connection for so long. Default 60 s. */
  readonly timeoutMs?: number;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Seconds; undefined where the answer does not say. */
  readonly retryAfterS: number | undefined;
  readonly body: Buffer;
  readonly tookMs: number;
}

/** Connections that are kept, at most so many. */
export function createAgent(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

/** Asks. Rejects when the connection breaks before the answer is whole. */
export function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, agent, timeoutMs = 60_000 } = asked;
  const fromMs = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, timeout: timeoutMs, ...(agent && { agent }) }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const retryAfter = response.headers["retry-after"];
        resolve({
          status: response.statusCode ?? 0,
          retryAfterS: retryAfter === undefined ? undefined : Number(retryAfter),
          body: Buffer.concat(pieces),
          tookMs: performance.now() - fromMs,
        });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url} in ${timeoutMs} ms`)));
    sent.on("error", reject);
    sent.end(body);
  });
}
