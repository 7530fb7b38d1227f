// Questions for totals: the tiles, why signals were rejected, how they scored.
import { percentOf, type ReasonCount } from "@tracebook/store";
import { groupDigits } from "../digit-groups.ts";
import type { Paint } from "../paint.ts";
import { type Column, renderTable } from "../text-table.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { dayRange, type Question } from "./question.ts";
import { type RangeTotals, rangeTotals } from "./totals.ts";

const MAX_REASONS = 1_000;

/** `query analytics`: the JSON of `GET /api/telemetry/analytics`. */
export const analyticsQuestion: Question = {
  name: "analytics",
  summary: "the four tiles, and why signals were rejected",
  options: ["from", "to"],
  ask(asking) {
    const range = dayRange(asking);
    return async (store) => {
      const [totals, reasons] = await Promise.all([
        rangeTotals(store, range),
        store.rejectionBreakdown(toStoreRange(range), MAX_REASONS),
      ]);
      const breakdown = byWords(reasons);
      const json = {
        metrics: {
          total_scans: totals.scans.total,
          total_signals_generated: totals.signals.generated,
          total_signals_rejected: totals.signals.rejected,
          total_errors: totals.errors.total,
          signal_success_rate: totals.signals.signal_rate,
        },
        rejection_breakdown: Object.fromEntries(breakdown),
        time_range: totals.time_range,
      };
      return { json, text: (paint) => renderTiles(totals, breakdown, paint) };
    };
  },
};

/** `query rejections`: the JSON of `GET /api/telemetry/analytics/rejections`. */
export const rejectionsQuestion: Question = {
  name: "rejections",
  summary: "why signals were rejected, most first",
  options: ["limit", "symbol", "from", "to"],
  ask(asking) {
    const { typed } = asking;
    const limit = wholeOption("limit", typed.limit ?? "10", 1, MAX_REASONS);
    const filter = { ...toStoreRange(dayRange(asking)), symbol: typed.symbol };
    return async (store) => {
      const [total, reasons] = await Promise.all([
        store.countEvents({ ...filter, eventType: "signal_rejected" }),
        store.rejectionBreakdown(filter, limit),
      ]);
      const rejections = reasons.map(({ reason, reason_code, count }) => {
        return { reason, reason_code, count, percentage: percentOf(count, total) };
      });
      const rows = rejections.map(({ reason, reason_code, count, percentage }) => {
        return [groupDigits(count), percentage.toFixed(2), reason_code, reason];
      });
      return {
        json: { total, rejections },
        text: (paint) => renderTable(REJECTION_COLUMNS, rows, paint),
        note: `${groupDigits(total)} rejected signals`,
      };
    };
  },
};

const REJECTION_COLUMNS: readonly Column[] = [
  { title: "Count", isNumber: true },
  { title: "%", isNumber: true },
  { title: "Code" },
  { title: "Reason" },
];

/** `query confidence`: the JSON of `GET /api/telemetry/analytics/confidence`. */
export const confidenceQuestion: Question = {
  name: "confidence",
  summary: "the scores of generated signals",
  options: ["symbol", "from", "to"],
  ask(asking) {
    const filter = { ...toStoreRange(dayRange(asking)), symbol: asking.typed.symbol };
    return async (store) => {
      const { count, avg, buckets } = await store.confidenceDistribution(filter);
      const rows = buckets.map((bucket) => [`${bucket.from} to ${bucket.to}`, groupDigits(bucket.count)]);
      return {
        json: { count, avg, buckets },
        text: (paint) => [
          `Signals: ${groupDigits(count)}`,
          `Mean:    ${avg === null ? "none" : avg.toFixed(2)}`,
          "",
          ...renderTable([{ title: "Score" }, { title: "Signals", isNumber: true }], rows, paint),
        ],
      };
    };
  },
};

/** Reasons that are worded alike are one. */
function byWords(reasons: readonly ReasonCount[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of reasons) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts];
}

function renderTiles(
  { time_range: { start, end }, scans, signals, errors }: RangeTotals,
  breakdown: readonly (readonly [string, number])[],
  paint: Paint,
): readonly string[] {
  const rows: (readonly [string, string])[] = [
    ["Scans", groupDigits(scans.total)],
    ["Signals generated", groupDigits(signals.generated)],
    ["Signals rejected", groupDigits(signals.rejected)],
    ["Errors", groupDigits(errors.total)],
    ["Success rate", `${signals.signal_rate.toFixed(2)} %`],
  ];
  const reasons = breakdown.map(([reason, count]) => [groupDigits(count), reason]);
  return [
    paint.bold(`${start} to ${end}`),
    ...rows.map(([label, text]) => `${`${label}:`.padEnd(20)}${text}`),
    ...(reasons.length === 0
      ? []
      : ["", ...renderTable([{ title: "Rejected", isNumber: true }, { title: "Reason" }], reasons, paint)]),
  ];
}
