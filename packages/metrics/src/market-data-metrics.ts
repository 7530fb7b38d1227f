// Market data updates: counted, and their lag behind the venue's clock measured.
import type { BoundCounter, Counter } from "./counter.ts";
import type { BoundGauge, Gauge } from "./gauge.ts";
import type { BoundHistogram, Histogram } from "./histogram.ts";

/** One update of market data. */
export interface MarketDataUpdate {
  readonly symbol: string;
  /** Where it came from: a venue, a stream, `websocket`. */
  readonly source: string;
  /** The venue's time of the event, milliseconds since 1970; without it there is no lag to record. */
  readonly eventTimeMs?: number | undefined;
  /** When it was received here, milliseconds since 1970. Default: now. */
  readonly receivedTimeMs?: number | undefined;
}

/** The updates of one symbol from one source. */
export interface BoundMarketData {
  /** Counts an update; times in milliseconds since 1970, as in {@link MarketDataUpdate}. Cost: about 30 ns and a clock read by default. */
  update(eventTimeMs?: number, receivedTimeMs?: number): void;
}

/** The instruments that market data is recorded with. */
export interface MarketDataInstruments {
  readonly marketDataUpdates: Counter<"symbol" | "source">;
  readonly marketDataLag: Histogram<"source">;
  readonly marketDataNegativeLag: Counter<"symbol" | "source">;
  readonly marketDataLastLag: Gauge<"symbol" | "source">;
}

/** Records updates of any symbol and source; one bound object for each series, made when first asked for. */
export class MarketDataMetrics {
  readonly #instruments: MarketDataInstruments;
  readonly #nowEpochMs: () => number;
  /** By the series of the update counter, whose number is bounded. */
  readonly #bound = new Map<BoundCounter, BoundMarketData>();
  readonly #values = ["", ""];

  constructor(instruments: MarketDataInstruments, nowEpochMs: () => number) {
    this.#instruments = instruments;
    this.#nowEpochMs = nowEpochMs;
  }

  bind(symbol: string, source: string): BoundMarketData {
    this.#values[0] = symbol;
    this.#values[1] = source;
    const updates = this.#instruments.marketDataUpdates.bindValues(this.#values);
    const known = this.#bound.get(updates);
    if (known !== undefined) return known;
    const { marketDataLag, marketDataNegativeLag, marketDataLastLag } = this.#instruments;
    const negative = marketDataNegativeLag.bindValues(this.#values);
    const lastLag = marketDataLastLag.bindValues(this.#values);
    const made = new SymbolUpdates(updates, marketDataLag.bind({ source }), negative, lastLag, this.#nowEpochMs);
    this.#bound.set(updates, made);
    return made;
  }
}

class SymbolUpdates implements BoundMarketData {
  readonly #updates: BoundCounter;
  readonly #lag: BoundHistogram;
  readonly #negative: BoundCounter;
  readonly #lastLag: BoundGauge;
  readonly #nowEpochMs: () => number;

  constructor(
    updates: BoundCounter,
    lag: BoundHistogram,
    negative: BoundCounter,
    lastLag: BoundGauge,
    nowEpochMs: () => number,
  ) {
    this.#updates = updates;
    this.#lag = lag;
    this.#negative = negative;
    this.#lastLag = lastLag;
    this.#nowEpochMs = nowEpochMs;
  }

  update(eventTimeMs?: number, receivedTimeMs?: number): void {
    this.#updates.add();
    if (eventTimeMs === undefined || eventTimeMs === null) return;
    const received = receivedTimeMs ?? this.#nowEpochMs();
    const areNumbers = typeof eventTimeMs === "number" && typeof received === "number";
    const lagSeconds = areNumbers ? (received - eventTimeMs) / 1000 : Number.NaN;
    // A negative lag says that a clock is wrong. Among the lags it would only look like a very fast feed.
    if (lagSeconds < 0) this.#negative.add();
    else this.#lag.record(lagSeconds);
    if (Number.isFinite(lagSeconds)) this.#lastLag.set(lagSeconds);
  }
}
