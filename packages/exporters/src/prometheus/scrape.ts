// One answer to one scrape: written in turns, as fast as the scraper reads and no faster, and cut when it takes too long.
import type { ServerResponse } from "node:http";
import type { Turns } from "./turns.ts";

/** The pieces of a body: bytes, or nothing where the writer may pause. */
export type ScrapeBody = Iterator<Buffer | undefined>;

/** What an answer is made of. */
export interface ScrapeParts {
  readonly response: ServerResponse;
  readonly contentType: string;
  readonly body: Promise<ScrapeBody>;
  readonly turns: Turns;
  /** After so many milliseconds the answer is cut. */
  readonly deadlineMs: number;
}

/** A running answer. */
export interface Scrape {
  /** Since when the scraper has not read what was sent (of `performance.now()`); undefined while it does. */
  readonly stalledSinceMs: number | undefined;
  /** Ends the connection in the middle of the answer: a scraper must not take half of it for all. */
  cut(): void;
}

/** Starts an answer; `onEnd` is called once, when the scraper has it all or it was given up. Never throws. */
export function startScrape(parts: ScrapeParts, onEnd: () => void): Scrape {
  return new RunningScrape(parts, onEnd);
}

class RunningScrape implements Scrape {
  stalledSinceMs: number | undefined;
  readonly #parts: ScrapeParts;
  readonly #onEnd: () => void;
  readonly #deadline: NodeJS.Timeout;
  #body: ScrapeBody | undefined;
  #isOver = false;
  readonly #resume = () => this.#goOn();
  readonly #finish = () => this.#end();
  readonly #work = (untilMs: number) => this.#write(untilMs);

  constructor(parts: ScrapeParts, onEnd: () => void) {
    this.#parts = parts;
    this.#onEnd = onEnd;
    const { response, deadlineMs } = parts;
    this.#deadline = setTimeout(() => this.cut(), deadlineMs).unref();
    response.on("drain", this.#resume);
    for (const end of ["finish", "close", "error"]) response.once(end, this.#finish);
    parts.body.then(
      (body) => this.#begin(body),
      () => this.cut(),
    );
  }

  cut(): void {
    this.#end();
    this.#parts.response.destroy();
  }

  #begin(body: ScrapeBody): void {
    if (this.#isOver) return;
    this.#body = body;
    try {
      this.#parts.response.writeHead(200, { "content-type": this.#parts.contentType, "cache-control": "no-store" });
      this.#parts.turns.add(this.#work);
    } catch {
      this.cut();
    }
  }

  #write(untilMs: number): boolean {
    try {
      return this.#writeUntil(untilMs);
    } catch {
      // Where the host's own layers around the response throw, it is of no use any more.
      this.cut();
      return false;
    }
  }

  #writeUntil(untilMs: number): boolean {
    const { response } = this.#parts;
    const body = this.#body;
    do {
      const step = body?.next();
      if (step === undefined || step.done === true) {
        this.#body = undefined;
        this.stalledSinceMs = performance.now();
        response.end();
        return false;
      }
      if (step.value === undefined || step.value.length === 0 || response.write(step.value)) continue;
      // Until it is read, nothing more is made: the memory of a slow scraper is one piece.
      this.stalledSinceMs = performance.now();
      return false;
    } while (performance.now() < untilMs);
    return true;
  }

  #goOn(): void {
    if (this.stalledSinceMs === undefined || this.#body === undefined || this.#isOver) return;
    this.stalledSinceMs = undefined;
    this.#parts.turns.add(this.#work);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body = undefined;
    clearTimeout(this.#deadline);
    this.#parts.turns.remove(this.#work);
    this.#parts.response.off("drain", this.#resume);
    this.#onEnd();
  }
}
