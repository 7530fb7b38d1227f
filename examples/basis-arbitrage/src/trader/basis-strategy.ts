/**
 * The basis strategy: spot and perpetual of one symbol are worth almost the same, and the difference keeps coming back to what is
 * usual. When it is far off, sell the dear one and buy the cheap one; when it is far off the other way, take that back.
 */
import { divideDown, FIXED_ONE } from "../market/fixed-point.ts";
import type { Side } from "../market/market.ts";
import { ONE_BP, ratioBpsDown } from "./basis-points.ts";
import type { FairBasis } from "./fair-basis.ts";
import type { MarketView } from "./market-view.ts";
import type { Direction, Signal, SignalLeg } from "./signal.ts";

/** Why there is no signal, in the words of reason codes. */
export type NoSignal = "no_signal" | "book_not_ready" | "stale_data" | "warming_up" | "insufficient_liquidity";

/** What the strategy is made of. */
export interface BasisStrategyOptions {
  readonly fairBasis: FairBasis;
  /** Quantity of one trade, times 1e8. */
  readonly quantity: bigint;
  /** A gross edge below this many basis points (times 1e4) is not worth a decision. */
  readonly signalThreshold: bigint;
  /** What is left of a position and worth less than this (quote asset, times 1e8) is too small for the venue to close by itself. */
  readonly minCloseNotional: bigint;
  /** Prices older than this are not even looked at, in milliseconds. */
  readonly maxQuoteAgeMs: number;
}

/** Made by `createBasisStrategy`. Nothing in it throws. */
export interface BasisStrategy {
  /**
   * Looks at both markets as they stand; `nowMs` is monotonic, `elapsedMs` market time. `openQuantity` is what is open now, times
   * 1e8: positive when spot was sold and the perpetual bought, negative the other way.
   * A tick without a signal allocates no more than the big integers of three ratios.
   */
  check(spot: MarketView, perp: MarketView, nowMs: number, elapsedMs: number, openQuantity: bigint): Signal | NoSignal;
}

/** A strategy for one pair of markets; `RangeError` when the quantity is not positive. */
export function createBasisStrategy(options: BasisStrategyOptions): BasisStrategy {
  if (options.quantity <= 0n) throw new RangeError(`quantity must be above 0, got ${options.quantity}`);
  return new MeanReversion(options);
}

const SIDES: Readonly<Record<Direction, readonly [spot: Side, perp: Side]>> = {
  sell_spot_buy_perp: ["sell", "buy"],
  buy_spot_sell_perp: ["buy", "sell"],
};

class MeanReversion implements BasisStrategy {
  readonly #fairBasis: FairBasis;
  readonly #quantity: bigint;
  readonly #signalThreshold: bigint;
  readonly #minCloseNotional: bigint;
  readonly #maxQuoteAgeMs: number;

  constructor(options: BasisStrategyOptions) {
    this.#fairBasis = options.fairBasis;
    this.#quantity = options.quantity;
    this.#signalThreshold = options.signalThreshold;
    this.#minCloseNotional = options.minCloseNotional * FIXED_ONE;
    this.#maxQuoteAgeMs = options.maxQuoteAgeMs;
  }

  check(spot: MarketView, perp: MarketView, nowMs: number, elapsedMs: number, openQuantity: bigint): Signal | NoSignal {
    if (!spot.isReady || !perp.isReady) return "book_not_ready";
    if (nowMs - Math.min(spot.updatedAtMs, perp.updatedAtMs) > this.#maxQuoteAgeMs) return "stale_data";
    this.#follow(spot, perp, elapsedMs);
    const fair = this.#fairBasis.value;
    if (fair === undefined) return "warming_up";

    const sellPremium = ratioBpsDown(spot.quote.bidPrice - perp.quote.askPrice, perp.quote.askPrice);
    const buyPremium = ratioBpsDown(perp.quote.bidPrice - spot.quote.askPrice, spot.quote.askPrice);
    const sellGross = sellPremium - fair;
    const buyGross = buyPremium + fair;
    const isSell = sellGross >= buyGross;
    const gross = isSell ? sellGross : buyGross;
    if (gross < this.#signalThreshold) return "no_signal";

    const direction: Direction = isSell ? "sell_spot_buy_perp" : "buy_spot_sell_perp";
    const [purpose, quantity] = this.#sizeOf(isSell ? -openQuantity : openQuantity, perp.quote.bidPrice);
    const [spotSide, perpSide] = SIDES[direction];
    const spotLeg = legOf(spot, spotSide, quantity);
    const perpLeg = legOf(perp, perpSide, quantity);
    if (spotLeg === undefined || perpLeg === undefined) return "insufficient_liquidity";
    const premium = isSell ? sellPremium : buyPremium;
    const [sold, bought] = isSell ? [spotLeg.notional, perpLeg.notional] : [perpLeg.notional, spotLeg.notional];
    return {
      direction,
      purpose,
      quantity,
      spot: spotLeg,
      perp: perpLeg,
      premium,
      fairPremium: isSell ? fair : -fair,
      gross,
      slippage: premium - ratioBpsDown(sold - bought, bought),
      confidence: confidenceOf(gross, this.#fairBasis.usualDeviation),
    };
  }

  /** Shows the average the basis between the mid prices: neither side's spread belongs into what is fair. */
  #follow(spot: MarketView, perp: MarketView, elapsedMs: number): void {
    if (!this.#fairBasis.isDue(elapsedMs)) return;
    const spotSum = spot.quote.bidPrice + spot.quote.askPrice;
    const perpSum = perp.quote.bidPrice + perp.quote.askPrice;
    this.#fairBasis.observe(ratioBpsDown(spotSum - perpSum, perpSum), elapsedMs);
  }

  /** Against an open position the trade closes it, and no more than it: the other direction is opened from flat. */
  #sizeOf(opposing: bigint, price: bigint): readonly ["open" | "close", bigint] {
    if (opposing <= 0n || opposing * price < this.#minCloseNotional) return ["open", this.#quantity];
    return ["close", opposing < this.#quantity ? opposing : this.#quantity];
  }
}

function legOf(view: MarketView, side: Side, quantity: bigint): SignalLeg | undefined {
  const { filled, notional, worstPrice } = view.fetchable(side, quantity);
  if (filled < quantity) return undefined;
  const { quote, market } = view;
  return side === "buy"
    ? { market, side, bestPrice: quote.askPrice, bestSize: quote.askSize, worstPrice, notional }
    : { market, side, bestPrice: quote.bidPrice, bestSize: quote.bidSize, worstPrice, notional };
}

/** In tenths: a statistic, not money. */
function confidenceOf(gross: bigint, usualDeviation: bigint): number {
  if (gross <= 0n) return 0;
  return Number(divideDown(gross * 1_000n, gross + (usualDeviation > 0n ? usualDeviation : ONE_BP))) / 10;
}
