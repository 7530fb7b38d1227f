// The question for how each symbol does.
import { type SymbolTotals, symbolTotalsOf } from "@tracebook/store";
import { groupDigits } from "../digit-groups.ts";
import { type Column, renderTable } from "../text-table.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { dayRange, type Question } from "./question.ts";

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
      const symbols = await symbolTotalsOf(store, toStoreRange(range), limit);
      return { json: { symbols }, text: (paint) => renderTable(SYMBOL_COLUMNS, symbols.map(renderSymbol), paint) };
    };
  },
};

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
