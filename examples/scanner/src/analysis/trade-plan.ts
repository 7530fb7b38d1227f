// The plan of a trade on a rise: where to buy, where it has failed, where to take the profit, and what is won for what is risked.
import type { Confluence } from "./confluence.ts";
import { extremesOf } from "./indicators.ts";
import type { MarketLook } from "./market-look.ts";

/** A plan; prices times 1e8, `stop < entry <= target`. */
export interface TradePlan {
  /** The price at which one can buy at once. */
  readonly entry: bigint;
  readonly stop: bigint;
  readonly target: bigint;
  /** (target - entry) / (entry - stop) in hundredths, cut off. */
  readonly rewardPercent: number;
}

/** The stop is never closer than this part of the height of all candles: what moves every minute proves nothing wrong. */
const LEAST_STOP_PARTS = 6n;

/**
 * Plans a rise: buys at the ask, stops where the setup has failed but never closer than a usual range and a sixth of the height
 * of all candles, and aims half of that height beyond their highest price; without a setup at that price itself. Pure.
 */
export function planRise({ candles, ask }: MarketLook, { setup, range }: Confluence): TradePlan {
  const { highest, lowest } = extremesOf(candles);
  const height = highest - lowest;
  let stop = ask - range;
  if (ask - height / LEAST_STOP_PARTS < stop) stop = ask - height / LEAST_STOP_PARTS;
  if (setup.invalidation < stop) stop = setup.invalidation;
  let target = setup.strength > 0 ? highest + height / 2n : highest;
  if (target < ask) target = ask;
  return { entry: ask, stop, target, rewardPercent: Number(((target - ask) * 100n) / (ask - stop)) };
}
