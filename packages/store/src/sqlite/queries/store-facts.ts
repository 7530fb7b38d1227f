// What the database itself is.
import { statSync } from "node:fs";
import type { StoreFacts } from "../../store-queries.ts";
import type { Statements } from "./statements.ts";

/** Cost: the counts by the day; spans are counted in their smallest index, a million in some 10 ms once it is in memory. */
export function storeFacts(statements: Statements, path: string): StoreFacts {
  const facts = statements.get<Omit<StoreFacts, "engine" | "sizeBytes" | "logBytes" | "events" | "decisions">>(
    `SELECT sqlite_version() AS engineVersion, (SELECT user_version FROM pragma_user_version) AS schemaVersion,
       (SELECT count(*) FROM traces) AS spans,
       (SELECT min(timestamp) FROM telemetry_events) AS oldestTimestamp,
       (SELECT max(timestamp) FROM telemetry_events) AS newestTimestamp`,
  )!;
  const counts = statements.get<{ events: number; decisions: number }>(
    `SELECT total(count) AS events, total(count) FILTER (WHERE event_type = 'decision') AS decisions
     FROM event_rollups WHERE resolution = 86400`,
  )!;
  return { engine: "sqlite", ...facts, ...counts, sizeBytes: sizeOf(path), logBytes: sizeOf(`${path}-wal`) };
}

/** The log is not there while nobody has the database open for writing. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
