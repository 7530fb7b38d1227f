// Candles of one symbol, built from what its streams tell: prices from quotes, volume from trades, time from the market itself.

/** What happened within one step of market time. Prices and volumes times 1e8; prices are between bid and ask. */
export interface Candle {
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Volume of trades in which a buyer crossed the spread. */
  readonly buys: bigint;
  /** Volume of trades in which a seller did. */
  readonly sells: bigint;
}

/** Made by `createCandleSeries`. Times are milliseconds of market time and never go back. Nothing in it throws. */
export interface CandleSeries {
  /** The price now stands here, times 1e8. */
  quote(price: bigint, atMs: number): void;
  /** Somebody traded this much, times 1e8. Before the first price it is ignored. */
  trade(size: bigint, isBuy: boolean, atMs: number): void;
  /**
   * The candles that are complete at this moment, the oldest first, at most `MAX_CANDLES`. Where nothing happened, the price
   * stood still and the candle is flat. Copies the list.
   */
  closedAt(atMs: number): readonly Candle[];
  /** Forgets everything: for a market that was not watched for a while. A series with a hole says what never was. */
  reset(): void;
}

/** Candles that are kept. */
export const MAX_CANDLES = 60;

/** A series whose candles last `candleMs` milliseconds each. */
export function createCandleSeries(candleMs: number): CandleSeries {
  return new GrowingSeries(candleMs);
}

class GrowingSeries implements CandleSeries {
  readonly #candleMs: number;
  #closed: Candle[] = [];
  #open: { -readonly [Field in keyof Candle]: Candle[Field] } | undefined;
  /** Which step of market time the open candle is of. */
  #step = 0;

  constructor(candleMs: number) {
    this.#candleMs = candleMs;
  }

  quote(price: bigint, atMs: number): void {
    this.#advanceTo(atMs);
    const candle = this.#open;
    if (candle === undefined) {
      this.#step = Math.floor(atMs / this.#candleMs);
      this.#open = flatAt(price);
      return;
    }
    if (price > candle.high) candle.high = price;
    if (price < candle.low) candle.low = price;
    candle.close = price;
  }

  trade(size: bigint, isBuy: boolean, atMs: number): void {
    this.#advanceTo(atMs);
    if (this.#open === undefined) return;
    if (isBuy) this.#open.buys += size;
    else this.#open.sells += size;
  }

  closedAt(atMs: number): readonly Candle[] {
    this.#advanceTo(atMs);
    return this.#closed.slice();
  }

  reset(): void {
    this.#closed = [];
    this.#open = undefined;
  }

  /** Closes the open candle once its time is over, and opens the next where the price stood. */
  #advanceTo(atMs: number): void {
    if (this.#open === undefined) return;
    const step = Math.floor(atMs / this.#candleMs);
    // So much silence is no market that stood still.
    if (step - this.#step > MAX_CANDLES) return this.reset();
    for (; this.#step < step; this.#step++) {
      const { close } = this.#open;
      this.#closed.push(this.#open);
      this.#open = flatAt(close);
    }
    if (this.#closed.length > MAX_CANDLES) this.#closed.splice(0, this.#closed.length - MAX_CANDLES);
  }
}

function flatAt(price: bigint): Candle {
  return { open: price, high: price, low: price, close: price, buys: 0n, sells: 0n };
}
