// The totals of the tiles: what the server counted, and what has come since.
import type { Answer, StoredEvent } from "../api/client.ts";
import { timestampMicros } from "../format/timestamp-micros.ts";

/** Counts of a range. */
export interface Totals {
  readonly scans: number;
  readonly generated: number;
  readonly rejected: number;
  readonly accepts: number;
  readonly declines: number;
  readonly requests: number;
  readonly results: number;
  readonly errors: number;
}

/** A server's answer, and when it came. */
export interface CountedTotals {
  readonly totals: Totals;
  /** Up to this moment events are in the totals. */
  readonly endTime: string;
  readonly answeredMs: number;
}

/** Of the server's summary. */
export function totalsOf(summary: Answer<"/api/telemetry/analytics/summary">): Totals {
  const { scans, signals, decisions, orders, errors } = summary;
  return {
    scans: scans.total,
    generated: signals.generated,
    rejected: signals.rejected,
    accepts: decisions.accepted,
    declines: decisions.rejected,
    requests: orders.requested,
    results: orders.results,
    errors: errors.total,
  };
}

/**
 * With what has come by the live feed. An event of a moment that the server has counted already is counted again only when it came so long
 * after the answer that it cannot have been there.
 */
export function countOn(totals: Totals, events: readonly StoredEvent[], counted: CountedTotals, nowMs: number): Totals {
  const isLate = nowMs - counted.answeredMs > ON_ITS_WAY_MS;
  const end = timestampMicros(counted.endTime);
  const next: { -readonly [K in keyof Totals]: number } = { ...totals };
  let isChanged = false;
  for (const event of events) {
    const what = totalOf(event);
    if (what === undefined || (!isLate && timestampMicros(event.timestamp) <= end)) continue;
    next[what]++;
    isChanged = true;
  }
  return isChanged ? next : totals;
}

/** The share of signals that were generated, in percent; undefined when there were none. */
export function successRate({ generated, rejected }: Pick<Totals, "generated" | "rejected">): number | undefined {
  const total = generated + rejected;
  return total === 0 ? undefined : (generated / total) * 100;
}

/** From the database into the browser an event takes less. */
const ON_ITS_WAY_MS = 1_000;

function totalOf({ event_type, data }: StoredEvent): keyof Totals | undefined {
  if (event_type !== "decision") return BY_TYPE[event_type];
  return data["decision"] === "ACCEPT" ? "accepts" : "declines";
}

const BY_TYPE: Readonly<Record<string, keyof Totals | undefined>> = Object.assign(Object.create(null), {
  scan_completed: "scans",
  signal_generated: "generated",
  signal_rejected: "rejected",
  order_request: "requests",
  order_result: "results",
  error_occurred: "errors",
});
