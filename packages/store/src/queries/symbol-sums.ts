// What there is of each symbol, added up from the parts of a range.
import type { SymbolCounts } from "../store-queries.ts";

/** Events of a symbol and type. */
export interface SymbolTypeCount {
  readonly symbol: string;
  readonly event_type: string;
  readonly count: number;
}

/** Decisions of a symbol by how they came out. */
export interface SymbolVerdictCount {
  readonly symbol: string;
  readonly decision: string;
  readonly count: number;
}

/** A symbol whose counts are being added up. */
interface Adding {
  events: number;
  readonly byType: Map<string, number>;
  accepted: number;
  rejected: number;
}

/** The symbols with most events, most first. */
export function toSymbolCounts(
  types: readonly SymbolTypeCount[],
  verdicts: readonly SymbolVerdictCount[],
  limit: number,
): readonly SymbolCounts[] {
  const symbols = new Map<string, Adding>();
  for (const { symbol, event_type: type, count } of types) {
    const known = symbols.get(symbol) ?? { events: 0, byType: new Map<string, number>(), accepted: 0, rejected: 0 };
    known.events += count;
    known.byType.set(type, (known.byType.get(type) ?? 0) + count);
    symbols.set(symbol, known);
  }
  for (const { symbol, decision, count } of verdicts) {
    const known = symbols.get(symbol);
    if (known === undefined) continue;
    if (decision === "ACCEPT") known.accepted += count;
    else known.rejected += count;
  }
  return [...symbols]
    .filter(([, { events }]) => events > 0)
    .sort(([a, one], [b, other]) => other.events - one.events || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([symbol, { byType, ...counts }]) => ({ symbol, ...counts, byType: Object.fromEntries(byType) }));
}
