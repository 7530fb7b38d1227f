// Lists of traces, newest first.

import { rangeOf } from "../../queries/event-scope.ts";
import { optionalAmount, optionalText, optionalTimestamp, wholeNumber } from "../../queries/query-values.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceFilter } from "../../store-queries.ts";
import type { StoredSpan, TraceSummary } from "../../stored-event.ts";
import { AFTER_ALL_IDS } from "./event-pages.ts";
import { FIRST_TIMESTAMP, LAST_TIMESTAMP } from "./event-scope.ts";
import { SPAN_COLUMNS } from "./span-columns.ts";
import type { Parameters, Statements } from "./statements.ts";
import { MAX_SPANS } from "./trace-queries.ts";

/** Entries of the index that are looked at: a million take a quarter of a second. */
const MAX_SCANNED = 1_000_000;
/** Whether a trace has an error is asked trace by trace, with a row to read for each. */
const MAX_SCANNED_FOR_ERRORS = 300_000;
/** Traces of one microsecond that a page may have beyond its limit. */
const MAX_TIES = 1_000;

/** What of the entries of traces is in their index. */
const IS_ENTRY = "(parent_span_id IS NULL OR span_kind IN (2, 5))";

/** The newest entries from a place on, without their rows. */
export const ENTRIES = `SELECT id, start_time, service_name, operation_name, symbol, decision, reason_code, duration_nanos
  FROM traces INDEXED BY idx_traces_roots
  WHERE ${IS_ENTRY} AND start_time >= $start AND (start_time, id) < ($beforeStart, $beforeId)
  ORDER BY start_time DESC, id DESC LIMIT $scanned`;

/** What a filter says of an entry. */
export const MATCHING = `($service IS NULL OR service_name = $service) AND ($operation IS NULL OR operation_name = $operation)
  AND ($symbol IS NULL OR symbol = $symbol) AND ($decision IS NULL OR decision = $decision)
  AND ($reasonCode IS NULL OR reason_code = $reasonCode) AND ($minNanos IS NULL OR duration_nanos >= $minNanos)`;

/** The rows of entries `c`, as `t`. */
export const FROM_ENTRIES = "CROSS JOIN traces AS t ON t.id = c.id LEFT JOIN instances AS i ON i.id = t.instance";

/** An entry that is the first of its trace: its root, or where that is somewhere else, where it came into a service that is here. */
export const IS_TRACE = `($hasError IS NULL OR $hasError = EXISTS (
    SELECT 1 FROM traces AS x INDEXED BY idx_traces_errors WHERE x.trace_id = t.trace_id AND x.status_code = 2))
  AND t.id = (SELECT f.id FROM traces AS f INDEXED BY idx_traces_entry
    WHERE f.trace_id = t.trace_id AND (f.parent_span_id IS NULL OR f.span_kind IN (2, 5))
    ORDER BY f.parent_span_id IS NOT NULL, f.start_time, f.id LIMIT 1)`;

const PAGE = `SELECT ${SPAN_COLUMNS} FROM (SELECT * FROM (${ENTRIES}) WHERE ${MATCHING}) AS c ${FROM_ENTRIES}
  WHERE ${IS_TRACE} ORDER BY c.start_time DESC, c.id DESC LIMIT $limit`;

const TOTALS = `SELECT count(*) AS span_count, total(status_code = 2) AS error_count, json_group_array(DISTINCT service_name) AS services
  FROM (SELECT status_code, service_name FROM traces WHERE trace_id = $traceId LIMIT ${MAX_SPANS})`;

/**
 * A trace is listed by its earliest root; one whose root is not here, by the earliest of its spans of kind server or consumer. The other
 * filters are of that span. A trace of which neither is here yet is not listed. Traces that began in the same microsecond as the last of a
 * page are on it too, beyond the limit, since the next one begins before it. At most a million traces are looked at, 300,000 where errors
 * are asked for: what is older is found with an earlier `endTime`. Spans are counted up to 10,000.
 */
export function findTraces(
  statements: Statements,
  filter: TraceFilter,
  limit: number,
  before?: string,
): readonly TraceSummary[] {
  const parameters = traceParameters(filter, before);
  wholeNumber("limit", limit, 1);
  const page = statements.lists(PAGE, { ...parameters, limit }).map(toSpan);
  if (page.length === limit) page.push(...tiesOf(statements, parameters, page));
  return page.map((root) => summaryOf(statements, root));
}

/** The trace of a root, with what is known of its other spans. */
export function summaryOf(statements: Statements, root: StoredSpan): TraceSummary {
  const { trace_id: traceId } = root;
  const totals = statements.get<{ span_count: number; error_count: number; services: string }>(TOTALS, { traceId })!;
  return { trace_id: traceId, root, ...totals, services: (JSON.parse(totals.services) as string[]).sort() };
}

/** The values of {@link ENTRIES}, {@link MATCHING} and {@link IS_TRACE}; throws `invalid_query`. */
export function traceParameters(filter: TraceFilter, before: string | undefined): Parameters {
  const { start = FIRST_TIMESTAMP, end = LAST_TIMESTAMP } = rangeOf(filter);
  const minDurationMs = optionalAmount("minDurationMs", filter.minDurationMs);
  return {
    start,
    ...placeOf(end, optionalTimestamp("before", before)),
    service: optionalText("service", filter.service),
    operation: optionalText("operation", filter.operation),
    symbol: optionalText("symbol", filter.symbol),
    decision: optionalText("decision", filter.decision),
    reasonCode: optionalText("reasonCode", filter.reasonCode),
    minNanos: minDurationMs === undefined ? undefined : minDurationMs * 1e6,
    hasError: filter.hasError === undefined ? undefined : Number(filter.hasError),
    scanned: filter.hasError === true ? MAX_SCANNED_FOR_ERRORS : MAX_SCANNED,
  };
}

/** Where a list begins: with what began at `end`, or with what began before `before`. */
function placeOf(end: string, before: string | undefined): Parameters {
  return before === undefined || before > end
    ? { beforeStart: end, beforeId: AFTER_ALL_IDS }
    : { beforeStart: before, beforeId: 0 };
}

function tiesOf(statements: Statements, parameters: Parameters, page: readonly StoredSpan[]): StoredSpan[] {
  const { start_time: start } = page.at(-1)!;
  const listed = new Set(page.map((root) => root.trace_id));
  const bounds = { start, ...placeOf(start, undefined), limit: MAX_TIES + page.length };
  const together = statements.lists(PAGE, { ...parameters, ...bounds }).map(toSpan);
  return together.filter((root) => !listed.has(root.trace_id)).slice(0, MAX_TIES);
}
