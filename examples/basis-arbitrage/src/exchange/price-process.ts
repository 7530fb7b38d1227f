/** The prices behind the simulated market: one latent price for both markets, and a basis between them that comes and goes. */
import type { Market } from "../market/market.ts";
import type { Random } from "./random.ts";

/** Fair prices that move with simulated time. Floats: nothing is traded at them, books quote exact ticks around them. */
export interface PriceProcess {
  /** Moves both prices on by some milliseconds. */
  advance(stepMs: number): void;
  /** The fair price of a market, in quote units. */
  fair(market: Market): number;
}

const BPS = 1e-4;
/** Deviation of the latent price in basis points per square root of a second: about 40 % a year. */
const VOLATILITY_BPS = 0.7;
const JUMPS_PER_SECOND = 0.04;
const JUMP_BPS = 5;
/** Spot above perpetual, in basis points: the mean of the recordings in August 2024, with a wider swing. */
const BASIS_MEAN_BPS = 3;
const BASIS_DEVIATION_BPS = 4.5;
const BASIS_RANGE_BPS = [-6, 12] as const;
/** How fast the basis returns to its mean: within seconds, so that a short run sees both good and bad moments. */
const BASIS_RETURN_MS = 2_000;

/** A process that starts at `startPrice` (quote units). */
export function createPriceProcess(startPrice: number, random: Random): PriceProcess {
  let latent = startPrice;
  let basisBps = BASIS_MEAN_BPS;
  return {
    advance(stepMs) {
      const walkBps = VOLATILITY_BPS * Math.sqrt(stepMs / 1_000) * random.normal();
      const jumpBps = random.chance((JUMPS_PER_SECOND * stepMs) / 1_000) ? JUMP_BPS * random.normal() : 0;
      latent *= 1 + (walkBps + jumpBps) * BPS;
      const pull = stepMs / BASIS_RETURN_MS;
      basisBps += (BASIS_MEAN_BPS - basisBps) * pull + BASIS_DEVIATION_BPS * Math.sqrt(2 * pull) * random.normal();
      basisBps = Math.min(Math.max(basisBps, BASIS_RANGE_BPS[0]), BASIS_RANGE_BPS[1]);
    },
    fair(market) {
      return latent * (1 + (market === "spot" ? basisBps : -basisBps) * 0.5 * BPS);
    },
  };
}
