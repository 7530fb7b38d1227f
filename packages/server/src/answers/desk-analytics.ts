// Totals of a range: for the routes, and for programs that have the desk in their own process.
import { percentOf, type StoreQueries, type Totals, type TotalsQueries, totalsOf } from "@tracebook/store";
import { rangeBefore, shownRange, type WholeRange } from "./time-range.ts";

/** Totals of one range. */
export interface DeskSummary extends Totals {
  readonly time_range: { readonly start: string; readonly end: string };
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

/** More reasons than anybody has. */
const ALL_REASONS = 10_000;

/** Totals of a range, of one symbol or of all. */
export async function summarize(
  store: TotalsQueries,
  range: WholeRange,
  symbol: string | undefined,
): Promise<DeskSummary> {
  return { time_range: shownRange(range), ...(await totalsOf(store, { ...range, symbol })) };
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
