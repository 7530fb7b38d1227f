// Traces: lists of them, one with all that belongs to it, the stages of a flow.
import { toEvent } from "../../queries/event-rows.ts";
import { rangeOf } from "../../queries/event-scope.ts";
import { mergeOrders } from "../../queries/merge-orders.ts";
import {
  optionalAmount,
  optionalText,
  optionalTimestamp,
  requiredText,
  traceIdOf,
  wholeNumber,
} from "../../queries/query-values.ts";
import { parentsFirst } from "../../queries/span-order.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceDetail, TraceFilter } from "../../store-queries.ts";
import type { StoredSpan, TraceSummary } from "../../stored-event.ts";
import type { Column, Connection } from "../connection.ts";
import { toMicros, toText } from "../micros.ts";
import { quoted } from "../writing/span-writer.ts";
import { areAs, type Condition, inRange } from "./asking.ts";
import { EVENT_COLUMNS, toEventRow } from "./event-queries.ts";

/** The columns that {@link toSpanRow} reads. */
export const SPAN_COLUMNS = `TraceId, SpanId, ParentSpanId, ServiceName, instance_id, SpanName, kind, start_micros, start_nanos, Duration, status,
  StatusMessage, ScopeName, tags, events_json, links_json`;
/** Where there is none these are null. */
const OPTIONAL = new Set([2, 4, 11, 12, 14, 15]);
const MAX_SPANS = 10_000;
const MAX_EVENTS = 10_000;
/** Entries that are looked at. */
const MAX_SCANNED = 1_000_000;
/** Traces of one microsecond that a page may have beyond its limit. */
const MAX_TIES = 1_000;
/** More than is asked for, since some entries are not the first of their trace. */
const SPARE = 64;
const GROWTH = 4;
const NEWEST = "start_micros DESC, id DESC";
const LONGEST_NAME = 1_000;
const FLOW_TRACES = 50;
const MAX_CHILDREN = 2_000;

/** What is known of a trace beside its root. */
interface Totals {
  /** The id of the row by which it is listed. */
  readonly entry: string;
  readonly spans: number;
  readonly errors: number;
  readonly services: readonly string[];
}

/**
 * Which trace an entry belongs to is looked up for a page of entries at a time, so that no question joins. At most a million entries are
 * looked at: what is older is found with an earlier `endTime`.
 */
export async function findTraces(
  connection: Connection,
  filter: TraceFilter,
  limit: number,
  before?: string,
): Promise<readonly TraceSummary[]> {
  const scope = scopeOf(filter);
  const beforeText = optionalTimestamp("before", before);
  wholeNumber("limit", limit, 1);
  const found: TraceSummary[] = [];
  let place = beforeText === undefined ? "1" : `start_micros < ${toMicros(beforeText)}`;
  let size = limit + SPARE;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += size) {
    if (scanned > 0) size = Math.min(size * GROWTH, 10_000);
    const entries = await entriesOf(connection, scope, place, NEWEST, size);
    for (const summary of await summariesOf(connection, entries, filter.hasError)) {
      const last = found.at(limit - 1)?.root.start_time;
      if (last !== undefined && (summary.root.start_time !== last || found.length >= limit + MAX_TIES)) return found;
      found.push(summary);
    }
    const [lastId, , , , , , , , start] = entries.at(-1) ?? [];
    if (entries.length < size) break;
    place = `start_micros <= ${start} AND (start_micros, id) < (${start}, ${lastId})`;
  }
  return found;
}

/** Of the newest million entries of the range. */
export async function slowestTraces(
  connection: Connection,
  filter: TraceFilter,
  limit: number,
): Promise<readonly TraceSummary[]> {
  const scope = scopeOf(filter);
  wholeNumber("limit", limit, 1);
  let found: readonly TraceSummary[] = [];
  for (let size = limit + SPARE; found.length < limit; size *= GROWTH) {
    const entries = await entriesOf(connection, scope, "1", `Duration DESC, ${NEWEST}`, size);
    found = await summariesOf(connection, entries, filter.hasError);
    if (entries.length < size || size > MAX_SCANNED) break;
  }
  return found.slice(0, limit);
}

/** The earliest 10,000 spans and events. Cost: the parts of the time in which the trace has spans, and of events those that may have its id. */
export async function trace(connection: Connection, traceIdText: string): Promise<TraceDetail> {
  const traceId = traceIdOf("traceId", traceIdText);
  const [spans, events] = await Promise.all([
    spansOf(connection, traceId),
    connection.lists(
      `SELECT ${EVENT_COLUMNS} FROM otel_logs WHERE TraceId = '${traceId}' ORDER BY time_micros, id LIMIT ${MAX_EVENTS}`,
    ),
  ]);
  return { spans: parentsFirst(spans), events: events.map((row) => toEvent(toEventRow(row))) };
}

export async function stageOrder(connection: Connection, flow: string): Promise<readonly string[]> {
  const parameters = { flow: requiredText("flow", flow, LONGEST_NAME).replaceAll("\0", "\ufffd") };
  const flows = (condition: string) =>
    connection.lists(
      `SELECT TraceId, SpanId, ScopeName FROM otel_traces WHERE SpanName = {flow:String} AND ${condition} ORDER BY ${NEWEST} LIMIT ${FLOW_TRACES}`,
      parameters,
    );
  // Flows that begin a trace, or come in from another service; else flows within others.
  let spans = await flows("is_entry = 1");
  if (spans.length === 0) spans = await flows("1");
  if (spans.length === 0) return [];
  const traceIds = spans.map(([traceId]) => String(traceId));
  // A flow within a flow bears the stage that it reached, and a stage does not.
  const children = await connection.lists(
    `SELECT TraceId, ParentSpanId, ScopeName, SpanName FROM otel_traces WHERE TraceId IN (${quoted(traceIds)})
       AND ParentSpanId IN (${quoted(spans.map(([, spanId]) => String(spanId)))}) AND kind IN (0, 1) AND position(tags, '"trading.stage"') = 0
     ORDER BY start_micros, start_nanos, id LIMIT ${MAX_CHILDREN} BY TraceId`,
  );
  const stagesOf = ([traceId, spanId, scope]: readonly Column[]) =>
    children.filter((row) => row[0] === traceId && row[1] === spanId && row[2] === scope).map((row) => String(row[3]));
  return mergeOrders(spans.map(stagesOf));
}

async function spansOf(connection: Connection, traceId: string): Promise<readonly StoredSpan[]> {
  const [bounds] = await connection.lists(
    `SELECT min(first_micros), max(last_micros), count() FROM otel_traces_trace_id_ts WHERE TraceId = '${traceId}'`,
  );
  const [first, last, count] = bounds ?? [];
  if (Number(count ?? 0) === 0) return [];
  const rows = await connection.lists(
    `SELECT ${SPAN_COLUMNS} FROM otel_traces WHERE start_micros BETWEEN ${first} AND ${last} AND TraceId = '${traceId}'
     ORDER BY start_micros, start_nanos, id LIMIT ${MAX_SPANS}`,
  );
  return rows.map(spanOf);
}

function scopeOf(filter: TraceFilter): Condition {
  const range = inRange("start_micros", rangeOf(filter));
  const minDurationMs = optionalAmount("minDurationMs", filter.minDurationMs);
  const { sql, parameters } = areAs({
    ServiceName: optionalText("service", filter.service),
    SpanName: optionalText("operation", filter.operation),
    symbol: optionalText("symbol", filter.symbol),
    decision: optionalText("decision", filter.decision),
    reason_code: optionalText("reasonCode", filter.reasonCode),
  });
  const duration = minDurationMs === undefined ? "1" : `Duration >= ${Math.ceil(minDurationMs * 1e6)}`;
  return { sql: `is_entry = 1 AND ${range} AND ${sql} AND ${duration}`, parameters };
}

/** Entries of traces: the id of the row, and its span. */
async function entriesOf(
  connection: Connection,
  { sql, parameters }: Condition,
  place: string,
  order: string,
  size: number,
) {
  return connection.lists(
    `SELECT id, ${SPAN_COLUMNS} FROM otel_traces WHERE ${sql} AND ${place} ORDER BY ${order} LIMIT ${size}`,
    parameters,
  );
}

/** The traces of those entries that are the first of theirs, in the order of the entries. */
async function summariesOf(
  connection: Connection,
  entries: readonly (readonly Column[])[],
  hasError: boolean | undefined,
): Promise<readonly TraceSummary[]> {
  const totals = await totalsOf(connection, [...new Set(entries.map((entry) => String(entry[1])))]);
  return entries.flatMap(([id, ...row]) => {
    const of = totals.get(String(row[0]));
    if (of === undefined || of.entry !== String(id)) return [];
    if (hasError !== undefined && hasError !== of.errors > 0) return [];
    const root = spanOf(row);
    return [{ trace_id: root.trace_id, root, span_count: of.spans, error_count: of.errors, services: of.services }];
  });
}

async function totalsOf(connection: Connection, traceIds: readonly string[]): Promise<ReadonlyMap<string, Totals>> {
  const totals = new Map<string, Totals>();
  for (let from = 0; from < traceIds.length; from += MAX_CHILDREN) {
    const list = quoted(traceIds.slice(from, from + MAX_CHILDREN));
    const rows = await connection.lists(
      `SELECT TraceId, argMinIf(id, (ParentSpanId != '', start_micros, id), is_entry = 1), least(count(), ${MAX_SPANS}), countIf(status = 2),
         arraySort(groupUniqArray(toString(ServiceName)))
       FROM otel_traces WHERE TraceId IN (${list}) GROUP BY TraceId`,
    );
    for (const [traceId, entry, spans, errors, services] of rows)
      totals.set(String(traceId), {
        entry: String(entry),
        spans: Number(spans),
        errors: Number(errors),
        services: services as unknown as readonly string[],
      });
  }
  return totals;
}

/** A row of {@link SPAN_COLUMNS} as it is read. */
export function toSpanRow(row: readonly Column[]): Column[] {
  return row.map((value, i) => (i === 7 ? toText(value!) : value === "" && OPTIONAL.has(i) ? null : value));
}

function spanOf(row: readonly Column[]): StoredSpan {
  return toSpan(toSpanRow(row));
}
