// Decisions and events over time, in slices, by the counts that are kept while writing.
import { rangeOf } from "../../queries/event-scope.ts";
import { optionalText, stepOf } from "../../queries/query-values.ts";
import { type Segment, splitWidenedRange } from "../../queries/range-parts.ts";
import { MAX_SLICES } from "../../queries/slice-limit.ts";
import {
  type DecisionSliceCount,
  type EventSliceCount,
  MAX_TYPES,
  toDecisionSlices,
  toEventSlices,
} from "../../queries/timeline-slices.ts";
import { RESOLUTIONS } from "../../resolutions.ts";
import { OTHER } from "../../sqlite/count-keys.ts";
import type {
  DecisionSlice,
  DecisionTimelineFilter,
  EventSlice,
  EventTimelineFilter,
  TimeRange,
} from "../../store-queries.ts";
import { presentDays, type RollupName, sumRollups, totalOf } from "./rollup-sums.ts";
import { equalTo, sliceOf } from "./sql-texts.ts";
import type { Parameters, Statements } from "./statements.ts";

const IN_SEGMENT = "r.resolution = $resolution AND r.bucket >= $from AND r.bucket < $to";

/** Cost: reads the counts of the range, by the widest bucket that a slice is made of. */
export async function decisionTimeline(
  statements: Statements,
  filter: DecisionTimelineFilter,
  stepSeconds: number,
): Promise<readonly DecisionSlice[]> {
  const values = {
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  };
  const segments = await segmentsOf(statements, "reason_rollups", filter, stepSeconds);
  const sql = `SELECT ${sliceOf("r.bucket")} AS slice, coalesce(sum(r.count) FILTER (WHERE r.decision = 'ACCEPT'), 0)::float8 AS accepted,
      ${totalOf("r.count")} AS count
    FROM reason_rollups AS r WHERE ${IN_SEGMENT} AND r.event_type = 'decision'
      ${equalTo(values, { symbol: "r.symbol", strategy: "r.strategy" })} GROUP BY 1 ORDER BY 1 LIMIT $limit`;
  const limit = MAX_SLICES + 1;
  const rows = await readSegments<DecisionSliceCount>(statements, sql, segments, {
    ...values,
    step: stepSeconds,
    limit,
  });
  return toDecisionSlices(rows, filter, stepSeconds);
}

/** Cost: that of {@link decisionTimeline}, and a count by type. */
export async function eventTimeline(
  statements: Statements,
  filter: EventTimelineFilter,
  stepSeconds: number,
): Promise<readonly EventSlice[]> {
  const symbol = optionalText("symbol", filter.symbol);
  const segments = await segmentsOf(statements, "event_rollups", filter, stepSeconds);
  const ofSymbol = equalTo({ symbol }, { symbol: "r.symbol" });
  const types = await mostFrequentTypes(statements, filter, symbol, ofSymbol);
  const sql = `SELECT ${sliceOf("r.bucket")} AS slice,
      CASE WHEN r.event_type = ANY ($types::text[]) THEN r.event_type ELSE '${OTHER}' END AS type, ${totalOf("r.count")} AS count
    FROM event_rollups AS r WHERE ${IN_SEGMENT} ${ofSymbol} GROUP BY 1, 2 ORDER BY 1 LIMIT $limit`;
  const limit = (MAX_SLICES + 1) * (MAX_TYPES + 1);
  const rows = await readSegments<EventSliceCount>(statements, sql, segments, {
    symbol,
    types,
    step: stepSeconds,
    limit,
  });
  return toEventSlices(rows, filter, stepSeconds);
}

/** The range in whole buckets, none of them wider than a slice. */
async function segmentsOf(
  statements: Statements,
  table: RollupName,
  range: TimeRange,
  stepSeconds: number,
): Promise<readonly Segment[]> {
  const step = stepOf("stepSeconds", stepSeconds);
  const parts = rangeOf(range);
  const present = await presentDays(statements, table);
  if (present === undefined) return [];
  return splitWidenedRange(parts, present, RESOLUTIONS.filter((resolution) => step % resolution === 0).length);
}

async function mostFrequentTypes(
  statements: Statements,
  range: TimeRange,
  symbol: string | undefined,
  conditions: string,
): Promise<readonly string[]> {
  const present = await presentDays(statements, "event_rollups");
  if (present === undefined) return [];
  const rows = await sumRollups<{ event_type: string; count: number }>(
    statements,
    { table: "event_rollups", keys: ["event_type"], sums: ["count"], conditions },
    splitWidenedRange(rangeOf(range), present),
    { symbol },
  );
  const counts = [...rows].sort((a, b) => b.count - a.count || (a.event_type < b.event_type ? -1 : 1));
  return counts.slice(0, MAX_TYPES).map((row) => row.event_type);
}

async function readSegments<Row>(
  statements: Statements,
  sql: string,
  segments: readonly Segment[],
  parameters: Parameters,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { resolution, from, to } of segments)
    rows.push(...(await statements.all<Row>(sql, { ...parameters, resolution, from, to })));
  return rows;
}
