// Totals of a range, by the names of the API.
import type { StoreQueries } from "@tracebook/store";
import { type TimeSpan, toStoreRange } from "../time-range.ts";

/** Totals. Rates are percentages with at most two decimals; 0 where there is nothing to divide. */
export interface Totals {
  readonly time_range: { readonly start: string; readonly end: string };
  readonly scans: { readonly total: number };
  readonly signals: {
    readonly total: number;
    readonly generated: number;
    readonly rejected: number;
    readonly signal_rate: number;
  };
  readonly errors: { readonly total: number };
  readonly decisions: {
    readonly total: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly accept_rate: number;
  };
  readonly orders: { readonly requested: number; readonly results: number };
  readonly events: { readonly total: number };
}

/** What else of the events counts. */
export interface TotalsFilter {
  readonly symbol?: string | undefined;
}

/** Works out the totals of a range. */
export async function totalsOf(
  store: StoreQueries,
  range: TimeSpan & { readonly from: string; readonly to: string },
  { symbol }: TotalsFilter = {},
): Promise<Totals> {
  const filter = { ...toStoreRange(range), symbol };
  const [byType, reasons] = await Promise.all([store.countByType(filter), store.decisionReasons(filter)]);
  const count = (type: string): number => (Object.hasOwn(byType, type) ? (byType[type] ?? 0) : 0);
  const [generated, rejected] = [count("signal_generated"), count("signal_rejected")];
  const accepted = reasons.reduce((sum, reason) => sum + (reason.reason_code === "accepted" ? reason.count : 0), 0);
  const decisions = reasons.reduce((sum, reason) => sum + reason.count, 0);
  return {
    time_range: { start: range.from, end: range.to },
    scans: { total: count("scan_completed") },
    signals: {
      total: generated + rejected,
      generated,
      rejected,
      signal_rate: percentOf(generated, generated + rejected),
    },
    errors: { total: count("error_occurred") },
    decisions: {
      total: decisions,
      accepted,
      rejected: decisions - accepted,
      accept_rate: percentOf(accepted, decisions),
    },
    orders: { requested: count("order_request"), results: count("order_result") },
    events: { total: Object.values(byType).reduce((sum, some) => sum + some, 0) },
  };
}

/** `100 * part / whole`, to two decimals; 0 / 0 is 0. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 10_000) / whole) / 100;
}
