// The question for the totals of a range, beside those of the range before.
import { groupDigits } from "../digit-groups.ts";
import type { Paint } from "../paint.ts";
import { renderTable } from "../text-table.ts";
import { rangeBefore } from "../time-range.ts";
import { dayRange, type Question } from "./question.ts";
import { type RangeTotals, rangeTotals } from "./totals.ts";

/** `query summary`: the JSON of `GET /api/telemetry/analytics/summary`. */
export const summaryQuestion: Question = {
  name: "summary",
  summary: "totals; with --compare beside those of the range before: --from 7d --compare is week against week",
  options: ["symbol", "compare", "from", "to"],
  ask(asking) {
    const { typed } = asking;
    const range = dayRange(asking);
    return async (store) => {
      const totals = await rangeTotals(store, range, typed.symbol);
      const previous = typed.compare ? await rangeTotals(store, rangeBefore(range), typed.symbol) : null;
      return { json: { ...totals, previous }, text: (paint) => renderSummary(totals, previous, paint) };
    };
  },
};

function renderSummary(totals: RangeTotals, previous: RangeTotals | null, paint: Paint): readonly string[] {
  const columns = [{ title: "" }, { title: "Now", isNumber: true }];
  if (previous !== null) columns.push({ title: "Before", isNumber: true }, { title: "Change", isNumber: true });
  const rows = SUMMARY_ROWS.map(([label, figureOf, unit]) => {
    const now = figureOf(totals);
    const cells = [label, showValue(now, unit)];
    if (previous === null) return cells;
    const before = figureOf(previous);
    return [...cells, showValue(before, unit), showChange(now - before, unit)];
  });
  const spans = [`Now:    ${spanOf(totals)}`, ...(previous === null ? [] : [`Before: ${spanOf(previous)}`])];
  return [...spans, "", ...renderTable(columns, rows, paint)];
}

const SUMMARY_ROWS: readonly (readonly [string, (totals: RangeTotals) => number, "" | "%"])[] = [
  ["Scans", ({ scans }) => scans.total, ""],
  ["Signals generated", ({ signals }) => signals.generated, ""],
  ["Signals rejected", ({ signals }) => signals.rejected, ""],
  ["Signal rate", ({ signals }) => signals.signal_rate, "%"],
  ["Errors", ({ errors }) => errors.total, ""],
  ["Decisions accepted", ({ decisions }) => decisions.accepted, ""],
  ["Decisions rejected", ({ decisions }) => decisions.rejected, ""],
  ["Accept rate", ({ decisions }) => decisions.accept_rate, "%"],
  ["Orders requested", ({ orders }) => orders.requested, ""],
  ["Order results", ({ orders }) => orders.results, ""],
  ["Events", ({ events }) => events.total, ""],
];

function spanOf({ time_range: { start, end } }: RangeTotals): string {
  return `${start} to ${end}`;
}

function showValue(value: number, unit: "" | "%"): string {
  return unit === "%" ? `${value.toFixed(2)} %` : groupDigits(value);
}

function showChange(value: number, unit: "" | "%"): string {
  const sign = value > 0 ? "+" : "";
  // A difference of percentages is one of points.
  return sign + (unit === "%" ? `${value.toFixed(2)} points` : groupDigits(value));
}
