// One signal in hand: what it takes to judge it, to place its order, and to go on where an earlier try ended.
import type { Flow, Verdict } from "@tracebook/node";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import type { ExchangeClient, OrderReport } from "./exchange-client.ts";
import type { Positions } from "./positions.ts";
import type { Signal } from "./signal.ts";

/** What has been done so far. `failed`: signals that were set aside without a known end; `duplicate`: orders that had ended already. */
export interface OrderCounts {
  accepted: number;
  rejected: number;
  readonly orders: Record<"filled" | "rejected" | "failed" | "duplicate", number>;
}

/** The stages of a signal that becomes an order. */
export const HANDLE_STAGES = ["risk_checked", "order_recorded", "order_answered", "fills_stored"] as const;

/** One signal in hand, with all it takes to go on. */
export interface Handling {
  readonly database: Pick<Database, "stateOf" | "setOutcome" | "addOrder" | "endOrder">;
  readonly exchange: ExchangeClient;
  readonly positions: Positions;
  readonly log: Logger;
  readonly nowEpochMs: () => number;
  readonly counts: OrderCounts;
  readonly flow: Flow<(typeof HANDLE_STAGES)[number]>;
  readonly signalId: string;
  readonly signal: Signal;
  /** What this process knows from its earlier tries, the database perhaps not: nothing is judged or told twice for want of an answer. */
  readonly attempt: {
    verdict: Verdict | undefined;
    /** Whether the verdict, and the request of an order, are on the record. */
    isRecorded: boolean;
    /** What the exchange said; it is on the record. */
    report: OrderReport | undefined;
    /** Requests without an answer. */
    silences: number;
  };
}
