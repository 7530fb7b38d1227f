// Lists of traces, newest first.
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalAmount, optionalText, optionalTimestamp, wholeNumber } from "../../queries/query-values.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceFilter } from "../../store-queries.ts";
import type { StoredSpan, TraceSummary } from "../../stored-event.ts";
import { toInstant } from "../copy-text.ts";
import { boundsOf } from "./event-scope.ts";
import { newestFirst, SPAN_COLUMNS } from "./span-columns.ts";
import { equalTo } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";
import { MAX_SPANS } from "./trace-queries.ts";

/** Which traces: the pieces of SQL that say so, and their values. */
export interface TraceScope {
  /** Entries, newest first, without their rows. */
  readonly entries: string;
  /** `AND ...`, of an entry. */
  readonly conditions: string;
  /** Of an entry `c` and its row `t`. */
  readonly isTrace: string;
  readonly parameters: Parameters & { readonly scanned: number };
}

/** Entries that are looked at. */
const MAX_SCANNED = 1_000_000;
/** Whether a trace has an error is asked trace by trace. */
const MAX_SCANNED_FOR_ERRORS = 300_000;
/** Traces of one microsecond that a page may have beyond its limit. */
const MAX_TIES = 1_000;

const COLUMNS = {
  service: "service_name",
  operation: "operation_name",
  symbol: "symbol",
  decision: "decision",
  reasonCode: "reason_code",
};

/** The rows of entries `c`, as `t`. */
export const FROM_ENTRIES = `JOIN traces AS t ON t.trace_id = c.trace_id AND t.span_id = c.span_id AND t.start_time = c.start_time
  LEFT JOIN instances AS i ON i.id = t.instance`;

/** An entry that is the first of its trace: its root, or where that is somewhere else, where it came into a service that is here. */
const IS_FIRST = `c.span_id = (SELECT f.span_id FROM traces AS f
  WHERE f.trace_id = c.trace_id AND (f.parent_span_id IS NULL OR f.span_kind IN (2, 5))
  ORDER BY (f.parent_span_id IS NOT NULL), f.start_time, f.id LIMIT 1)`;
const HAS_ERROR = "EXISTS (SELECT 1 FROM traces AS x WHERE x.trace_id = c.trace_id AND x.status_code = 2)";

const TOTALS = `SELECT count(*) AS span_count, count(*) FILTER (WHERE status_code = 2) AS error_count,
    to_json(array_agg(DISTINCT service_name))::text AS services
  FROM (SELECT status_code, service_name FROM traces WHERE trace_id = $traceId LIMIT ${MAX_SPANS}) AS t`;

/**
 * A trace is listed by its earliest root; one whose root is not here, by the earliest of its spans of kind server or consumer. The other
 * filters are of that span. A trace of which neither is here yet is not listed. Traces that began in the same microsecond as the last of a
 * page are on it too, beyond the limit, since the next one begins before it. At most a million traces are looked at, 300,000 where errors
 * are asked for: what is older is found with an earlier `endTime`. Spans are counted up to 10,000.
 */
export async function findTraces(
  statements: Statements,
  filter: TraceFilter,
  limit: number,
  before?: string,
): Promise<readonly TraceSummary[]> {
  const scope = traceScopeOf(filter, before);
  wholeNumber("limit", limit, 1);
  const page = await readPage(statements, scope, { ...scope.parameters, limit });
  if (page.length === limit) page.push(...(await tiesOf(statements, filter, page)));
  const summaries: TraceSummary[] = [];
  for (const root of page) summaries.push(await summaryOf(statements, root));
  return summaries;
}

/** The trace of a root, with what is known of its other spans. */
export async function summaryOf(statements: Statements, root: StoredSpan): Promise<TraceSummary> {
  const { trace_id: traceId } = root;
  const totals = await statements.get<{ span_count: number; error_count: number; services: string }>(TOTALS, {
    traceId,
  });
  const { span_count, error_count, services } = totals!;
  return { trace_id: traceId, root, span_count, error_count, services: (JSON.parse(services) as string[]).sort() };
}

/** Reads a filter; throws `invalid_query`. */
export function traceScopeOf(filter: TraceFilter, before: string | undefined): TraceScope {
  const bounds = boundsOf(rangeOf(filter));
  const beforeStart = optionalTimestamp("before", before);
  const minDurationMs = optionalAmount("minDurationMs", filter.minDurationMs);
  const values = {
    service: optionalText("service", filter.service),
    operation: optionalText("operation", filter.operation),
    symbol: optionalText("symbol", filter.symbol),
    decision: optionalText("decision", filter.decision),
    reasonCode: optionalText("reasonCode", filter.reasonCode),
  };
  const ofError = filter.hasError === undefined ? "" : `AND ${filter.hasError ? "" : "NOT "}${HAS_ERROR}`;
  return {
    entries: `SELECT e.id, e.trace_id, e.span_id, e.start_time, e.service_name, e.operation_name, e.symbol, e.decision, e.reason_code, e.duration_nanos FROM traces AS e
      WHERE (e.parent_span_id IS NULL OR e.span_kind IN (2, 5)) AND e.start_time >= $start AND e.start_time <= $end
        ${beforeStart === undefined ? "" : "AND e.start_time < $before"} ORDER BY ${newestFirst("e")} LIMIT $scanned`,
    conditions: `${equalTo(values, COLUMNS)} ${minDurationMs === undefined ? "" : "AND duration_nanos >= $minNanos::float8"}`,
    isTrace: `${IS_FIRST} ${ofError}`,
    parameters: {
      ...bounds,
      ...values,
      before: beforeStart === undefined ? undefined : toInstant(beforeStart),
      minNanos: minDurationMs === undefined ? undefined : minDurationMs * 1e6,
      scanned: filter.hasError === true ? MAX_SCANNED_FOR_ERRORS : MAX_SCANNED,
    },
  };
}

async function readPage(
  statements: Statements,
  { entries, conditions, isTrace }: TraceScope,
  parameters: Parameters,
): Promise<StoredSpan[]> {
  const rows = await statements.lists(
    `SELECT ${SPAN_COLUMNS} FROM (
       SELECT c.* FROM (${entries}) AS c WHERE ${isTrace} ${conditions} ORDER BY ${newestFirst("c")} LIMIT $limit
     ) AS c ${FROM_ENTRIES} ORDER BY ${newestFirst("c")}`,
    parameters,
  );
  return rows.map(toSpan);
}

/** What began in the same microsecond as the last of a page and is not on it. */
async function tiesOf(
  statements: Statements,
  filter: TraceFilter,
  page: readonly StoredSpan[],
): Promise<readonly StoredSpan[]> {
  const { start_time: start } = page.at(-1)!;
  const listed = new Set(page.map((root) => root.trace_id));
  const scope = traceScopeOf({ ...filter, startTime: start, endTime: start }, undefined);
  const together = await readPage(statements, scope, { ...scope.parameters, limit: MAX_TIES + page.length });
  return together.filter((root) => !listed.has(root.trace_id)).slice(0, MAX_TIES);
}
