// Totals of a range, with the range as the API shows it.
import { type StoreQueries, type Totals, totalsOf } from "@tracebook/store";
import { type TimeSpan, toStoreRange } from "../time-range.ts";

/** Totals, and what they are of. */
export interface RangeTotals extends Totals {
  readonly time_range: { readonly start: string; readonly end: string };
}

/** Works out the totals of a range, of one symbol or of all. */
export async function rangeTotals(
  store: StoreQueries,
  range: TimeSpan & { readonly from: string; readonly to: string },
  symbol?: string | undefined,
): Promise<RangeTotals> {
  const totals = await totalsOf(store, { ...toStoreRange(range), symbol });
  return { time_range: { start: range.from, end: range.to }, ...totals };
}
