// The traces that took longest.
import { wholeNumber } from "../../queries/query-values.ts";
import { toSpan } from "../../queries/span-rows.ts";
import type { TraceFilter } from "../../store-queries.ts";
import type { StoredSpan, TraceSummary } from "../../stored-event.ts";
import { newestFirst, SPAN_COLUMNS } from "./span-columns.ts";
import type { Statements } from "./statements.ts";
import { FROM_ENTRIES, summaryOf, traceScopeOf } from "./trace-list.ts";

/** More than is asked for, since some entries are not the first of their trace. */
const SPARE = 64;
const GROWTH = 8;

/** What is looked at are the entries of an index, the newest million of the range (300,000 where errors are asked for). */
export async function slowestTraces(
  statements: Statements,
  filter: TraceFilter,
  limit: number,
): Promise<readonly TraceSummary[]> {
  const { entries, conditions, isTrace, parameters } = traceScopeOf(filter, undefined);
  wholeNumber("limit", limit, 1);
  const slowest = `SELECT ${SPAN_COLUMNS} FROM (
      SELECT * FROM (${entries}) AS c WHERE TRUE ${conditions} ORDER BY c.duration_nanos DESC, ${newestFirst("c")} LIMIT $size
    ) AS c ${FROM_ENTRIES} WHERE ${isTrace} ORDER BY c.duration_nanos DESC, ${newestFirst("c")}`;
  let roots: readonly StoredSpan[] = [];
  for (let size = limit + SPARE; roots.length < limit; size *= GROWTH) {
    roots = (await statements.lists(slowest, { ...parameters, size })).map(toSpan);
    if (size >= parameters.scanned) break;
  }
  const summaries: TraceSummary[] = [];
  for (const root of roots.slice(0, limit)) summaries.push(await summaryOf(statements, root));
  return summaries;
}
