// Sums of the counts that are kept while writing, over whole buckets.
import { type Range, type RangeParts, type Seconds, type Segment, splitRange } from "../../queries/range-parts.ts";
import type { Parameters, Statements } from "./statements.ts";

/** The tables of counts. */
export type RollupName = "event_rollups" | "reason_rollups" | "confidence_rollups" | "flow_rollups";

/** What is summed up: texts of code, never of a caller. */
export interface RollupSum {
  readonly table: RollupName;
  /** Columns that tell the sums apart. */
  readonly keys: readonly string[];
  /** Columns that are summed up. */
  readonly sums: readonly string[];
  /** `AND ...`, of the table as `r`. */
  readonly conditions: string;
}

const DAY = 86_400;

/** The whole days that hold all of a table's counts; undefined when there are none. Cost: two steps into its key. */
export function presentDays(statements: Statements, table: RollupName): Seconds | undefined {
  const { first, last } = statements.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(bucket) FROM ${table} WHERE resolution = ${DAY}) AS first,
       (SELECT max(bucket) FROM ${table} WHERE resolution = ${DAY}) AS last`,
  )!;
  return first === null || last === null ? undefined : { from: first, to: last + DAY };
}

/** The parts of a range, as far as a table has counts; none when it has none. */
export function partsOf(statements: Statements, table: RollupName, range: Range): RangeParts {
  const present = presentDays(statements, table);
  return present === undefined ? { segments: [], edges: [] } : splitRange(range, present);
}

/** Sums of the segments together, a row for each key. Cost: reads the counts of each bucket once, as far as the conditions reach into the key. */
export function sumRollups<Row>(
  statements: Statements,
  { table, keys, sums, conditions }: RollupSum,
  segments: readonly Segment[],
  parameters: Parameters,
): Row[] {
  if (segments.length === 0) return [];
  const buckets = segments.flatMap((segment) => bucketsOf(statements, table, segment));
  // `total` is a double: it neither overflows nor is missing when there is nothing.
  const columns = [...keys.map((key) => `r.${key}`), ...sums.map((sum) => `total(r.${sum}) AS ${sum}`)];
  const grouping = keys.length === 0 ? "" : `GROUP BY ${keys.map((key) => `r.${key}`).join(", ")}`;
  return statements.all<Row>(
    `SELECT ${columns.join(", ")} FROM json_each($buckets) AS b
     CROSS JOIN ${table} AS r ON r.resolution = b.value ->> 0 AND r.bucket = b.value ->> 1
     WHERE TRUE ${conditions} ${grouping}`,
    { ...parameters, buckets: JSON.stringify(buckets) },
  );
}

/** `[resolution, bucket]` of each. Of days only those that there are: one clock that was off by a century must not make a list of its days. */
function bucketsOf(
  statements: Statements,
  table: RollupName,
  { resolution, from, to }: Segment,
): (readonly [number, number])[] {
  if (resolution === DAY) return daysOf(statements, table, { from, to }).map((bucket) => [DAY, bucket]);
  return Array.from({ length: (to - from) / resolution }, (_, i) => [resolution, from + i * resolution]);
}

function daysOf(statements: Statements, table: RollupName, { from, to }: Seconds): number[] {
  const rows = statements.all<{ bucket: number }>(
    `WITH RECURSIVE days (bucket) AS (
       SELECT (SELECT min(bucket) FROM ${table} WHERE resolution = ${DAY} AND bucket >= $from AND bucket < $to)
       UNION ALL
       SELECT (SELECT min(bucket) FROM ${table} WHERE resolution = ${DAY} AND bucket > days.bucket AND bucket < $to)
       FROM days WHERE days.bucket IS NOT NULL
     ) SELECT bucket FROM days WHERE bucket IS NOT NULL`,
    { from, to },
  );
  return rows.map((row) => row.bucket);
}
