// The confluence: how much of everything that is looked at speaks for a rise, weighed and added up.
import { bookLean, flowLean, momentumLean, roomLean, trendLean, usualRange } from "./indicators.ts";
import type { MarketLook } from "./market-look.ts";
import { findSetup, type Setup } from "./setup.ts";

/** What is looked at, with its weight in percent: 100 in all. */
export const FACTOR_WEIGHTS = { trend: 25, momentum: 15, room: 10, book: 15, flow: 10, setup: 25 } as const;

/** The score of each factor, in hundredths of a point, 0 to 10,000. */
export type Factors = Readonly<Record<keyof typeof FACTOR_WEIGHTS, number>>;

/** How good the case for a rise is. */
export interface Confluence {
  /** In hundredths of a point: the weighed sum of the factors, cut off below a hundredth. */
  readonly score: number;
  readonly factors: Factors;
  readonly setup: Setup;
  /** The usual range of a candle, times 1e8. */
  readonly range: bigint;
}

/** Looks at everything that may speak for a rise. Pure. */
export function confluenceOf(look: MarketLook): Confluence {
  const { candles } = look;
  const range = usualRange(look);
  const setup = findSetup(look, range);
  const factors: Factors = {
    trend: trendLean(candles, range),
    momentum: momentumLean(candles, range),
    room: roomLean(candles),
    book: bookLean(look),
    flow: flowLean(candles),
    setup: setup.strength,
  };
  let weighed = 0;
  for (const [name, weight] of Object.entries(FACTOR_WEIGHTS)) weighed += factors[name as keyof Factors] * weight;
  return { score: Math.floor(weighed / 100), factors, setup, range };
}
