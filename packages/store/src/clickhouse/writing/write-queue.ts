// Requests of one kind that wait to be written: those that have gathered are one insert.
import { setTimeout as pause } from "node:timers/promises";

/** What came of one request. */
export interface Written {
  readonly written: number;
  /** Not taken, and never will be. */
  readonly refused: number;
  readonly message: string | undefined;
}

interface Waiting<Item> {
  readonly items: readonly Item[];
  readonly resolve: (written: Written) => void;
  readonly reject: (reason: unknown) => void;
}

/** More of them are not inserted together: the server would divide them, and they wait in memory. */
const MAX_ROWS = 200_000;

/** Gathers requests and has them written one insert after another; each is there whole when it is answered. */
export class WriteQueue<Item> {
  readonly #write: (requests: readonly (readonly Item[])[]) => Promise<readonly Written[]>;
  readonly #gatherMs: number;
  #waiting: Waiting<Item>[] = [];
  #running: Promise<void> | undefined;

  constructor(gatherMs: number, write: (requests: readonly (readonly Item[])[]) => Promise<readonly Written[]>) {
    this.#gatherMs = gatherMs;
    this.#write = write;
  }

  /** Rejects with what the writer says. */
  add(items: readonly Item[]): Promise<Written> {
    if (items.length === 0) return Promise.resolve({ written: 0, refused: 0, message: undefined });
    const done = new Promise<Written>((resolve, reject) => this.#waiting.push({ items, resolve, reject }));
    this.#running ??= this.#run();
    return done;
  }

  /** When nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#gatherMs > 0) await pause(this.#gatherMs);
    while (this.#waiting.length > 0) await this.#writeSome();
    this.#running = undefined;
  }

  async #writeSome(): Promise<void> {
    const requests = this.#take();
    try {
      const done = await this.#write(requests.map(({ items }) => items));
      for (const [i, { resolve }] of requests.entries()) resolve(done[i]!);
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }

  #take(): readonly Waiting<Item>[] {
    let rows = 0;
    let count = 0;
    for (const { items } of this.#waiting) {
      if (count > 0 && rows + items.length > MAX_ROWS) break;
      rows += items.length;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
