// Sums of the counts that are kept while writing, over whole buckets.
import { type Range, type RangeParts, type Seconds, type Segment, splitRange } from "../../queries/range-parts.ts";
import type { Parameters, Statements } from "./statements.ts";

/** The tables of counts. */
export type RollupName = "event_rollups" | "reason_rollups" | "confidence_rollups" | "flow_rollups";

/** What is summed up: texts of code, never of a caller. */
export interface RollupSum {
  readonly table: RollupName | "run_rollups";
  /** Columns that tell the sums apart. */
  readonly keys: readonly string[];
  /** Columns that are summed up. */
  readonly sums: readonly string[];
  /** `AND ...`, of the table as `r`. */
  readonly conditions: string;
}

const DAY = 86_400;

/** The whole days that hold all of a table's counts; undefined when there are none. Cost: two steps into its key. */
export async function presentDays(statements: Statements, table: RollupName): Promise<Seconds | undefined> {
  const days = await statements.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(bucket) FROM ${table} WHERE resolution = ${DAY}) AS first,
       (SELECT max(bucket) FROM ${table} WHERE resolution = ${DAY}) AS last`,
  );
  const { first, last } = days!;
  return first === null || last === null ? undefined : { from: first, to: last + DAY };
}

/** The parts of a range, as far as a table has counts; none when it has none. */
export async function partsOf(statements: Statements, table: RollupName, range: Range): Promise<RangeParts> {
  const present = await presentDays(statements, table);
  return present === undefined ? { segments: [], edges: [] } : splitRange(range, present);
}

/** Sums of the segments together, a row for each key. Cost: reads the counts of each bucket once. */
export async function sumRollups<Row>(
  statements: Statements,
  { table, keys, sums, conditions }: RollupSum,
  segments: readonly Segment[],
  parameters: Parameters,
): Promise<readonly Row[]> {
  if (segments.length === 0) return [];
  const { text, values } = bucketsOf(table, segments);
  const columns = [...keys.map((key) => `r.${key}`), ...sums.map((sum) => `${totalOf(`r.${sum}`)} AS ${sum}`)];
  const grouping = keys.length === 0 ? "" : `GROUP BY ${keys.map((key) => `r.${key}`).join(", ")}`;
  return statements.all<Row>(`SELECT ${columns.join(", ")} FROM (${text}) AS r WHERE TRUE ${conditions} ${grouping}`, {
    ...parameters,
    ...values,
  });
}

/** A sum as a double: it neither overflows nor is missing when there is nothing. */
export function totalOf(column: string): string {
  return `coalesce(sum(${column}), 0)::float8`;
}

/** The rows of segments, of which there are at most five: each is a walk over a part of the key. */
function bucketsOf(
  table: string,
  segments: readonly Segment[],
): { readonly text: string; readonly values: Parameters } {
  const texts = segments.map(
    (_, i) => `SELECT * FROM ${table} WHERE resolution = $resolution${i} AND bucket >= $from${i} AND bucket < $to${i}`,
  );
  const values = segments.flatMap(({ resolution, from, to }, i) => [
    [`resolution${i}`, resolution],
    [`from${i}`, from],
    [`to${i}`, to],
  ]);
  return { text: texts.join(" UNION ALL "), values: Object.fromEntries(values) as Parameters };
}
