// A migration that there is not yet: changes tables, indexes and rows of the newest schema.
import { MIGRATIONS, type Migration, SCHEMA_VERSION } from "../src/sqlite/schema.ts";

/** What a later version might do. */
export const LATER_MIGRATIONS: readonly Migration[] = [
  ...MIGRATIONS,
  {
    version: SCHEMA_VERSION + 1,
    statements: [
      "ALTER TABLE telemetry_events ADD COLUMN venue TEXT",
      "UPDATE telemetry_events SET venue = 'binance' WHERE seq % 2 = 0",
      "CREATE TABLE venues (name TEXT PRIMARY KEY) STRICT",
      "INSERT INTO venues SELECT DISTINCT venue FROM telemetry_events WHERE venue IS NOT NULL",
      "DROP INDEX idx_symbol",
      "CREATE INDEX idx_venue ON telemetry_events (venue, timestamp)",
      "DELETE FROM event_rollups WHERE resolution = 86400",
    ],
  },
];
