/** The orders of one market that were taken, to refuse the same client order id twice and to answer who asks for one. */
import type { Execution, OrderIds } from "./execution.ts";
import type { PaperOrder } from "./paper-order.ts";

/** An order that was matched. */
export interface PlacedOrder {
  readonly order: PaperOrder;
  readonly execution: Execution;
  readonly ids: OrderIds;
}

/** The ledger. Made by `createOrderLedger`. Remembers the latest 100,000 ids. */
export interface OrderLedger {
  /** Takes a client order id; false when it was taken before. */
  reserve(clientOrderId: string): boolean;
  /** Writes a matched order in. */
  enter(placed: PlacedOrder): void;
  /** A matched order by its client order id; `undefined` if there is none. */
  find(clientOrderId: string): PlacedOrder | undefined;
}

const MAX_ENTRIES = 100_000;

/** An empty ledger. */
export function createOrderLedger(): OrderLedger {
  // A reserved id has no order yet; one that was refused never gets one.
  const entries = new Map<string, PlacedOrder | undefined>();
  const set = (clientOrderId: string, placed: PlacedOrder | undefined) => {
    entries.set(clientOrderId, placed);
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
  };
  return {
    reserve(clientOrderId) {
      if (entries.has(clientOrderId)) return false;
      set(clientOrderId, undefined);
      return true;
    },
    enter(placed) {
      set(placed.ids.clientOrderId, placed);
    },
    find: (clientOrderId) => entries.get(clientOrderId),
  };
}
