// The risk check: four gates, each with its score and its limit on the record, whatever comes of it.
import { judge, type Verdict } from "@tracebook/node";
import { basisPointsUp, formatDecimal, magnitude, multiplyUp, parseDecimal } from "../shared/decimal.ts";
import type { Positions } from "./positions.ts";
import type { Signal } from "./signal.ts";

/** The limits of the account. Money is decimal text in USD. */
export interface RiskLimits {
  readonly maxOrderNotional: string;
  readonly maxPositionNotional: string;
  /** How far a signal's price may be from the last trade. */
  readonly maxDeviationBps: number;
  readonly maxAgeSeconds: number;
}

/** The limits of the demonstration. */
export const DEFAULT_LIMITS: RiskLimits = Object.freeze({
  maxOrderNotional: "2000",
  maxPositionNotional: "3000",
  maxDeviationBps: 150,
  maxAgeSeconds: 30,
});

/** Judges a signal against what is held. Pure but for the clock that `nowEpochMs` brings. */
export function assessSignal(signal: Signal, positions: Positions, limits: RiskLimits, nowEpochMs: number): Verdict {
  const quantity = parseDecimal(signal.quantity) ?? 0n;
  const price = parseDecimal(signal.price) ?? 0n;
  const after = positions.quantity(signal.symbol) + (signal.action === "buy" ? quantity : -quantity);
  const reference = positions.freshPrice(signal.symbol) ?? price;
  const notionalOf = (units: bigint): string => formatDecimal(magnitude(multiplyUp(units, price)));
  const most = { comparison: "<=" } as const;
  return judge({
    gates: [
      {
        ...most,
        name: "max_signal_age",
        // Either way: what comes from the future, by a clock that is wrong, says as little about now.
        score: Math.abs(nowEpochMs - signal.sentEpochMs) / 1e3,
        threshold: limits.maxAgeSeconds,
        reasonCode: "stale_data",
      },
      {
        ...most,
        name: "max_price_deviation",
        score: basisPointsUp(price - reference, reference).toString(),
        threshold: limits.maxDeviationBps,
        reasonCode: "stale_data",
      },
      {
        ...most,
        name: "max_order_notional",
        score: notionalOf(quantity),
        threshold: limits.maxOrderNotional,
        reasonCode: "risk_limit",
      },
      {
        ...most,
        name: "max_position_notional",
        score: notionalOf(after),
        threshold: limits.maxPositionNotional,
        reasonCode: "position_limit",
      },
    ],
  });
}
