// Totals of a range, worked out of a store's answers: the same ones for the API, for programs and for the command line.
import type { Facets, StoreQueries, TimeRange } from "./store-queries.ts";

/** Totals of one range. Rates are percent with two decimals, 0 where there is nothing to divide. */
export interface Totals {
  /** Completed scans. */
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

/** How a symbol does. */
export interface SymbolTotals {
  readonly symbol: string;
  readonly events: number;
  readonly signals_generated: number;
  readonly signals_rejected: number;
  readonly signal_success_rate: number;
  readonly errors: number;
  readonly decisions_accepted: number;
  readonly decisions_rejected: number;
}

/** What totals are worked out of. */
export type TotalsQueries = Pick<StoreQueries, "countByType" | "decisionReasons">;

/** The reason code of a decision to go ahead. */
const ACCEPTED = "accepted";

/** `100 * part / whole`, to two decimals; 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 10_000) / whole) / 100;
}

/** The totals of a range, of one symbol or of all. Rejects as the store does. Cost: two questions, answered by roll-ups. */
export async function totalsOf(
  queries: TotalsQueries,
  filter: TimeRange & { readonly symbol?: string | undefined },
): Promise<Totals> {
  const [counts, decided] = await Promise.all([queries.countByType(filter), queries.decisionReasons(filter)]);
  // A type may be called as every object's own properties are.
  const of = (type: string): number => (Object.hasOwn(counts, type) ? (counts[type] ?? 0) : 0);
  const [generated, rejected] = [of("signal_generated"), of("signal_rejected")];
  const total = decided.reduce((sum, { count }) => sum + count, 0);
  const accepted = decided.reduce((sum, { reason_code, count }) => sum + (reason_code === ACCEPTED ? count : 0), 0);
  return {
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

/** How each symbol does, most events first. Cost: two questions a symbol. */
export async function symbolTotalsOf(
  queries: TotalsQueries & Pick<StoreQueries, "facets">,
  range: TimeRange,
  limit: number,
): Promise<readonly SymbolTotals[]> {
  const { symbols } = await queries.facets(range, limit);
  return Promise.all(symbols.map((symbol) => symbolTotals(queries, range, symbol)));
}

async function symbolTotals(
  queries: TotalsQueries,
  range: TimeRange,
  { value: symbol, count: events }: Facets["symbols"][number],
): Promise<SymbolTotals> {
  const { signals, errors, decisions } = await totalsOf(queries, { ...range, symbol });
  return {
    symbol,
    events,
    signals_generated: signals.generated,
    signals_rejected: signals.rejected,
    signal_success_rate: signals.signal_rate,
    errors: errors.total,
    decisions_accepted: decisions.accepted,
    decisions_rejected: decisions.rejected,
  };
}
