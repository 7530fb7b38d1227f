// Totals of a range, worked out of a store's answers: the same ones for the API, for programs and for the command line.
import type { StoreQueries, SymbolCounts, TimeRange } from "./store-queries.ts";

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

/** The verdict to go ahead, whatever the reason code beside it; what says neither does not go ahead. */
const ACCEPT = "ACCEPT";

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
  const of = (type: string): number => countOf(counts, type);
  const total = decided.reduce((sum, { count }) => sum + count, 0);
  const accepted = decided.reduce((sum, { decision, count }) => sum + (decision === ACCEPT ? count : 0), 0);
  return {
    scans: { total: of("scan_completed") },
    signals: signalsOf(counts),
    errors: { total: of("error_occurred") },
    decisions: { total, accepted, rejected: total - accepted, accept_rate: percentOf(accepted, total) },
    orders: { requested: of("order_request"), results: of("order_result") },
    events: { total: Object.values(counts).reduce((sum, count) => sum + count, 0) },
  };
}

/** How each symbol does, most events first. Cost: one question, answered by roll-ups, however many symbols there are. */
export async function symbolTotalsOf(
  queries: Pick<StoreQueries, "symbolCounts">,
  range: TimeRange,
  limit: number,
): Promise<readonly SymbolTotals[]> {
  return (await queries.symbolCounts(range, limit)).map(toSymbolTotals);
}

function toSymbolTotals({ symbol, events, byType, accepted, rejected }: SymbolCounts): SymbolTotals {
  const signals = signalsOf(byType);
  return {
    symbol,
    events,
    signals_generated: signals.generated,
    signals_rejected: signals.rejected,
    signal_success_rate: signals.signal_rate,
    errors: countOf(byType, "error_occurred"),
    decisions_accepted: accepted,
    decisions_rejected: rejected,
  };
}

function signalsOf(counts: Readonly<Record<string, number>>): Totals["signals"] {
  const [generated, rejected] = [countOf(counts, "signal_generated"), countOf(counts, "signal_rejected")];
  const total = generated + rejected;
  return { total, generated, rejected, signal_rate: percentOf(generated, total) };
}

/** A type may be called as every object's own properties are. */
function countOf(counts: Readonly<Record<string, number>>, type: string): number {
  return Object.hasOwn(counts, type) ? (counts[type] ?? 0) : 0;
}
