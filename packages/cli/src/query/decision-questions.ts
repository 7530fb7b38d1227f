// Questions for decisions.
import type { StoredDecision } from "@tracebook/store";
import { CliError } from "../cli-error.ts";
import { type Column, renderTable } from "../text-table.ts";
import { toStoreRange } from "../time-range.ts";
import { wholeOption } from "../whole-number.ts";
import { openRange, type Question } from "./question.ts";

const MAX_LIMIT = 1_000;

const COLUMNS: readonly Column[] = [
  { title: "Id", isNumber: true },
  { title: "Time" },
  { title: "Symbol" },
  { title: "Strategy" },
  { title: "Decision" },
  { title: "Reason" },
  { title: "Net edge", isNumber: true },
  { title: "Threshold", isNumber: true },
  { title: "Unit" },
];

/** `query decisions`: the JSON of `GET /api/telemetry/decisions`. */
export const decisionsQuestion: Question = {
  name: "decisions",
  summary: "decisions, newest first",
  options: ["limit", "before-id", "symbol", "strategy", "decision", "reason", "unit", "from", "to"],
  ask(asking) {
    const { typed } = asking;
    const limit = wholeOption("limit", typed.limit ?? "100", 1, MAX_LIMIT);
    const before = typed["before-id"];
    const beforeId = before === undefined ? undefined : wholeOption("before-id", before, 1, Number.MAX_SAFE_INTEGER);
    const filter = {
      ...toStoreRange(openRange(asking)),
      symbol: typed.symbol,
      strategy: typed.strategy,
      decision: readDecision(typed.decision),
      reasonCode: typed.reason,
      edgeUnit: typed.unit,
    };
    return async (store) => {
      const decisions = await store.findDecisions(filter, limit, beforeId);
      const nextId = decisions.length < limit ? null : (decisions.at(-1)?.event_id ?? null);
      const next = nextId === null ? undefined : `the next: --before-id ${nextId}`;
      return {
        json: { decisions, next_before_id: nextId },
        text: (paint) => renderTable(COLUMNS, decisions.map(renderDecision), paint),
        note: decisions.length === 0 ? "no decision matches" : next,
      };
    };
  },
};

function renderDecision(row: StoredDecision): readonly string[] {
  return [
    String(row.event_id),
    row.timestamp,
    row.symbol ?? "-",
    row.strategy ?? "-",
    row.decision,
    row.reason_code,
    row.net_edge ?? "-",
    row.min_threshold ?? "-",
    row.edge_unit ?? "-",
  ];
}

/** `ACCEPT` or `REJECT`, however it is typed. Throws `CliError` for another word. */
export function readDecision(typed: string | undefined): string | undefined {
  const word = typed?.toUpperCase();
  if (word === undefined || word === "ACCEPT" || word === "REJECT") return word;
  throw new CliError(`--decision is "${typed}"; it must be ACCEPT or REJECT`);
}
