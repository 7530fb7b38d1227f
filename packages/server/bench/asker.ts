// Asks a desk over one connection that is kept, and says how long the answer took.
import { Agent, get } from "node:http";

/** An answer, whole. */
export interface TimedAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** From the question to the last byte. */
  readonly tookMs: number;
}

/** One who asks. */
export interface Asker {
  ask(address: string): Promise<TimedAnswer>;
  /** The answer as JSON. Throws when it is not a 200. */
  json<T>(address: string): Promise<T>;
  close(): void;
}

/** Makes one. */
export function createAsker(url: string): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (address: string): Promise<TimedAnswer> => {
    const startMs = performance.now();
    return new Promise((resolve, reject) => {
      const asked = get(url + address, { agent }, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          const tookMs = performance.now() - startMs;
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces), tookMs });
        });
      });
      asked.on("error", reject);
    });
  };
  return {
    ask,
    async json<T>(address: string) {
      const { status, body } = await ask(address);
      if (status !== 200) throw new Error(`${address} was answered with ${status}: ${body.toString().slice(0, 500)}`);
      return JSON.parse(body.toString()) as T;
    },
    close: () => agent.destroy(),
  };
}
