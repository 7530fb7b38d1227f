// The schema of the PostgreSQL store: one migration a version, each of them one transaction, never changed once it has been released.
import { ALERT_TABLES } from "./alert-schema.ts";
import { ALERT_FUNCTIONS } from "./alerts/alert-functions.ts";
import { FEED_FUNCTIONS } from "./alerts/feed-functions.ts";
import { CLEANUP_FUNCTIONS } from "./cleanup-functions.ts";
import { DAY_PARTS } from "./day-parts.ts";
import { WRITE_FUNCTIONS } from "./event-functions.ts";
import { EVENT_TABLES } from "./event-schema.ts";
import { HOUR_STATEMENTS } from "./hour-schema.ts";
import { METRIC_TABLES } from "./metric-schema.ts";
import { ALERT_ROLE_STATEMENTS, ROLE_STATEMENTS } from "./role-functions.ts";
import { ROLLUP_TABLES } from "./rollup-schema.ts";
import { TRACE_TABLES } from "./trace-schema.ts";
import { VIEWS } from "./view-schema.ts";

/** What brings a schema from the version before to this one. Names without a schema are those of the store. */
export interface PostgresMigration {
  readonly version: number;
  readonly statements: readonly string[];
}

/** All of them, in order. */
export const POSTGRES_MIGRATIONS: readonly PostgresMigration[] = [
  {
    version: 1,
    statements: [
      ...EVENT_TABLES,
      ...TRACE_TABLES,
      ...ROLLUP_TABLES,
      ...METRIC_TABLES,
      ...DAY_PARTS,
      ...WRITE_FUNCTIONS,
      ...VIEWS,
      ...CLEANUP_FUNCTIONS,
      ...ROLE_STATEMENTS,
    ],
  },
  // Alerts.
  {
    version: 2,
    statements: [...ALERT_TABLES, ...ALERT_FUNCTIONS, ...FEED_FUNCTIONS, ...ALERT_ROLE_STATEMENTS],
  },
  // System metrics by the hour; positions in journals.
  { version: 3, statements: HOUR_STATEMENTS },
];

/** The version this code reads and writes. */
export const POSTGRES_SCHEMA_VERSION = POSTGRES_MIGRATIONS.at(-1)!.version;
