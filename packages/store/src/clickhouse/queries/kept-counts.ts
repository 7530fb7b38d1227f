// Counts that are kept, summed up over a range, and what is at the ends of it counted by its rows.
import type { Range } from "../../queries/range-parts.ts";
import type { Connection } from "../connection.ts";
import { type Condition, partsOf } from "./asking.ts";

/** What is counted: texts of code, never of a caller. */
export interface Counting {
  readonly table: "event_rollups" | "run_rollups" | "reason_rollups" | "confidence_rollups";
  /** Columns of it that tell the counts apart, each with what it is of a row of `otel_logs`. */
  readonly keys: readonly (readonly [name: string, ofRow: string])[];
  /** `count`, and what else is summed up, likewise. */
  readonly sums?: readonly (readonly [name: string, ofRow: string])[];
  /** Of columns that the counts and the rows have alike. */
  readonly where: Condition;
  /** Of the rows only: those that are counted at all. */
  readonly ofRows: string;
}

const COUNT = ["count", "count()"] as const;

/** A row for each key; numbers are texts. Cost: reads the counts of at most 46 hours, 118 minutes and the days between, and rows of two minutes. */
export async function sumCounts<Row>(
  connection: Connection,
  range: Range,
  counting: Counting,
): Promise<readonly Row[]> {
  const { table, keys, sums = [COUNT], where, ofRows } = counting;
  const { buckets, edges } = partsOf(range);
  const names = keys.map(([name]) => name);
  const grouping = names.length === 0 ? "" : `GROUP BY ${names.join(", ")}`;
  const kept = [...names, ...sums.map(([sum]) => `sum(${sum}) AS s_${sum}`)];
  const rows = [
    ...keys.map(([name, ofRow]) => (name === ofRow ? name : `${ofRow} AS ${name}`)),
    ...sums.map(([sum, ofRow]) => `${ofRow} AS s_${sum}`),
  ];
  const all = [...names, ...sums.map(([sum]) => `sum(s_${sum}) AS ${sum}`)];
  return connection.rows<Row>(
    `SELECT ${all.join(", ")} FROM (
       SELECT ${kept.join(", ")} FROM ${table} WHERE ${buckets} AND ${where.sql} ${grouping}
       UNION ALL
       SELECT ${rows.join(", ")} FROM otel_logs WHERE ${edges} AND ${where.sql} AND ${ofRows} ${grouping}
     ) ${grouping}`,
    where.parameters,
  );
}
