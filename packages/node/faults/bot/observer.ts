// What watches the bot: Tracebook as a user sets it up, or the stock OpenTelemetry SDK in its place.
import type { TelemetryHealth } from "@tracebook/node";

/** Whose telemetry the bot has. */
export type ObserverName = "tracebook" | "stock";

/** What a burst is made of: spans of the OpenTelemetry API, or flows of two spans each. */
export type BurstKind = "api_spans" | "flows";

/** The telemetry of a bot. Everything it makes bears the trace id of its number: see `numberedTraceId`. */
export interface Observer {
  /** The writer's name on its records; empty where there is nothing of the kind. */
  readonly instanceId: string;
  /** One tick: a span `tick`, a span `book_to_signal` below it, a decision (evidence) and a market event. */
  tick(traceId: string): void;
  /** One span `burst` of the OpenTelemetry API. */
  span(traceId: string): void;
  /** One flow of two spans, `tick` and `book_to_signal`. */
  flow(traceId: string): void;
  /** Undefined where there is nothing of the kind. */
  health(): TelemetryHealth | undefined;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The names of what a tick makes, as they arrive: spans by their name, log records by their event name. */
export const TICK_KINDS = ["tick", "book_to_signal", "trading.decision", "trading.orderbook_snapshot"] as const;
/** Those of them that are log records; all else are spans. */
export const LOG_KINDS: readonly string[] = ["trading.decision", "trading.orderbook_snapshot"];
/** Those of them that are evidence. */
export const EVIDENCE_KINDS: readonly string[] = ["trading.decision"];
/** What a burst makes a number. */
export const BURST_KINDS: Readonly<Record<BurstKind, readonly string[]>> = {
  api_spans: ["burst"],
  flows: ["tick", "book_to_signal"],
};

/** The book of every market event. */
export const BOOK = { symbol: "BTC/USDT", bids: [["61795.43", "0.5"]], asks: [["61795.44", "0.7"]] } as const;
