// Questions for traces.
import type { TraceSummary } from "@tracebook/store";
import { positiveNumber } from "../arguments.ts";
import { type Column, renderTable } from "../text-table.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { readDecision } from "./decision-questions.ts";
import { openRange, type Question } from "./question.ts";

const MAX_LIMIT = 500;
const MAX_MS = 999_999_999;

const COLUMNS: readonly Column[] = [
  { title: "Start" },
  { title: "Trace" },
  { title: "Service" },
  { title: "Operation" },
  { title: "ms", isNumber: true },
  { title: "Spans", isNumber: true },
  { title: "Errors", isNumber: true },
];

/** `query traces`: the JSON of `GET /api/telemetry/traces`. */
export const tracesQuestion: Question = {
  name: "traces",
  summary: "traces, newest first; with --slowest longest first",
  options: [
    "limit",
    "slowest",
    "service",
    "operation",
    "symbol",
    "decision",
    "reason",
    "min-ms",
    "errors",
    "from",
    "to",
  ],
  ask(asking) {
    const { typed } = asking;
    const limit = wholeOption("limit", typed.limit ?? "50", 1, MAX_LIMIT);
    const leastMs = typed["min-ms"];
    const filter = {
      ...toStoreRange(openRange(asking)),
      service: typed.service,
      operation: typed.operation,
      symbol: typed.symbol,
      decision: readDecision(typed.decision),
      reasonCode: typed.reason,
      minDurationMs: leastMs === undefined ? undefined : positiveNumber("min-ms", leastMs, MAX_MS),
      hasError: typed.errors ? true : undefined,
    };
    return async (store) => {
      const traces = typed.slowest ? await store.slowestTraces(filter, limit) : await store.findTraces(filter, limit);
      const isAll = traces.length < limit || typed.slowest === true;
      return {
        json: { traces, next_before: isAll ? null : (traces.at(-1)?.root.start_time ?? null) },
        text: (paint) => renderTable(COLUMNS, traces.map(renderTrace), paint),
        note: traces.length === 0 ? "no trace matches" : undefined,
      };
    };
  },
};

function renderTrace({ trace_id, root, span_count, error_count }: TraceSummary): readonly string[] {
  return [
    root.start_time,
    trace_id,
    root.service_name,
    root.operation_name,
    root.duration_ms.toFixed(3),
    String(span_count),
    String(error_count),
  ];
}
