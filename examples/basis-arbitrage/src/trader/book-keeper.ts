/**
 * Keeps one market's view in step with the exchange: asks for the depth snapshot once updates are being buffered, joins the two
 * by the exchange's rules, and starts over when the chain breaks.
 */
import type { BookTickerFrame, DepthFrame } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import type { DepthResult, DepthSnapshot } from "../market/order-book.ts";
import { backoffMs, type StartTimer, startSystemTimer } from "./clock.ts";
import { createMarketView, type MarketView } from "./market-view.ts";

/** What the keeper has been through. */
export interface SyncCounts {
  /** Snapshots asked for. */
  snapshotRequests: number;
  /** Requests that failed or were answered with something unusable. */
  snapshotFailures: number;
  /** Snapshots too old to join the buffered updates to; asked for again. */
  snapshotsTooOld: number;
  /** Times a book in step was lost to a gap and had to be fetched anew. */
  resyncs: number;
}

/** Follows one market. Made by `createBookKeeper`. Nothing in it throws. */
export interface BookKeeper {
  readonly market: Market;
  readonly view: MarketView;
  /** `ready` when prices may be used. */
  readonly state: "ready" | "syncing";
  readonly counts: Readonly<SyncCounts>;
  applyDepth(frame: DepthFrame, receivedMs: number): DepthResult;
  /** False when the message is older than what is known. */
  applyBookTicker(frame: BookTickerFrame, receivedMs: number): boolean;
  /** The connection was lost: forget the book, and ask for a new snapshot with the first update of the next connection. */
  disconnected(): void;
  /** Stops retrying; answers still under way are ignored. */
  close(): void;
}

/** What a keeper needs. */
export interface BookKeeperOptions {
  readonly market: Market;
  readonly symbol: string;
  /** Fetches the depth snapshot; never called while an earlier call is under way. It should time out by itself. */
  readonly fetchSnapshot: (market: Market) => Promise<DepthSnapshot>;
  /** Told of every failed request, for a log line. */
  readonly onSyncFailure?: (market: Market, error: unknown) => void;
  /** Delay before the second attempt in a row, doubled up to `maxRetryMs`; defaults 100 and 10,000. */
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  readonly startTimer?: StartTimer;
}

/** A keeper that waits for the first depth update. */
export function createBookKeeper(options: BookKeeperOptions): BookKeeper {
  return new SyncedBook(options);
}

const DEFAULT_FIRST_RETRY_MS = 100;
const DEFAULT_MAX_RETRY_MS = 10_000;

class SyncedBook implements BookKeeper {
  readonly market: Market;
  readonly view: MarketView;
  readonly counts: SyncCounts = { snapshotRequests: 0, snapshotFailures: 0, snapshotsTooOld: 0, resyncs: 0 };
  readonly #options: BookKeeperOptions;
  /** Rises with every loss of connection, so that an answer to an earlier question is known as such. */
  #connection = 0;
  #isFetching = false;
  /** Snapshots asked for since the last update that fitted. */
  #attempts = 0;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: BookKeeperOptions) {
    this.#options = { ...options };
    this.market = options.market;
    this.view = createMarketView(options.market, options.symbol);
  }

  get state(): "ready" | "syncing" {
    return this.view.isReady ? "ready" : "syncing";
  }

  applyDepth(frame: DepthFrame, receivedMs: number): DepthResult {
    const result = this.view.applyDepth(frame, receivedMs);
    if (result === "applied") {
      this.#attempts = 0;
    } else if (result !== "stale") {
      if (result === "gap") this.counts.resyncs++;
      // Only now: a snapshot from before the first buffered update could never be joined to it.
      this.#sync();
    }
    return result;
  }

  applyBookTicker(frame: BookTickerFrame, receivedMs: number): boolean {
    return this.view.applyBookTicker(frame, receivedMs);
  }

  disconnected(): void {
    this.#connection++;
    this.#attempts = 0;
    this.#stopRetry();
    this.view.reset();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopRetry();
  }

  /** Asks for a snapshot: at once the first time, with growing delays as long as none leads to a book in step. */
  #sync(): void {
    if (this.#isFetching || this.#isClosed || this.#cancelRetry !== undefined) return;
    if (this.#attempts === 0) {
      void this.#fetch(this.#connection);
      return;
    }
    const {
      firstRetryMs = DEFAULT_FIRST_RETRY_MS,
      maxRetryMs = DEFAULT_MAX_RETRY_MS,
      startTimer = startSystemTimer,
    } = this.#options;
    this.#cancelRetry = startTimer(
      () => {
        this.#cancelRetry = undefined;
        void this.#fetch(this.#connection);
      },
      backoffMs(this.#attempts - 1, firstRetryMs, maxRetryMs),
    );
  }

  async #fetch(connection: number): Promise<void> {
    this.#isFetching = true;
    this.#attempts++;
    this.counts.snapshotRequests++;
    const answer = await this.#ask();
    this.#isFetching = false;
    // An answer from before the connection was lost says nothing about the updates of this one: its first update asks again.
    if (this.#isClosed || connection !== this.#connection) return;
    if (answer instanceof SyncFailure) {
      this.counts.snapshotFailures++;
      this.#sync();
      this.#options.onSyncFailure?.(this.market, answer.reason);
    } else if (this.view.applySnapshot(answer) !== "live") {
      this.counts.snapshotsTooOld++;
      this.#sync();
    } else if (this.view.book.lastUpdateId !== answer.lastUpdateId) {
      // A buffered update has been joined to it already: the snapshot was a good one.
      this.#attempts = 0;
    }
  }

  async #ask(): Promise<DepthSnapshot | SyncFailure> {
    try {
      return await this.#options.fetchSnapshot(this.market);
    } catch (error) {
      return new SyncFailure(error);
    }
  }

  #stopRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}

/** Tells a failed request from a snapshot, whatever was thrown. */
class SyncFailure {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}
