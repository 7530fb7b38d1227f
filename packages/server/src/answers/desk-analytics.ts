// Totals of a range: for the routes, and for programs that have the desk in their own process.
import type { EventFilter, Facets, StoreQueries } from "@tracebook/store";
import { rangeBefore, shownRange, type WholeRange } from "./time-range.ts";

/** Totals of one range. Rates are percent, 0 when there is nothing to divide. */
export interface DeskSummary {
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

/** Why signals were rejected, and how often. */
export interface DeskRejection {
  /** As the event words it. */
  readonly reason: string;
  readonly reason_code: string;
  readonly count: number;
  /** Of all that were rejected. */
  readonly percentage: number;
}

/** How a symbol does. */
export interface DeskSymbol {
  readonly symbol: string;
  readonly events: number;
  readonly signals_generated: number;
  readonly signals_rejected: number;
  readonly signal_success_rate: number;
  readonly errors: number;
  readonly decisions_accepted: number;
  readonly decisions_rejected: number;
}

/** More reasons than anybody has. */
const ALL_REASONS = 10_000;
const ACCEPTED = "accepted";

/** `100 * part / whole`, to two places; 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

/** Totals of a range, of one symbol or of all. */
export async function summarize(
  store: StoreQueries,
  range: WholeRange,
  symbol: string | undefined,
): Promise<DeskSummary> {
  const filter: EventFilter = { ...range, symbol };
  const [counts, decided] = await Promise.all([store.countByType(filter), store.decisionReasons(filter)]);
  const of = (type: string) => (Object.hasOwn(counts, type) ? (counts[type] as number) : 0);
  const [generated, rejected] = [of("signal_generated"), of("signal_rejected")];
  const total = decided.reduce((sum, { count }) => sum + count, 0);
  const accepted = decided.reduce((sum, { reason_code, count }) => sum + (reason_code === ACCEPTED ? count : 0), 0);
  return {
    time_range: shownRange(range),
    scans: { total: of("scan_completed") },
    signals: {
      total: generated + rejected,
      generated,
      rejected,
      signal_rate: percentOf(generated, generated + rejected),
    },
    errors: { total: of("error_occurred") },
    decisions: { total, accepted, rejected: total - accepted, accept_rate: percentOf(accepted, total) },
    orders: { requested: of("order_request"), results: of("order_result") },
    events: { total: Object.values(counts).reduce((sum, count) => sum + count, 0) },
  };
}

/** A range and the one of the same length before it. */
export async function compare(store: StoreQueries, range: WholeRange, symbol: string | undefined) {
  const [now, previous] = await Promise.all([
    summarize(store, range, symbol),
    summarize(store, rangeBefore(range), symbol),
  ]);
  return { ...now, previous };
}

/** Why signals were rejected, most first; `total` counts those of reasons that are left out as well. */
export async function rejectionsOf(
  store: StoreQueries,
  range: WholeRange,
  symbol: string | undefined,
  limit: number,
): Promise<{ readonly total: number; readonly rejections: readonly DeskRejection[] }> {
  const all = await store.rejectionBreakdown({ ...range, symbol }, ALL_REASONS);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const rejections = all.slice(0, limit).map((one) => ({ ...one, percentage: percentOf(one.count, total) }));
  return { total, rejections };
}

/** How each symbol does, most events first. Cost: two questions of the store a symbol. */
export async function symbolsOf(store: StoreQueries, range: WholeRange, limit: number): Promise<readonly DeskSymbol[]> {
  const { symbols } = await store.facets(range, limit);
  return Promise.all(symbols.map((one) => symbolOf(store, range, one)));
}

async function symbolOf(store: StoreQueries, range: WholeRange, one: Facets["symbols"][number]): Promise<DeskSymbol> {
  const { signals, errors, decisions } = await summarize(store, range, one.value);
  return {
    symbol: one.value,
    events: one.count,
    signals_generated: signals.generated,
    signals_rejected: signals.rejected,
    signal_success_rate: signals.signal_rate,
    errors: errors.total,
    decisions_accepted: decisions.accepted,
    decisions_rejected: decisions.rejected,
  };
}
