// The question for how each symbol does.
import { groupDigits } from "../digit-groups.ts";
import { type Column, renderTable } from "../text-table.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { dayRange, type Question } from "./question.ts";
import { type Totals, totalsOf } from "./totals.ts";

const MAX_SYMBOLS = 200;

/** `query symbols`: the JSON of `GET /api/telemetry/analytics/symbols`. */
export const symbolsQuestion: Question = {
  name: "symbols",
  summary: "how each symbol does",
  options: ["limit", "from", "to"],
  ask(asking) {
    const limit = wholeOption("limit", asking.typed.limit ?? "50", 1, MAX_SYMBOLS);
    const range = dayRange(asking);
    return async (store) => {
      const symbols: SymbolTotals[] = [];
      for (const { value, count } of (await store.facets(toStoreRange(range), limit)).symbols)
        symbols.push(toSymbolTotals(value, count, await totalsOf(store, range, { symbol: value })));
      return { json: { symbols }, text: (paint) => renderTable(SYMBOL_COLUMNS, symbols.map(renderSymbol), paint) };
    };
  },
};

type SymbolTotals = ReturnType<typeof toSymbolTotals>;

function toSymbolTotals(symbol: string, events: number, { signals, errors, decisions }: Totals) {
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

function renderSymbol({ symbol, signal_success_rate: rate, ...counts }: SymbolTotals): readonly string[] {
  const { events, signals_generated, signals_rejected, errors, decisions_accepted, decisions_rejected } = counts;
  return [
    symbol,
    ...[events, signals_generated, signals_rejected].map(groupDigits),
    rate.toFixed(2),
    ...[errors, decisions_accepted, decisions_rejected].map(groupDigits),
  ];
}

const SYMBOL_COLUMNS: readonly Column[] = [
  { title: "Symbol" },
  ...["Events", "Generated", "Rejected", "Success %", "Errors", "ACCEPT", "REJECT"].map((title) => ({
    title,
    isNumber: true,
  })),
];
