/**
 * A level-2 order book of one market, kept by the exchange's own rules
 * (Binance: "How to manage a local order book correctly", spot and USD-M futures).
 */
import { type BookSide, createBookSide } from "./book-side.ts";
import { type DepthWalk, walkSide } from "./depth-walk.ts";
import { formatFixed } from "./fixed-point.ts";
import type { Level, Market, Side, TextLevel } from "./market.ts";

/** `awaiting_snapshot` and `desynced` books answer no prices: an old price is worse than none. */
export type BookState = "awaiting_snapshot" | "live" | "desynced";

/** What became of one depth update. `stale` ones were already in the snapshot; a `gap` leaves the book desynced. */
export type DepthResult = "applied" | "buffered" | "stale" | "gap";

/** Level changes between two update ids, with absolute sizes. */
export interface DepthUpdate {
  /** `U`: the first update id inside. */
  readonly firstUpdateId: number;
  /** `u`: the last update id inside. */
  readonly finalUpdateId: number;
  /** `pu`, USD-M only: the last update id of the update before this one. */
  readonly previousFinalUpdateId: number | undefined;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The whole book (or its best levels) as of one update id. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A book that follows one market. Made by `createOrderBook`. Nothing in it throws. */
export interface OrderBook {
  readonly market: Market;
  readonly symbol: string;
  readonly state: BookState;
  /** The update id the book stands at; `undefined` before the first snapshot and while desynced. */
  readonly lastUpdateId: number | undefined;
  /** Breaks in the chain of updates so far, each of which called for a new snapshot. */
  readonly gaps: number;
  /** Updates dropped because a snapshot already contained them. */
  readonly staleUpdates: number;
  /** Snapshots taken, the first one included. */
  readonly snapshots: number;
  /** Levels resting now on both sides. */
  readonly levels: number;
  /** Takes the levels, replays what was buffered, and returns the state: `desynced` when the snapshot is too old to join on. */
  applySnapshot(snapshot: DepthSnapshot): BookState;
  /** Applies one update, or buffers it until there is a snapshot to join it to. */
  applyDepth(update: DepthUpdate): DepthResult;
  /** Highest bid, times 1e8; `undefined` on an empty side or a book that is not live. */
  bestBid(): Level | undefined;
  /** Lowest ask, times 1e8; `undefined` on an empty side or a book that is not live. */
  bestAsk(): Level | undefined;
  /**
   * What taking a quantity (times 1e8, positive) would fetch, exactly, no further than `limitPrice` (times 1e8) if given.
   * Nothing is taken. Costs one step per level crossed; a book that is not live fills nothing.
   */
  walk(side: Side, quantity: bigint, limitPrice?: bigint): DepthWalk;
  /** The best `count` levels of each side as decimal strings, best first; empty when not live. */
  top(count: number): {
    readonly bids: readonly TextLevel[];
    readonly asks: readonly TextLevel[];
  };
  /** Forgets everything but the counters: for a connection that was lost. */
  reset(): void;
}

/** Updates kept while waiting for a snapshot: at 10 to 50 a second, minutes. The oldest go first. */
const MAX_BUFFERED = 10_000;

/** An empty book that waits for its first snapshot. */
export function createOrderBook(market: Market, symbol: string): OrderBook {
  return new LocalBook(market, symbol);
}

class LocalBook implements OrderBook {
  readonly market: Market;
  readonly symbol: string;
  state: BookState = "awaiting_snapshot";
  gaps = 0;
  staleUpdates = 0;
  snapshots = 0;
  readonly #bids: BookSide = createBookSide("bids");
  readonly #asks: BookSide = createBookSide("asks");
  #lastUpdateId = 0;
  /** True once an update has been joined to the snapshot: from then on the strict rule holds. */
  #joined = false;
  #buffered: DepthUpdate[] = [];

  constructor(market: Market, symbol: string) {
    this.market = market;
    this.symbol = symbol;
  }

  get lastUpdateId(): number | undefined {
    return this.state === "live" ? this.#lastUpdateId : undefined;
  }

  get levels(): number {
    return this.#bids.size + this.#asks.size;
  }

  applySnapshot(snapshot: DepthSnapshot): BookState {
    this.#bids.clear();
    this.#asks.clear();
    this.#set(snapshot);
    this.#lastUpdateId = snapshot.lastUpdateId;
    this.#joined = false;
    this.snapshots++;
    this.state = "live";
    const waiting = this.#buffered;
    this.#buffered = [];
    for (const update of waiting) this.applyDepth(update);
    return this.state;
  }

  applyDepth(update: DepthUpdate): DepthResult {
    if (this.state !== "live") return this.#buffer(update);
    if (this.#isStale(update)) {
      this.staleUpdates++;
      return "stale";
    }
    if (!(this.#joined ? this.#follows(update) : this.#joins(update))) {
      this.gaps++;
      this.state = "desynced";
      // Kept: the next snapshot may be from before this update, and then needs it.
      this.#buffer(update);
      return "gap";
    }
    this.#set(update);
    this.#lastUpdateId = update.finalUpdateId;
    this.#joined = true;
    return "applied";
  }

  bestBid(): Level | undefined {
    return this.state === "live" ? this.#bids.at(0) : undefined;
  }

  bestAsk(): Level | undefined {
    return this.state === "live" ? this.#asks.at(0) : undefined;
  }

  walk(side: Side, quantity: bigint, limitPrice?: bigint): DepthWalk {
    const taken = side === "buy" ? this.#asks : this.#bids;
    return walkSide(this.state === "live" ? taken : undefined, side, quantity, limitPrice);
  }

  top(count: number): { bids: TextLevel[]; asks: TextLevel[] } {
    const shown = this.state === "live" ? count : 0;
    return { bids: topOf(this.#bids, shown), asks: topOf(this.#asks, shown) };
  }

  reset(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#buffered = [];
    this.#joined = false;
    this.state = "awaiting_snapshot";
  }

  /** Spot drops what ends at the snapshot's id; USD-M keeps that one, since its first update must contain the id. */
  #isStale(update: DepthUpdate): boolean {
    const last = this.#lastUpdateId;
    return this.market === "usdm" && !this.#joined ? update.finalUpdateId < last : update.finalUpdateId <= last;
  }

  #joins(update: DepthUpdate): boolean {
    const last = this.#lastUpdateId;
    if (this.market === "spot") return update.firstUpdateId <= last + 1 && last + 1 <= update.finalUpdateId;
    // An update that names the snapshot's id as its predecessor continues it exactly, though it does not contain it.
    return (update.firstUpdateId <= last && last <= update.finalUpdateId) || update.previousFinalUpdateId === last;
  }

  #follows(update: DepthUpdate): boolean {
    const last = this.#lastUpdateId;
    return this.market === "spot" ? update.firstUpdateId === last + 1 : update.previousFinalUpdateId === last;
  }

  #buffer(update: DepthUpdate): "buffered" {
    if (this.#buffered.length >= MAX_BUFFERED) this.#buffered.shift();
    this.#buffered.push(update);
    return "buffered";
  }

  #set(levels: { readonly bids: readonly Level[]; readonly asks: readonly Level[] }): void {
    for (const [price, size] of levels.bids) this.#bids.set(price, size);
    for (const [price, size] of levels.asks) this.#asks.set(price, size);
  }
}

function topOf(side: BookSide, count: number): TextLevel[] {
  const levels: TextLevel[] = [];
  for (let rank = 0; rank < count; rank++) {
    const level = side.at(rank);
    if (level === undefined) break;
    levels.push({ price: formatFixed(level[0]), size: formatFixed(level[1]) });
  }
  return levels;
}
