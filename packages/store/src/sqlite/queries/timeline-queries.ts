// Decisions and events over time, in slices, by the counts that are kept while writing.
import type {
  DecisionSlice,
  DecisionTimelineFilter,
  EventSlice,
  EventTimelineFilter,
  TimeRange,
} from "../../store-queries.ts";
import { OTHER } from "../count-keys.ts";
import { RESOLUTIONS } from "../schema.ts";
import { rangeOf } from "./event-scope.ts";
import { optionalText, stepOf } from "./query-values.ts";
import { type Segment, splitWidenedRange } from "./range-parts.ts";
import { presentDays, type RollupName, sumRollups } from "./rollup-sums.ts";
import { MAX_SLICES, tooManySlices } from "./slice-limit.ts";
import type { Parameters, Statements } from "./statements.ts";

/** Types that are told apart: a chart has no room for more, and a sender may make up any number of them. */
const MAX_TYPES = 100;

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
  const slices = new Map<number, { bucket: number; accepted: number; rejected: number }>();
  for (const segment of segmentsOf(statements, "reason_rollups", filter, stepSeconds)) {
    const limit = MAX_SLICES + 1;
    const rows = readSegment<{ accepted: number; count: number }>(statements, DECISIONS, segment, {
      ...parameters,
      step: stepSeconds,
      limit,
    });
    for (const { slice, accepted, count } of rows) {
      const known = slices.get(slice) ?? { bucket: slice, accepted: 0, rejected: 0 };
      known.accepted += accepted;
      known.rejected += count - accepted;
      slices.set(slice, known);
    }
  }
  return inOrder(slices, filter, stepSeconds);
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
  const slices = new Map<number, { bucket: number; counts: Map<string, number> }>();
  for (const segment of segments) {
    const limit = (MAX_SLICES + 1) * (MAX_TYPES + 1);
    const rows = readSegment<{ type: string; count: number }>(statements, EVENTS, segment, {
      symbol,
      types,
      step: stepSeconds,
      limit,
    });
    for (const { slice, type, count } of rows) {
      const known = slices.get(slice) ?? { bucket: slice, counts: new Map<string, number>() };
      known.counts.set(type, (known.counts.get(type) ?? 0) + count);
      slices.set(slice, known);
    }
  }
  return inOrder(slices, filter, stepSeconds).map(({ bucket, counts }) => ({
    bucket,
    counts: Object.fromEntries(counts),
  }));
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
  return statements.all<Row & { readonly slice: number }>(sql, { ...parameters, resolution, from, to });
}

function inOrder<T extends { readonly bucket: number }>(
  slices: ReadonlyMap<number, T>,
  range: TimeRange,
  stepSeconds: number,
): readonly T[] {
  if (slices.size > MAX_SLICES) throw tooManySlices(range, stepSeconds);
  return [...slices.values()].sort((a, b) => a.bucket - b.bucket);
}
