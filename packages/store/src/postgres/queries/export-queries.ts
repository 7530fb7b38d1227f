// Rows of a table from the oldest to the newest, a page at a time, for exports of any size.
import type { Column } from "../../queries/event-rows.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import {
  businessCells,
  checkSignalTable,
  decisionCells,
  type ExportPlace,
  eventCells,
  exportPlaceOf,
  PAGE_LENGTH,
  spanCells,
  systemCells,
} from "../../queries/export-cells.ts";
import { wholeNumber } from "../../queries/query-values.ts";
import { type SystemRow, toSystemMetric } from "../../records/system-row.ts";
import type { TimeRange } from "../../store-queries.ts";
import {
  EXPORT_COLUMNS,
  type ExportCell,
  type ExportColumn,
  type ExportPage,
  type SignalTable,
} from "../../warehouse/export-columns.ts";
import { toInstant } from "../copy-text.ts";
import { DECISION_COLUMNS, WITH_EVENT } from "./decision-columns.ts";
import { EVENT_COLUMNS } from "./event-rows.ts";
import { boundsOf } from "./event-scope.ts";
import { SPAN_COLUMNS } from "./span-columns.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";
import { HAS_VALUE, POINT_TYPE, POINT_VALUE, RECORD_HOST, RECORD_SERVICE } from "./system-columns.ts";

/** Where the rows of a table are: in one or two tables of the database, each in an order of its own; no id is in both of them. */
interface RowSource {
  readonly arms: readonly RowArm[];
  readonly toCells: (row: readonly Column[]) => ExportCell[];
}

interface RowArm {
  readonly columns: string;
  readonly from: string;
  readonly time: string;
  readonly id: string;
}

/** Rows that are read in one go: what a page needs no more has been sent for nothing. */
const GO = 1_000;
/** Ids of points begin above those of all events. */
const FIRST_POINT = 1_000_000_000_000_000;

/** Columns of a system metric, and what its percentiles are worked out from. */
const SYSTEM_COLUMNS = [...EXPORT_COLUMNS.system_metrics.map(({ name }) => name), "bounds_json", "counts_json"];

const withInstance = (table: string) => `LEFT JOIN instances AS i ON i.id = ${table}.instance`;

const SOURCES: Readonly<Record<SignalTable, RowSource>> = {
  telemetry_events: {
    arms: [
      {
        columns: EVENT_COLUMNS,
        from: `telemetry_events AS e ${withInstance("e")}`,
        time: "e.timestamp",
        id: "e.id",
      },
    ],
    toCells: eventCells,
  },
  decisions: {
    arms: [
      {
        columns: DECISION_COLUMNS,
        from: `decision_entries AS page ${WITH_EVENT}`,
        time: "page.timestamp",
        id: "page.event_id",
      },
    ],
    toCells: decisionCells,
  },
  traces: {
    arms: [{ columns: SPAN_COLUMNS, from: `traces AS t ${withInstance("t")}`, time: "t.start_time", id: "t.id" }],
    toCells: spanCells,
  },
  system_metrics: {
    arms: [
      {
        columns: `r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE} AS service_name, ${RECORD_HOST} AS host_name,
          r.instance_id, r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags::text AS tags,
          ${timeText("r.metric_timestamp")} AS metric_timestamp, NULL::text AS bounds_json, NULL::text AS counts_json`,
        from: `system_records AS r ${withInstance("r")}`,
        time: "r.metric_timestamp",
        id: "r.event_id",
      },
      {
        columns: `s.name, ${POINT_TYPE}, ${POINT_VALUE}, s.unit, i.service_name, i.host_name, i.instance_id, NULL::float8, NULL::float8,
          NULL::float8, NULL::float8, s.labels_json, ${timeText("to_timestamp(p.bucket)")}, s.bounds_json, p.counts_json`,
        from: `metric_points AS p JOIN metric_series AS s ON s.id = p.series AND ${HAS_VALUE} ${withInstance("s")}`,
        time: "to_timestamp(p.bucket)",
        id: `p.series + ${FIRST_POINT}`,
      },
    ],
    toCells: (row) => {
      const named = Object.fromEntries(SYSTEM_COLUMNS.map((name, i) => [name, row[i] ?? null]));
      return systemCells(toSystemMetric(named as unknown as SystemRow));
    },
  },
  business_metrics: {
    arms: [
      {
        columns: EXPORT_COLUMNS.business_metrics.map(businessColumn).join(", "),
        from: "business_metrics AS b",
        time: "b.metric_timestamp",
        id: "b.event_id",
      },
    ],
    toCells: businessCells,
  },
};

/** A page of a table. Cost: a step into an index of each day, and a row each of what is in the page. */
export async function exportRows(
  statements: Statements,
  table: SignalTable,
  range: TimeRange,
  limit: number,
  after?: string,
): Promise<ExportPage> {
  checkSignalTable(table);
  const source = SOURCES[table];
  wholeNumber("limit", limit, 1);
  const bounds = boundsOf(rangeOf(range));
  const rows: ExportCell[][] = [];
  let length = 0;
  let place = after === undefined ? undefined : exportPlaceOf(after);
  while (true) {
    // One more than there is room for: it tells whether there is more.
    const size = Math.min(limit - rows.length + 1, GO);
    const read = await readRows(statements, source, { ...bounds, size }, place);
    for (const row of read) {
      if (rows.length === limit || length > PAGE_LENGTH)
        return { rows, next: place ? `${place.timestamp} ${place.id}` : null };
      place = { timestamp: String(row.at(-2)), id: Number(row.at(-1)) };
      rows.push(source.toCells(row));
      for (const cell of row) if (typeof cell === "string") length += cell.length;
    }
    if (read.length < size) return { rows, next: null };
  }
}

function readRows(
  statements: Statements,
  { arms }: RowSource,
  bounds: { readonly start: string; readonly end: string; readonly size: number },
  place: ExportPlace | undefined,
): Promise<readonly (readonly Column[])[]> {
  const walks = arms.map(({ columns, from, time, id }) => {
    const behind = place === undefined ? "" : `AND (${time}, ${id}) > ($start::timestamptz, $id::bigint)`;
    return `(SELECT ${columns}, ${timeText(time)} AS place_time, ${id} AS place_id FROM ${from}
      WHERE ${time} >= $start AND ${time} <= $end ${behind} ORDER BY ${time}, ${id} LIMIT $size)`;
  });
  const [only] = walks;
  const sql = walks.length === 1 ? only! : `${walks.join(" UNION ALL ")} ORDER BY place_time, place_id LIMIT $size`;
  return statements.lists(sql, {
    ...bounds,
    ...(place === undefined ? undefined : { start: toInstant(place.timestamp), id: place.id }),
  });
}

function businessColumn({ name }: ExportColumn): string {
  const isTime = ["period_start", "period_end", "metric_timestamp"].includes(name);
  if (isTime) return `${timeText(`b.${name}`)} AS ${name}`;
  return name === "tags" ? "b.tags::text AS tags" : `b.${name}`;
}
