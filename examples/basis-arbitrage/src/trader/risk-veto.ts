/** What forbids a trade however good it is: halts, old data, orders under way, pauses, limits, empty accounts. */
import type { Veto } from "@tracebook/decisions";
import { FIXED_ONE, formatFixed } from "../market/fixed-point.ts";
import type { RiskState } from "./risk-state.ts";
import type { Signal } from "./signal.ts";

/** How far the trader goes. */
export interface VetoLimits {
  /** Largest position either way, times 1e8. */
  readonly maxPosition: bigint;
  /** Largest notional of the position, in the quote asset times 1e8. */
  readonly maxNotional: bigint;
  /** Least market time between two trades, in milliseconds. */
  readonly cooldownMs: number;
  /** Oldest quote a trade may rest on, in milliseconds. */
  readonly maxDataAgeMs: number;
}

/** The first veto that applies; `undefined` when nothing forbids the trade. */
export type FindVeto = (signal: Signal, state: RiskState) => Veto | undefined;

/** Vetoes for some limits. They are the same frozen objects each time: most ticks of a full position are vetoed. */
export function createVetoes(limits: VetoLimits): FindVeto {
  const staleData = veto("stale_data", `a quote is older than ${limits.maxDataAgeMs} ms`);
  const inFlight = veto("order_in_flight", "orders in this direction are under way");
  const cooldown = veto("cooldown", `less than ${limits.cooldownMs} ms of market time since the last order`);
  const position = veto("position_limit", `the position would exceed ${formatFixed(limits.maxPosition)}`);
  const exposure = veto(
    "exposure_limit",
    `the notional of the position would exceed ${formatFixed(limits.maxNotional)}`,
  );
  const balance = veto("insufficient_balance", "the spot account does not cover the order");
  const maxNotional = limits.maxNotional * FIXED_ONE;
  return (signal, state) => {
    if (state.haltReason !== undefined) return veto("halted", state.haltReason);
    if (state.nowMs - state.oldestQuoteMs > limits.maxDataAgeMs) return staleData;
    if (state.isInFlight) return inFlight;
    if (state.elapsedMs - state.lastOrderElapsedMs < limits.cooldownMs) return cooldown;
    const after = positionAfter(signal, state);
    // A trade that closes makes the position smaller; limits must never keep it open.
    if (signal.purpose === "open") {
      if (after > limits.maxPosition) return position;
      if (after * signal.perp.bestPrice > maxNotional) return exposure;
    }
    return covers(signal, state) ? undefined : balance;
  };
}

/** Size of the position, either way, once this trade is done; one already under way in its direction is a veto of its own. */
function positionAfter({ direction, quantity }: Signal, { openQuantity }: RiskState): bigint {
  const after = openQuantity + (direction === "sell_spot_buy_perp" ? quantity : -quantity);
  return after < 0n ? -after : after;
}

function covers({ spot, quantity }: Signal, { spotHoldings, cash }: RiskState): boolean {
  return spot.side === "sell" ? spotHoldings >= quantity : cash >= spot.notional;
}

function veto(code: Veto["code"], reason: string): Veto {
  return Object.freeze({ code, reason });
}
