// Rows of a table from the oldest to the newest, a page at a time, for exports of any size.

import type { Column } from "../../queries/event-rows.ts";
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
import { type SystemRow, toSystemMetric } from "../../records/system-row.ts";
import type { TimeRange } from "../../store-queries.ts";
import { EXPORT_COLUMNS, type ExportCell, type ExportPage, type SignalTable } from "../../warehouse/export-columns.ts";
import { HAS_VALUE, POINT_TYPE, POINT_VALUE, RECORD_HOST, RECORD_SERVICE } from "../record-schema.ts";
import { decisionColumns } from "./decision-columns.ts";
import { EVENT_COLUMNS } from "./event-columns.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import { SPAN_COLUMNS } from "./span-columns.ts";
import type { Statements } from "./statements.ts";

/** When the minute of a point begins. */
const POINT_TIME = "strftime('%Y-%m-%dT%H:%M:00.000000Z', p.bucket, 'unixepoch')";

/**
 * A page of a table. Cost: two steps into an index, and a row each of what is in the page: what lies before it costs nothing, so that ten
 * million rows take ten times as long as one million.
 */
export function exportRows(
  statements: Statements,
  table: SignalTable,
  range: TimeRange,
  limit: number,
  after?: string,
): ExportPage {
  checkSignalTable(table);
  const source = SOURCES[table];
  wholeNumber("limit", limit, 1);
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = rangeOf(range);
  const page = new PageOfRows(source, limit);
  if (after === undefined) page.read(statements, "first", placeAt(start, end, 0));
  else {
    const place = exportPlaceOf(after);
    page.read(statements, "same", placeAt(place.timestamp, end, place.id));
    page.read(statements, "later", placeAt(place.timestamp, end, 0));
  }
  return page.toPage();
}

/** Rows of a table, as they lie in one or two tables of the database. */
interface RowSource {
  readonly arms: readonly RowArm[];
  readonly toCells: (row: readonly Column[]) => ExportCell[];
}

/** Rows that lie in an order of their own, by time and id. The ids of two arms are never the same. */
interface RowArm {
  readonly columns: string;
  readonly from: string;
  readonly time: string;
  readonly id: string;
  /** Another name for the order of time, where rows are found by it and not by its text: seconds since 1970. */
  readonly second?: string;
  /** What is added to the id, so that it is no other arm's. */
  readonly firstId?: number;
}

/** Columns of a system metric, and what its percentiles are worked out from. */
const SYSTEM_COLUMNS = [...EXPORT_COLUMNS.system_metrics.map(({ name }) => name), "bounds_json", "counts_json"];
/** Ids of points begin above those of all events. */
const FIRST_POINT = 1e15;

const SOURCES: Readonly<Record<SignalTable, RowSource>> = {
  telemetry_events: {
    arms: [
      {
        columns: EVENT_COLUMNS,
        from: "telemetry_events AS e INDEXED BY idx_timestamp LEFT JOIN instances AS i ON i.id = e.instance",
        time: "e.timestamp",
        id: "e.id",
      },
    ],
    toCells: eventCells,
  },
  decisions: {
    arms: [
      {
        columns: decisionColumns("d"),
        from: "decision_entries AS d LEFT JOIN telemetry_events AS e ON e.id = d.event_id",
        time: "d.timestamp",
        id: "d.event_id",
      },
    ],
    toCells: decisionCells,
  },
  traces: {
    arms: [
      {
        columns: SPAN_COLUMNS,
        from: "traces AS t INDEXED BY idx_traces_start LEFT JOIN instances AS i ON i.id = t.instance",
        time: "t.start_time",
        id: "t.id",
      },
    ],
    toCells: spanCells,
  },
  system_metrics: {
    arms: [
      {
        columns: `r.metric_name, r.metric_type, r.metric_value, r.metric_unit, ${RECORD_SERVICE}, ${RECORD_HOST}, r.instance_id,
          r.percentile_50, r.percentile_90, r.percentile_95, r.percentile_99, r.tags, r.metric_timestamp, NULL, NULL`,
        from: "system_records AS r INDEXED BY idx_system_records_time LEFT JOIN instances AS i ON i.id = r.instance",
        time: "r.metric_timestamp",
        id: "r.event_id",
      },
      {
        columns: `s.name, ${POINT_TYPE}, ${POINT_VALUE}, s.unit, i.service_name, i.host_name, i.instance_id, NULL, NULL, NULL, NULL,
          s.labels_json, ${POINT_TIME}, s.bounds_json, p.counts_json`,
        from: `metric_points AS p INDEXED BY idx_metric_points_bucket CROSS JOIN metric_series AS s ON s.id = p.series AND ${HAS_VALUE}
          LEFT JOIN instances AS i ON i.id = s.instance`,
        time: POINT_TIME,
        id: "p.series",
        second: "p.bucket",
        firstId: FIRST_POINT,
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
        columns: EXPORT_COLUMNS.business_metrics.map(({ name }) => name).join(", "),
        from: "business_metrics INDEXED BY idx_business_metrics_time",
        time: "metric_timestamp",
        id: "event_id",
      },
    ],
    toCells: businessCells,
  },
};

/** Where a walk goes on. The seconds are those of the two texts. */
interface WalkPlace {
  readonly start: string;
  readonly end: string;
  readonly id: number;
  readonly startSecond: number;
  readonly endSecond: number;
}

/** What a walk begins with. One condition for the two of them would have SQLite look at all rows of the same time again for each page. */
const WALKS = {
  first: (time: string) => `${time} >= $start`,
  same: (time: string, id: string, firstId: number) => `${time} = $start AND ${id} > $id - ${firstId}`,
  later: (time: string) => `${time} > $start`,
} as const;

type Walk = keyof typeof WALKS;

/** The next rows of a source, each with its time and its id at its end. An arm of two is read as far as the other one may need it. */
function walkQuery({ arms }: RowSource, walk: Walk): string {
  const queries = arms.map(({ columns, from, time, id, second, firstId = 0 }) => {
    const bySecond =
      second === undefined
        ? ""
        : `${second} ${walk === "same" ? "=" : ">="} $startSecond AND ${second} <= $endSecond AND`;
    return `SELECT ${columns}, ${time} AS row_time, ${id} + ${firstId} AS row_id FROM ${from}
      WHERE ${bySecond} ${WALKS[walk](time, id, firstId)} AND ${time} <= $end ORDER BY ${second ?? time}, ${id} LIMIT $limit`;
  });
  const [only] = queries;
  if (queries.length === 1) return only!;
  return `${queries.map((query) => `SELECT * FROM (${query})`).join(" UNION ALL ")} ORDER BY row_time, row_id LIMIT $limit`;
}

function placeAt(start: string, end: string, id: number): WalkPlace {
  return {
    start,
    end,
    id,
    startSecond: secondOf(start, -Number.MAX_VALUE),
    endSecond: secondOf(end, Number.MAX_VALUE),
  };
}

/** The second of a time, or what an open end is. */
export function secondOf(timestamp: string, open: number): number {
  return timestamp === FIRST_TIMESTAMP || timestamp === LAST_TIMESTAMP
    ? open
    : Date.parse(`${timestamp.slice(0, 19)}Z`) / 1000;
}

class PageOfRows {
  readonly #source: RowSource;
  readonly #limit: number;
  readonly #rows: ExportCell[][] = [];
  #length = 0;
  #next: string | null = null;
  #isCut = false;

  constructor(source: RowSource, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  /** Reads rows as far as there is room. */
  read(statements: Statements, walk: Walk, place: WalkPlace): void {
    if (this.#isCut) return;
    const { toCells } = this.#source;
    const sql = walkQuery(this.#source, walk);
    // One more than there is room for: it tells whether there is more.
    for (const row of statements.each(sql, { ...place, limit: this.#limit - this.#rows.length + 1 })) {
      if (this.#rows.length === this.#limit || this.#length > PAGE_LENGTH) {
        this.#isCut = true;
        return;
      }
      this.#next = `${row.at(-2)} ${row.at(-1)}`;
      this.#rows.push(toCells(row));
      for (const cell of row) if (typeof cell === "string") this.#length += cell.length;
    }
  }

  toPage(): ExportPage {
    return { rows: this.#rows, next: this.#isCut ? this.#next : null };
  }
}
