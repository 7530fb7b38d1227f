// The texts that events in a database on SQLite are counted by already.
import type { DatabaseSync } from "node:sqlite";
import type { CountedTexts } from "./count-keys.ts";

/** Finds them, each kind when it is asked for. Cost: a step into an index for each type and symbol; of the others the counts by the day. */
export function countedTexts(database: DatabaseSync): CountedTexts {
  const inIndex = (column: string, index: string) => (most: number) => textsOf(database, steps(column, index), most);
  const inCounts = (column: string) => (most: number) =>
    textsOf(
      database,
      `SELECT DISTINCT ${column} AS text FROM reason_rollups WHERE resolution = 86400 AND ${column} <> '' LIMIT ?`,
      most,
    );
  return {
    eventTypes: inIndex("event_type", "idx_event_type"),
    symbols: inIndex("symbol", "idx_symbol"),
    strategies: inCounts("strategy"),
    reasonCodes: inCounts("reason_code"),
    reasons: inCounts("reason"),
  };
}

/** From each value of a column to the next, in an index that begins with it. */
function steps(column: string, index: string): string {
  return `WITH RECURSIVE texts (text) AS (
      SELECT (SELECT min(${column}) FROM telemetry_events INDEXED BY ${index} WHERE ${column} IS NOT NULL)
      UNION ALL
      SELECT (SELECT min(${column}) FROM telemetry_events INDEXED BY ${index} WHERE ${column} > texts.text)
      FROM texts WHERE texts.text IS NOT NULL
    ) SELECT text FROM texts WHERE text IS NOT NULL LIMIT ?`;
}

function* textsOf(database: DatabaseSync, sql: string, most: number): Iterable<string> {
  for (const row of database.prepare(sql).iterate(most)) yield (row as { text: string }).text;
}
