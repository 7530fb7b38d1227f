// The better of the two ways to trade a market as it stands: the way up, or the way down.
import { divideUp } from "@tracebook-examples/basis-arbitrage/market";
import { type Confluence, confluenceOf, type Factors } from "./confluence.ts";
import { type MarketLook, mirror } from "./market-look.ts";
import type { SetupType } from "./setup.ts";
import { planRise, type TradePlan } from "./trade-plan.ts";

/** Which way. */
export type Direction = "LONG" | "SHORT";

/** A trade that could be made, good or not. Prices times 1e8, scores in hundredths of a point. */
export interface Opportunity extends TradePlan {
  readonly direction: Direction;
  readonly setupType: SetupType;
  readonly score: number;
  readonly factors: Factors;
  /** Ask minus bid over bid, in basis points times 1e4, rounded up. */
  readonly spread: bigint;
  /** Value resting near the price that the trade would take from, times 1e16. */
  readonly depth: bigint;
}

const BPS_OF_ONE = 10_000n;
/** Basis points carry four more places. */
const FINE = 10_000n;

/** Rates both ways and returns the one with the higher score, the way up where they are equal. Pure. */
export function findOpportunity(look: MarketLook): Opportunity {
  const rise = confluenceOf(look);
  const mirrored = mirror(look);
  const fall = confluenceOf(mirrored);
  const { bid, ask } = look;
  const spread = divideUp((ask - bid) * BPS_OF_ONE * FINE, bid);
  if (rise.score >= fall.score)
    return { ...planRise(look, rise), ...ratingOf("LONG", rise), spread, depth: look.askDepth };
  const { entry, stop, target, rewardPercent } = planRise(mirrored, fall);
  const plan = { entry: -entry, stop: -stop, target: -target, rewardPercent };
  return { ...plan, ...ratingOf("SHORT", fall), spread, depth: look.bidDepth };
}

function ratingOf(direction: Direction, { score, factors, setup }: Confluence) {
  return { direction, score, factors, setupType: setup.type };
}
