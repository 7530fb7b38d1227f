// The runs that wrote last.
import type { Range } from "../../queries/range-parts.ts";
import type { Facets } from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { toText } from "../micros.ts";
import { bucketOf } from "../schema/pieces.ts";
import { inRange, minutesOf } from "./asking.ts";

/** Runs of one minute that are looked at: of more, a page has no room. */
const MAX_RUNS = 1_000;
const MINUTE_MICROS = 60_000_000n;

/** Newest first. Cost: the counts of runs by the minute, then for each of them the rows of its last minute. */
export async function newestRuns(connection: Connection, range: Range, limit: number): Promise<Facets["runs"]> {
  const { buckets, edges } = minutesOf(range);
  const rows = await connection.lists(
    `SELECT run_id, max(at) AS last FROM (
       SELECT run_id, bucket AS at FROM run_rollups WHERE ${buckets}
       UNION ALL SELECT run_id, ${bucketOf("time_micros", "60")} AS at FROM otel_logs WHERE ${edges} AND run_id != ''
     ) GROUP BY run_id ORDER BY last DESC LIMIT ${limit} WITH TIES`,
  );
  const runs = rows
    .slice(0, MAX_RUNS)
    .map(([run, minute]) => ({ run: String(run), from: BigInt(minute!) * 1_000_000n }));
  if (runs.length === 0) return [];
  const inLastMinute = runs.map(
    ({ from }, i) =>
      `(time_micros >= ${from} AND time_micros < ${from + MINUTE_MICROS} AND run_id = {runs:Array(String)}[${i + 1}])`,
  );
  const found = await connection.lists(
    `SELECT run_id, max(time_micros) AS last FROM otel_logs WHERE ${inRange("time_micros", range)} AND (${inLastMinute.join(" OR ")})
     GROUP BY run_id ORDER BY last DESC, run_id LIMIT ${limit}`,
    { runs: runs.map(({ run }) => run) },
  );
  return found.map(([value, last]) => ({ value: String(value), lastTimestamp: toText(last!) }));
}
