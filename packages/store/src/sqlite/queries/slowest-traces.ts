// The traces that took longest.

import { wholeNumber } from "../../queries/query-values.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceFilter } from "../../store-queries.ts";
import type { StoredSpan, TraceSummary } from "../../stored-event.ts";
import { SPAN_COLUMNS } from "./span-columns.ts";
import type { Statements } from "./statements.ts";
import { ENTRIES, FROM_ENTRIES, IS_TRACE, MATCHING, summaryOf, traceParameters } from "./trace-list.ts";

/** More than is asked for, since some entries are not the first of their trace. */
const SPARE = 64;
const GROWTH = 8;

const SLOWEST = `SELECT ${SPAN_COLUMNS} FROM (
    SELECT * FROM (${ENTRIES}) WHERE ${MATCHING} ORDER BY duration_nanos DESC, start_time DESC, id DESC LIMIT $size
  ) AS c ${FROM_ENTRIES} WHERE ${IS_TRACE} ORDER BY c.duration_nanos DESC, c.start_time DESC, c.id DESC`;

/**
 * What is looked at are the entries of an index, the newest million of the range (300,000 where errors are asked for), without their rows: a
 * million take a third of a second, the roots of a million spans some 50 ms.
 */
export function slowestTraces(statements: Statements, filter: TraceFilter, limit: number): readonly TraceSummary[] {
  const parameters = traceParameters(filter, undefined);
  wholeNumber("limit", limit, 1);
  const most = Number(parameters["scanned"]);
  let roots: readonly StoredSpan[] = [];
  for (let size = limit + SPARE; roots.length < limit; size *= GROWTH) {
    roots = statements.lists(SLOWEST, { ...parameters, size }).map(toSpan);
    if (size >= most) break;
  }
  return roots.slice(0, limit).map((root) => summaryOf(statements, root));
}
