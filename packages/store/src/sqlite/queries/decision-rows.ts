// Rows of `decisions` as decisions.
import type { JsonValue } from "../../store-input.ts";
import type { JudgedDecision, StoredDecision } from "../../stored-event.ts";
import { textOf as scalarOf } from "../signal-fields.ts";
import { textOf } from "./event-rows.ts";
import type { Column } from "./statements.ts";
import { toGates } from "./stored-gates.ts";

/** The columns of a decision, of `decisions` as `d` and `telemetry_events` as `e`. */
export const DECISION_COLUMNS = `d.event_id, d.timestamp, d.decision, d.reason_code, d.strategy, d.symbol, e.trace_id, e.run_id, d.edge_unit,
  d.gross_edge, d.fees_est, d.slippage_est, d.gas_est, d.latency_buffer, d.net_edge, d.min_threshold`;

/** The same with what its event says of why, as JSON. Of a damaged event nothing is known: it may have had gates. */
export const JUDGED_COLUMNS = `${DECISION_COLUMNS}, CASE WHEN json_valid(e.data_json) THEN coalesce(e.data_json -> '$.reason', 'null') ELSE 'null' END,
  CASE WHEN json_valid(e.data_json) THEN coalesce(e.data_json -> '$.gates', 'null') ELSE '"damaged"' END`;

/** Rows of {@link JUDGED_COLUMNS} in two texts: objects of eighteen fields cross from thread to thread at three times the price. */
export interface PackedDecisions {
  /** JSON: a list of lists, of {@link DECISION_COLUMNS}. */
  readonly rows: string;
  /** JSON: a list of pairs, of reason and gates as the events have them. */
  readonly why: string;
}

/** The decision of a row of {@link DECISION_COLUMNS}. */
export function toDecision(row: readonly Column[]): StoredDecision {
  return {
    event_id: Number(row[0]),
    timestamp: String(row[1]),
    decision: String(row[2]),
    reason_code: String(row[3]),
    strategy: textOf(row[4]),
    symbol: textOf(row[5]),
    trace_id: textOf(row[6]),
    run_id: textOf(row[7]),
    edge_unit: textOf(row[8]),
    gross_edge: textOf(row[9]),
    fees_est: textOf(row[10]),
    slippage_est: textOf(row[11]),
    gas_est: textOf(row[12]),
    latency_buffer: textOf(row[13]),
    net_edge: textOf(row[14]),
    min_threshold: textOf(row[15]),
  };
}

/** Packs rows of {@link JUDGED_COLUMNS}. Cost: about 2 us each. */
export function packDecisions(rows: readonly (readonly Column[])[]): PackedDecisions {
  const plain = rows.map((row) => row.slice(0, OWN_COLUMNS).map((column, i) => (i === 0 ? Number(column) : column)));
  const why = rows.map((row) => `[${String(row[OWN_COLUMNS])},${String(row[OWN_COLUMNS + 1])}]`);
  return { rows: JSON.stringify(plain), why: `[${why.join(",")}]` };
}

/** The decisions again. Cost: about 2 us each. */
export function unpackDecisions(packed: PackedDecisions): readonly JudgedDecision[] {
  const rows = JSON.parse(packed.rows) as Column[][];
  const why = JSON.parse(packed.why) as (readonly [JsonValue, JsonValue])[];
  return rows.map((row, i) => {
    const [reason, gates] = why[i]!;
    return { ...toDecision(row), reason: scalarOf(reason) ?? null, ...toGates(gates) };
  });
}

const OWN_COLUMNS = 16;
