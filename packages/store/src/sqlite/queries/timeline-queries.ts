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
import type {
  DecisionSlice,
  DecisionTimelineFilter,
  EventSlice,
  EventTimelineFilter,
  TimeRange,
} from "../../store-queries.ts";
import { OTHER } from "../count-keys.ts";
import { presentDays, type RollupName, sumRollups } from "./rollup-sums.ts";
import type { Parameters, Statements } from "./statements.ts";

const SLICE = "sums.bucket - (sums.bucket % $step + $step) % $step AS slice";
const IN_SEGMENT = "resolution = $resolution AND bucket >= $from AND bucket < $to";
const OF_SYMBOL = "AND ($symbol IS NULL OR r.symbol = $symbol)";

// Within, rows come in the order of the key, and are summed up as they come; only the sums are sorted.
const DECISIONS = `SELECT ${SLICE}, total(sums.count) FILTER (WHERE sums.decision = 'ACCEPT') AS accepted, total(sums.count) AS count
  FROM (SELECT bucket, decision, total(count) AS count FROM reason_rollups AS r WHERE ${IN_SEGMENT} AND event_type = 'decision'
    ${OF_SYMBOL} AND ($strategy IS NULL OR r.strategy = $strategy) GROUP BY bucket, decision) AS sums
  GROUP BY slice ORDER BY slice LIMIT $limit`;

const EVENTS = `SELECT ${SLICE},
    CASE WHEN sums.event_type IN (SELECT value FROM json_each($types)) THEN sums.event_type ELSE '${OTHER}' END AS type, total(sums.count) AS count
  FROM (SELECT bucket, event_type, total(count) AS count FROM event_rollups AS r WHERE ${IN_SEGMENT} ${OF_SYMBOL}
    GROUP BY bucket, event_type) AS sums
  GROUP BY slice, type ORDER BY slice LIMIT $limit`;

/** Cost: reads the counts of the range, by the widest bucket that a slice is made of. */
export function decisionTimeline(
  statements: Statements,
  filter: DecisionTimelineFilter,
  stepSeconds: number,
): readonly DecisionSlice[] {
  const parameters = {
    symbol: optionalText("symbol", filter.symbol),
    strategy: optionalText("strategy", filter.strategy),
  };
  const rows = segmentsOf(statements, "reason_rollups", filter, stepSeconds).flatMap((segment) =>
    readSegment<DecisionSliceCount>(statements, DECISIONS, segment, {
      ...parameters,
      step: stepSeconds,
      limit: MAX_SLICES + 1,
    }),
  );
  return toDecisionSlices(rows, filter, stepSeconds);
}

/** Cost: that of {@link decisionTimeline}, and a count by type. */
export function eventTimeline(
  statements: Statements,
  filter: EventTimelineFilter,
  stepSeconds: number,
): readonly EventSlice[] {
  const symbol = optionalText("symbol", filter.symbol);
  const segments = segmentsOf(statements, "event_rollups", filter, stepSeconds);
  const types = JSON.stringify(mostFrequentTypes(statements, filter, symbol));
  const limit = (MAX_SLICES + 1) * (MAX_TYPES + 1);
  const rows = segments.flatMap((segment) =>
    readSegment<EventSliceCount>(statements, EVENTS, segment, { symbol, types, step: stepSeconds, limit }),
  );
  return toEventSlices(rows, filter, stepSeconds);
}

/** The range in whole buckets, none of them wider than a slice. */
function segmentsOf(
  statements: Statements,
  table: RollupName,
  range: TimeRange,
  stepSeconds: number,
): readonly Segment[] {
  const step = stepOf("stepSeconds", stepSeconds);
  const { start, end } = rangeOf(range);
  const present = presentDays(statements, table);
  if (present === undefined) return [];
  return splitWidenedRange({ start, end }, present, RESOLUTIONS.filter((resolution) => step % resolution === 0).length);
}

function mostFrequentTypes(statements: Statements, range: TimeRange, symbol: string | undefined): readonly string[] {
  const present = presentDays(statements, "event_rollups");
  if (present === undefined) return [];
  const counts = sumRollups<{ event_type: string; count: number }>(
    statements,
    { table: "event_rollups", keys: ["event_type"], sums: ["count"], conditions: OF_SYMBOL },
    splitWidenedRange(rangeOf(range), present),
    { symbol },
  );
  counts.sort((a, b) => b.count - a.count || (a.event_type < b.event_type ? -1 : 1));
  return counts.slice(0, MAX_TYPES).map((row) => row.event_type);
}

function readSegment<Row>(statements: Statements, sql: string, segment: Segment, parameters: Parameters) {
  const { resolution, from, to } = segment;
  return statements.all<Row>(sql, { ...parameters, resolution, from, to });
}
