// Decisions: pages of a filter, one of them, the units that they were made in, how far they were from the threshold, why, over time.
import { packDecisions, toDecision, unpackDecisions } from "../../queries/decision-rows.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { toMarginHistogram } from "../../queries/margin-bins.ts";
import { optionalText, requiredText, wholeNumber } from "../../queries/query-values.ts";
import { rankedCounts } from "../../queries/ranked-counts.ts";
import type { DecisionCount, DecisionFilter, MarginHistogram, ReasonCount, TimeRange } from "../../store-queries.ts";
import type { JudgedDecision, StoredDecision } from "../../stored-event.ts";
import type { Column, Connection } from "../connection.ts";
import { toText } from "../micros.ts";
import { VERDICT } from "../schema/log-tables.ts";
import { areAs, type Condition, inRange } from "./asking.ts";
import { sumCounts } from "./kept-counts.ts";

/** Decisions that are looked at for units and margins: the newest. */
const MAX_DECISIONS = 1_000_000;
const MAX_BINS = 1_000;
const LONGEST_UNIT = 1_000;
/** The columns that {@link toDecisionRow} reads. */
export const DECISION_COLUMNS =
  "id, time_micros, decision, reason_code, strategy, symbol, edge_unit, TraceId, run_id, data";
const NEWEST = "ORDER BY time_micros DESC, id DESC";

export async function findDecisions(
  connection: Connection,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): Promise<readonly StoredDecision[]> {
  return (await pageOf(connection, filter, limit, beforeId)).map(toDecision);
}

export async function judgedDecisions(
  connection: Connection,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): Promise<readonly JudgedDecision[]> {
  return unpackDecisions(packDecisions(await pageOf(connection, filter, limit, beforeId)));
}

export async function decision(connection: Connection, eventId: number): Promise<StoredDecision | undefined> {
  wholeNumber("eventId", eventId, 0);
  const [row] = await connection.lists(
    `SELECT ${DECISION_COLUMNS} FROM otel_logs WHERE id = ${eventId} AND event_type = 'decision' LIMIT 1`,
  );
  return row && toDecision(toDecisionRow(row));
}

/** Of the newest million that match. */
export async function edgeUnits(connection: Connection, filter: DecisionFilter): Promise<readonly string[]> {
  const { sql, parameters } = scopeOf(filter);
  const rows = await connection.lists(
    `SELECT edge_unit, count() AS c FROM (SELECT edge_unit FROM otel_logs WHERE ${sql} ${NEWEST} LIMIT ${MAX_DECISIONS})
     WHERE edge_unit != '' GROUP BY edge_unit ORDER BY c DESC, edge_unit`,
    parameters,
  );
  return rows.map(([unit]) => String(unit));
}

/** Of the newest million that match. Cost: reads two columns of them; equal margins are handed over once. */
export async function marginHistogram(
  connection: Connection,
  filter: DecisionFilter & { readonly edgeUnit: string },
  binCount: number,
): Promise<MarginHistogram> {
  const edgeUnit = requiredText("edgeUnit", filter.edgeUnit, LONGEST_UNIT);
  wholeNumber("binCount", binCount, 1, MAX_BINS);
  const { sql, parameters } = scopeOf(filter);
  const rows = await connection.lists(
    `SELECT margin, toString(decision) AS verdict, count() FROM (SELECT margin, decision FROM otel_logs WHERE ${sql} ${NEWEST} LIMIT ${MAX_DECISIONS})
     WHERE margin IS NOT NULL GROUP BY margin, verdict`,
    parameters,
  );
  return { edgeUnit, ...toMarginHistogram(repeated(rows), binCount) };
}

function* repeated(rows: readonly (readonly Column[])[]): Iterable<readonly Column[]> {
  for (const row of rows) for (let left = Number(row[2]); left > 0; left--) yield row;
}

export async function decisionReasons(
  connection: Connection,
  filter: TimeRange & { readonly symbol?: string | undefined; readonly strategy?: string | undefined },
): Promise<readonly DecisionCount[]> {
  const range = rangeOf(filter);
  const named = areAs({
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  });
  const rows = await sumCounts<{ verdict: string; reason_code: string; count: string }>(connection, range, {
    table: "reason_rollups",
    keys: [
      ["verdict", VERDICT],
      ["reason_code", "reason_code"],
    ],
    where: { ...named, sql: `event_type = 'decision' AND ${named.sql}` },
    ofRows: "1",
  });
  const counts = rows.map(({ verdict, reason_code, count }) => ({
    decision: verdict,
    reason_code,
    count: Number(count),
  }));
  return rankedCounts(counts, (row) => [row.reason_code, row.decision]);
}

export async function rejectionBreakdown(
  connection: Connection,
  filter: TimeRange & { readonly symbol?: string | undefined },
  limit: number,
): Promise<readonly ReasonCount[]> {
  wholeNumber("limit", limit, 1);
  const named = areAs({ symbol: optionalText("symbol", filter.symbol) });
  const rows = await sumCounts<{ reason_code: string; reason_text: string; count: string }>(
    connection,
    rangeOf(filter),
    {
      table: "reason_rollups",
      keys: [
        ["reason_code", "reason_code"],
        ["reason_text", "reason"],
      ],
      where: { ...named, sql: `event_type = 'signal_rejected' AND ${named.sql}` },
      ofRows: "1",
    },
  );
  const counts = rows.map(({ reason_code, reason_text, count }) => ({
    reason_code,
    reason: reason_text,
    count: Number(count),
  }));
  return rankedCounts(counts, (row) => [row.reason_code, row.reason]).slice(0, limit);
}

async function pageOf(
  connection: Connection,
  filter: DecisionFilter,
  limit: number,
  beforeId: number | undefined,
): Promise<readonly (readonly Column[])[]> {
  wholeNumber("limit", limit, 1);
  const { sql, parameters } = scopeOf(filter);
  let place = "1";
  if (beforeId !== undefined) {
    wholeNumber("beforeId", beforeId, 0);
    const [row] = await connection.lists(`SELECT time_micros FROM otel_logs WHERE id = ${beforeId} LIMIT 1`);
    if (row === undefined) return [];
    place = `time_micros <= ${row[0]} AND (time_micros, id) < (${row[0]}, ${beforeId})`;
  }
  const rows = await connection.lists(
    `SELECT ${DECISION_COLUMNS} FROM otel_logs WHERE ${sql} AND ${place} ${NEWEST} LIMIT ${limit}`,
    parameters,
  );
  return rows.map(toDecisionRow);
}

function scopeOf(filter: DecisionFilter): Condition {
  const named = areAs({
    reason_code: optionalText("reasonCode", filter.reasonCode),
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
    decision: optionalText("decision", filter.decision),
    edge_unit: optionalText("edgeUnit", filter.edgeUnit),
  });
  return { ...named, sql: `event_type = 'decision' AND ${inRange("time_micros", rangeOf(filter))} AND ${named.sql}` };
}

/** Texts that are not there are null; a verdict and a reason code are there in any case. */
export function toDecisionRow(row: readonly Column[]): Column[] {
  return row.map((value, i) => (i === 1 ? toText(value!) : value === "" && i > 3 && i < 9 ? null : value));
}
