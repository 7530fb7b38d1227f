// Rows of a table from the oldest to the newest, a page at a time, for exports of any size.
import { rangeOf } from "../../queries/event-scope.ts";
import {
  businessCells,
  checkSignalTable,
  decisionCells,
  eventCells,
  exportPlaceOf,
  PAGE_LENGTH,
  spanCells,
  systemCells,
} from "../../queries/export-cells.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { systemScopeOf } from "../../records/record-scope.ts";
import type { TimeRange } from "../../store-queries.ts";
import { EXPORT_COLUMNS, type ExportCell, type ExportPage, type SignalTable } from "../../warehouse/export-columns.ts";
import type { Column, Connection } from "../connection.ts";
import { toMicros, toText } from "../micros.ts";
import { DECISION_COLUMNS, toDecisionRow } from "./decision-queries.ts";
import { EVENT_COLUMNS, toEventRow } from "./event-queries.ts";
import { SYSTEM_COLUMNS, systemRows, toMetric } from "./record-queries.ts";
import { SPAN_COLUMNS, toSpanRow } from "./trace-queries.ts";

/** How the rows of a table are read: a column of microseconds and one of ids, by which they are in order, then the others. */
interface RowSource {
  readonly columns: string;
  readonly from: (range: TimeRange) => string;
  readonly time: string;
  readonly id: string;
  /** A timestamp as the column of time has it. */
  readonly toTime: (timestamp: string) => string;
  readonly fromTime: (time: Column) => string;
  readonly toCells: (row: readonly Column[]) => ExportCell[];
}

/** Rows that are read at a time: events may be large, and a page ends when its text is long. */
const STEP = 1_000;

const MICROS = { toTime: toMicros, fromTime: (time: Column) => toText(time!) };

const SOURCES: Readonly<Record<SignalTable, RowSource>> = {
  telemetry_events: {
    columns: EVENT_COLUMNS,
    from: () => "otel_logs",
    time: "time_micros",
    ...MICROS,
    id: "id",
    toCells: (row) => eventCells(toEventRow(row)),
  },
  decisions: {
    columns: DECISION_COLUMNS,
    from: () => "(SELECT * FROM otel_logs WHERE event_type = 'decision')",
    time: "time_micros",
    ...MICROS,
    id: "id",
    toCells: (row) => decisionCells(toDecisionRow(row)),
  },
  traces: {
    columns: SPAN_COLUMNS,
    from: () => "otel_traces",
    time: "start_micros",
    ...MICROS,
    id: "id",
    toCells: (row) => spanCells(toSpanRow(row)),
  },
  system_metrics: {
    columns: SYSTEM_COLUMNS,
    from: (range) => `(${systemRows(systemScopeOf(range)).sql})`,
    time: "micros",
    ...MICROS,
    // Of a point the number of its series: there is one a minute.
    id: "place",
    toCells: (row) => systemCells(toMetric(row)),
  },
  business_metrics: {
    columns: EXPORT_COLUMNS.business_metrics
      .map(({ name }) => (name === "metric_value" ? "value_text" : name))
      .join(", "),
    from: () => "(SELECT * FROM business_metrics FINAL)",
    time: "metric_timestamp",
    toTime: (timestamp) => `'${timestamp}'`,
    fromTime: String,
    id: "event_id",
    toCells: businessCells,
  },
};

/** A page of a table. Cost: the rows of the page, however many lie before it; of points all of the range that is left. */
export async function exportRows(
  connection: Connection,
  table: SignalTable,
  range: TimeRange,
  limit: number,
  after?: string,
): Promise<ExportPage> {
  checkSignalTable(table);
  const source = SOURCES[table];
  wholeNumber("limit", limit, 1);
  const { toTime, fromTime } = source;
  const bounds = boundsOf(source, range);
  const place = after === undefined ? undefined : exportPlaceOf(after);
  const rows: ExportCell[][] = [];
  let last: readonly [time: string, id: number] | undefined = place && [toTime(place.timestamp), place.id];
  let length = 0;
  const nextOf = () => `${fromTime(last![0].replaceAll("'", ""))} ${last![1]}`;
  for (;;) {
    // One more than there is room for: it tells whether there is more.
    const size = Math.min(limit - rows.length + 1, STEP);
    const found = await readRows(connection, source, range, bounds, last, size);
    for (const [at, id, ...row] of found) {
      if (rows.length === limit || length > PAGE_LENGTH) return { rows, next: nextOf() };
      rows.push(source.toCells(row));
      last = [table === "business_metrics" ? `'${at}'` : String(at), Number(id)];
      for (const cell of row) if (typeof cell === "string") length += cell.length;
    }
    if (found.length < size) return { rows, next: null };
  }
}

/**
 * See `StoreQueries`. Ids are summed up: several writers give theirs beside one another, so that the highest does not tell of all. What is
 * worked out of metrics changes as long as something comes to a minute: all of it is looked at.
 */
export async function exportState(connection: Connection, table: SignalTable, range: TimeRange): Promise<string> {
  checkSignalTable(table);
  const source = SOURCES[table];
  const sum = table === "system_metrics" ? `cityHash64(toString(tuple(${source.columns})))` : source.id;
  const [row] = await connection.lists(
    `SELECT count(), sum(${sum}) FROM ${source.from(range)} WHERE ${boundsOf(source, range).join(" AND ") || "1"}`,
  );
  return (row ?? []).join(" ");
}

function boundsOf({ time, toTime }: RowSource, range: TimeRange): readonly string[] {
  const { start, end } = rangeOf(range);
  return [
    ...(start === undefined ? [] : [`${time} >= ${toTime(start)}`]),
    ...(end === undefined ? [] : [`${time} <= ${toTime(end)}`]),
  ];
}

async function readRows(
  connection: Connection,
  { columns, from, time, id }: RowSource,
  range: TimeRange,
  bounds: readonly string[],
  last: readonly [time: string, id: number] | undefined,
  size: number,
): Promise<readonly (readonly Column[])[]> {
  const place = last === undefined ? [] : [`${time} >= ${last[0]}`, `(${time}, ${id}) > (${last[0]}, ${last[1]})`];
  return connection.lists(
    `SELECT ${time} AS row_time, ${id} AS row_id, ${columns} FROM ${from(range)} WHERE ${[...bounds, ...place].join(" AND ") || "1"}
     ORDER BY row_time, row_id LIMIT ${size}`,
  );
}
