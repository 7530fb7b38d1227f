// Compares the counts that a PostgreSQL store keeps with those of its rows.
import { RESOLUTIONS } from "../src/resolutions.ts";
import { command, TEST_SCHEMA } from "./postgres-database.ts";

const SECOND = "floor(extract(epoch FROM timestamp))::bigint";
const bucket = (seconds: string | number) => `(floor(${SECOND}::numeric / ${seconds}) * ${seconds})::bigint`;
const WIDTHS = RESOLUTIONS.map((seconds) => `(${seconds})`).join(", ");

/** By table: what is kept, and the same from the rows. */
const COUNTS = {
  event_rollups: {
    kept: "SELECT resolution, bucket, event_type, symbol, run_id, count FROM event_rollups",
    counted: `SELECT r.seconds, ${bucket("r.seconds")}, event_type, coalesce(symbol, ''),
      CASE r.seconds WHEN ${RESOLUTIONS[0]} THEN coalesce(run_id, '') ELSE '' END, count(*)
      FROM telemetry_events CROSS JOIN (VALUES ${WIDTHS}) AS r (seconds) GROUP BY 1, 2, 3, 4, 5`,
  },
  run_rollups: {
    kept: "SELECT bucket, run_id, event_type, symbol, count FROM run_rollups",
    counted: `SELECT ${bucket(3_600)}, run_id, event_type, coalesce(symbol, ''), count(*) FROM telemetry_events
      WHERE run_id <> '' GROUP BY 1, 2, 3, 4`,
  },
  category_rollups: {
    kept: "SELECT hour, event_type, event_category, event_count FROM category_rollups",
    counted: `SELECT date_trunc('hour', timestamp, 'UTC'), event_type, coalesce(event_category, ''), count(*)
      FROM telemetry_events GROUP BY 1, 2, 3`,
  },
} as const;

/** Rows that are in one and not in the other, some of them: `[]` where all counts are right, and no record is there twice. */
export async function wrongCounts(url: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  const take = async (what: string, sql: string) => {
    const results = (await command(url, `SET search_path = ${TEST_SCHEMA}; ${sql} LIMIT 5`)) as unknown as {
      rows: readonly object[];
    }[];
    wrong.push(...results.at(-1)!.rows.map((row) => `${what} ${JSON.stringify(row)}`));
  };
  for (const [table, { kept, counted }] of Object.entries(COUNTS)) {
    await take(`${table}, not of its rows:`, `(${kept}) EXCEPT ALL (${counted})`);
    await take(`${table}, not kept:`, `(${counted}) EXCEPT ALL (${kept})`);
  }
  await take("twice:", "SELECT instance, seq, count(*) FROM telemetry_events GROUP BY 1, 2 HAVING count(*) > 1");
  return wrong;
}
