/** Answers depth requests of one market: from the exchange's own books, or in step with a replay, from its recording. */
import type { Clock } from "./clock.ts";
import { snapshotText } from "./snapshot-text.ts";
import type { VenueBooks } from "./venue-books.ts";

/** A request for a snapshot that waits for its answer. */
export interface SnapshotRequest {
  readonly symbol: string;
  /** Levels a side, 1 or more. */
  readonly limit: number;
  /** Writes the answer, or an error when there will be none (`undefined`); resolves when it is written or the client is gone. */
  respond(text: string | undefined): Promise<void>;
}

/** The desk. Made by `createSnapshotDesk`. */
export interface SnapshotDesk {
  /** Takes a request: answered at once if the symbol's book is open, otherwise when `release` comes to it. */
  ask(request: SnapshotRequest): void;
  /** From now on the symbol's requests are answered from the exchange's own book whenever that is live. */
  open(symbol: string): void;
  /**
   * Answers the waiting requests with what was recorded, after waiting for one to come in. False when none came in time:
   * then the symbol is open all the same, so that a client that wants no depth does not hold up the others.
   */
  release(symbol: string, recordedText: () => string, signal: AbortSignal): Promise<boolean>;
  /** Turns waiting and later requests away: there will be no snapshot any more for books that are not live. */
  close(): void;
}

/** What a desk needs. */
export interface SnapshotDeskOptions {
  readonly books: VenueBooks;
  readonly clock: Clock;
  /** How long `release` waits for somebody to ask, in milliseconds. */
  readonly patienceMs: number;
}

/** A desk whose symbols are all closed. */
export function createSnapshotDesk(options: SnapshotDeskOptions): SnapshotDesk {
  return new Desk(options);
}

class Desk implements SnapshotDesk {
  readonly #options: SnapshotDeskOptions;
  readonly #open = new Set<string>();
  #waiting: SnapshotRequest[] = [];
  #asked: (() => void) | undefined;
  #closed = false;

  constructor(options: SnapshotDeskOptions) {
    this.#options = options;
  }

  ask(request: SnapshotRequest): void {
    const { books, clock } = this.#options;
    const book = books.book(request.symbol);
    if (this.#open.has(request.symbol) && book?.state === "live") {
      void request.respond(snapshotText(book, request.limit, clock.wallMs()));
    } else if (this.#closed || book === undefined) {
      void request.respond(undefined);
    } else {
      this.#waiting.push(request);
      this.#asked?.();
    }
  }

  open(symbol: string): void {
    this.#open.add(symbol);
  }

  async release(symbol: string, recordedText: () => string, signal: AbortSignal): Promise<boolean> {
    await this.#waitForRequest(symbol, signal);
    this.#open.add(symbol);
    const answered = this.#waiting.filter((request) => request.symbol === symbol);
    this.#waiting = this.#waiting.filter((request) => request.symbol !== symbol);
    const text = recordedText();
    await Promise.all(answered.map((request) => request.respond(cutTo(text, request.limit))));
    return answered.length > 0;
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#waiting) void request.respond(undefined);
    this.#waiting = [];
  }

  async #waitForRequest(symbol: string, signal: AbortSignal): Promise<void> {
    const patience = new AbortController();
    const giveUp = AbortSignal.any([signal, patience.signal]);
    const asked = () => {
      if (this.#waiting.some((request) => request.symbol === symbol)) patience.abort();
    };
    this.#asked = asked;
    asked();
    await this.#options.clock.wait(this.#options.patienceMs, giveUp);
    this.#asked = undefined;
  }
}

/** A recorded answer as it is, or its best levels when fewer were asked for. */
function cutTo(text: string, limit: number): string {
  const answer = JSON.parse(text) as { readonly bids: readonly unknown[]; readonly asks: readonly unknown[] };
  if (answer.bids.length <= limit && answer.asks.length <= limit) return text;
  return JSON.stringify({ ...answer, bids: answer.bids.slice(0, limit), asks: answer.asks.slice(0, limit) });
}
