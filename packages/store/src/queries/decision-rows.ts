// Rows of decisions with their events as decisions, whichever database they are from.

import { textOf as scalarOf } from "../sqlite/signal-fields.ts";
import type { EventData, JsonValue } from "../store-input.ts";
import type { JudgedDecision, StoredDecision } from "../stored-event.ts";
import { type Column, readData, textOf } from "./event-rows.ts";
import { toGates } from "./stored-gates.ts";

/** Rows of {@link toDecision} in one text: objects of eighteen fields cross from thread to thread at three times the price. */
export interface PackedDecisions {
  /** JSON: a list of lists, of the fields of {@link StoredDecision} in their order, then reason and gates as the event has them. */
  readonly rows: string;
}

/** The decision of a row: id, timestamp, verdict, reason code, strategy, symbol, unit, trace, run, the event's data as text. Of a damaged event there is what the entry has. Cost: reads the data, about 4 us. */
export function toDecision(row: readonly Column[]): StoredDecision {
  return fromCells(toCells(row, dataOf(row)));
}

/** Packs rows of {@link toDecision}. Of a damaged event nothing is known of gates: it may have had some. */
export function packDecisions(rows: readonly (readonly Column[])[]): PackedDecisions {
  const lists = rows.map((row) => {
    const data = dataOf(row);
    const packed: JsonValue[] = toCells(row, data);
    packed.push(data?.["reason"] ?? null, data === undefined ? DAMAGED : (data["gates"] ?? null));
    return packed;
  });
  return { rows: JSON.stringify(lists) };
}

/** The decisions again. Cost: about 2 us each. */
export function unpackDecisions({ rows }: PackedDecisions): readonly JudgedDecision[] {
  return (JSON.parse(rows) as readonly (readonly JsonValue[])[]).map((row) => {
    const reason = row.at(-2) ?? null;
    const gates = row.at(-1) ?? null;
    return { ...fromCells(row as readonly Cell[]), reason: scalarOf(reason) ?? null, ...toGates(gates) };
  });
}

type Cell = string | number | null;

/** No list, as gates are. */
const DAMAGED = "damaged";

function dataOf(row: readonly Column[]): EventData | undefined {
  return readData(String(row[9]));
}

/** The values of a decision, in the order of its fields. */
function toCells(row: readonly Column[], data: EventData = {}): Cell[] {
  const cells: Cell[] = [Number(row[0])];
  for (const column of FIELD_COLUMNS) cells.push(textOf(row[column]));
  for (const field of EDGE_FIELDS) cells.push(scalarOf(data[field]) ?? null);
  return cells;
}

function fromCells(cells: readonly Cell[]): StoredDecision {
  const text = (i: number) => textOf(cells[i]);
  return {
    event_id: Number(cells[0]),
    timestamp: String(cells[1]),
    decision: String(cells[2]),
    reason_code: String(cells[3]),
    strategy: text(4),
    symbol: text(5),
    trace_id: text(6),
    run_id: text(7),
    edge_unit: text(8),
    gross_edge: text(9),
    fees_est: text(10),
    slippage_est: text(11),
    gas_est: text(12),
    latency_buffer: text(13),
    net_edge: text(14),
    min_threshold: text(15),
  };
}

/** Where the fields from the timestamp to the unit are in a row. */
const FIELD_COLUMNS = [1, 2, 3, 4, 5, 7, 8, 6] as const;
/** What the event has in its data, and nothing else has. */
const EDGE_FIELDS = [
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
] as const;
