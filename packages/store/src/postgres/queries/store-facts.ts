// What the database itself is.
import type { StoreFacts } from "../../store-queries.ts";
import { totalOf } from "./rollup-sums.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/** Of the tables of the store alone, their parts and indexes included. */
const SIZE = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 FROM pg_class AS c
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'`;
const FACTS = `SELECT current_setting('server_version') AS "engineVersion",
    (SELECT max(version) FROM schema_versions) AS "schemaVersion", (${SIZE}) AS "sizeBytes",
    (SELECT count(*) FROM traces) AS spans,
    (SELECT ${timeText("min(timestamp)")} FROM telemetry_events) AS "oldestTimestamp",
    (SELECT ${timeText("max(timestamp)")} FROM telemetry_events) AS "newestTimestamp"`;
const COUNTS = `SELECT ${totalOf("count")} AS events, coalesce(sum(count) FILTER (WHERE event_type = 'decision'), 0)::float8 AS decisions
  FROM event_rollups WHERE resolution = 86400`;

/** Cost: the counts by the day, and an index of the spans. The log belongs to all databases of the server: there is none of the store's own. */
export async function storeFacts(statements: Statements): Promise<StoreFacts> {
  const facts = await statements.get<Omit<StoreFacts, "engine" | "logBytes" | "events" | "decisions">>(FACTS);
  const counts = await statements.get<{ events: number; decisions: number }>(COUNTS);
  return { engine: "postgresql", ...facts!, ...counts!, logBytes: 0 };
}
