/** How a basis trade went, worked out from what became of its orders. */
import { parseFixed } from "../market/fixed-point.ts";
import type { Market } from "../market/market.ts";
import { ratioBpsDown } from "./basis-points.ts";
import type { OrderOutcome, OrderRequest } from "./order.ts";
import type { Signal } from "./signal.ts";

/** Why an order was sent: one of the two legs, more of the leg that got less, or back on the leg that got more. */
export type OrderRole = "leg" | "completion" | "unwind";

/** An order of a trade and what became of it. */
export interface PlacedOrder {
  readonly role: OrderRole;
  readonly request: OrderRequest;
  readonly outcome: OrderOutcome;
}

/**
 * `filled`: both legs whole. `partial`: both the same, but less. `missed`: nothing on either. `evened`: the legs differed and were
 * evened out. `unhedged`: they still differ. `unknown`: the fate of an order is not known.
 */
export type ExecutionStatus = "filled" | "partial" | "missed" | "evened" | "unhedged" | "unknown";

/** How a trade went; quantities times 1e8, positive in the direction of the signal. */
export interface Execution {
  readonly signal: Signal;
  readonly status: ExecutionStatus;
  readonly orders: readonly PlacedOrder[];
  readonly spotQuantity: bigint;
  readonly perpQuantity: bigint;
  /** The premium got, in basis points times 1e4, to hold against the signal's; where both legs came to the same quantity only. */
  readonly realisedPremium: bigint | undefined;
}

/** What the fills on one market add up to: quantity times 1e8 and notional times 1e16, in the direction of the signal's leg. */
export interface ExecutedLeg {
  readonly quantity: bigint;
  readonly notional: bigint;
}

/** Sums the fills of one market; those of orders against the leg's side count against it. */
export function executedOn(market: Market, signal: Signal, orders: readonly PlacedOrder[]): ExecutedLeg {
  const legSide = (market === "spot" ? signal.spot : signal.perp).side;
  let quantity = 0n;
  let notional = 0n;
  for (const { request, outcome } of orders) {
    if (request.market !== market || !outcome.ok) continue;
    const direction = request.side === legSide ? 1n : -1n;
    for (const fill of outcome.fills) {
      const size = direction * (parseFixed(fill.quantity) ?? 0n);
      quantity += size;
      notional += size * (parseFixed(fill.price) ?? 0n);
    }
  }
  return { quantity, notional };
}

/** True for an order whose answer was lost and has not been found. */
export function isUnknown({ outcome }: PlacedOrder): boolean {
  return !outcome.ok && outcome.outcome === "unknown";
}

/** Works out how the trade stands. */
export function toExecution(signal: Signal, orders: readonly PlacedOrder[]): Execution {
  const spot = executedOn("spot", signal, orders);
  const perp = executedOn("usdm", signal, orders);
  return {
    signal,
    status: statusOf(signal, orders, spot.quantity, perp.quantity),
    orders: [...orders],
    spotQuantity: spot.quantity,
    perpQuantity: perp.quantity,
    realisedPremium: premiumOf(signal, spot, perp),
  };
}

function statusOf(signal: Signal, orders: readonly PlacedOrder[], spot: bigint, perp: bigint): ExecutionStatus {
  if (orders.some(isUnknown)) return "unknown";
  if (spot !== perp) return "unhedged";
  if (orders.some(({ role }) => role !== "leg")) return "evened";
  if (spot === 0n) return "missed";
  return spot === signal.quantity ? "filled" : "partial";
}

function premiumOf(signal: Signal, spot: ExecutedLeg, perp: ExecutedLeg): bigint | undefined {
  if (spot.quantity !== perp.quantity || spot.quantity <= 0n) return undefined;
  const [sold, bought] = signal.spot.side === "sell" ? [spot, perp] : [perp, spot];
  return bought.notional <= 0n ? undefined : ratioBpsDown(sold.notional - bought.notional, bought.notional);
}
