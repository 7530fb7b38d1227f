// The store on ClickHouse: for more than one machine's SQLite, or one PostgreSQL, can take. A thread of its own reads and writes requests.
import type { AlertFeed } from "../alert-feed.ts";
import type { AlertRecords } from "../alert-records.ts";
import type { Store } from "../store.ts";
import { createClickhouseFeed } from "./alerts/clickhouse-feed.ts";
import { type ClickhouseSettings, type ClickhouseStoreOptions, toClickhouseSettings } from "./clickhouse-options.ts";
import { type Connection, connect } from "./connection.ts";
import { cleanUp } from "./maintenance/cleanup.ts";
import { exportEvents } from "./maintenance/event-export.ts";
import { createClickhouseQueries } from "./queries/clickhouse-queries.ts";
import { createSchema } from "./schema/create-schema.ts";
import { WriterLink } from "./writer-link.ts";

/** A store without records of alerts: those are changed row by row and all or nothing, for which SQLite and PostgreSQL are the right place. */
export type ClickhouseStore = Omit<Store, "alerts">;

/** Where rules and alerts are kept: the `alerts` of a store on SQLite or PostgreSQL, which need hold nothing else. */
export interface WithAlerts {
  readonly alerts: AlertRecords;
}

/**
 * Opens a database of a ClickHouse server, which is made, with its tables, where it is not there. Rejects with `StoreError`:
 * `invalid_option`, `database_unavailable`. Needs the package `@clickhouse/client`.
 *
 * @example
 * const store = await openClickhouseStore({ url: "http://clickhouse:8123", database: "tracebook", keepEventsDays: 90 });
 * await store.decisionReasons({ startTime: "2026-11-20T00:00:00.000000Z" });
 *
 * @example
 * // Like any other, with the records of alerts in a file beside it, which is closed by whoever opened it:
 * const companion = await openSqliteStore({ path: "./telemetry/alerts.db" });
 * const store: Store = await openClickhouseStore({ url: "http://clickhouse:8123", alerts: companion.alerts });
 */
export function openClickhouseStore(options: ClickhouseStoreOptions & WithAlerts): Promise<Store>;
export function openClickhouseStore(options?: ClickhouseStoreOptions): Promise<ClickhouseStore>;
export async function openClickhouseStore(
  options: ClickhouseStoreOptions & Partial<WithAlerts> = {},
): Promise<ClickhouseStore & Partial<WithAlerts>> {
  const settings = toClickhouseSettings(options);
  await prepare(settings);
  const connection = await connect(settings, settings.database);
  try {
    const feed = await createClickhouseFeed(connection, settings.pollLagMs);
    const store = toStore(new WriterLink(settings), connection, feed, settings);
    return options.alerts === undefined ? store : { ...store, alerts: options.alerts };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function prepare(settings: ClickhouseSettings): Promise<void> {
  const connection = await connect(settings);
  try {
    for (const statement of createSchema(settings)) await connection.command(statement);
  } finally {
    await connection.close();
  }
}

function toStore(
  writer: WriterLink,
  connection: Connection,
  alertFeed: AlertFeed,
  settings: ClickhouseSettings,
): ClickhouseStore {
  return {
    ...createClickhouseQueries(connection, settings.pollLagMs),
    alertFeed,
    takeOtlp: (signal, body, format, given) => writer.writes.takeOtlp(signal, body, format, given),
    writeEvents: (events) => writer.writes.writeItems("writeEvents", events),
    writeSpans: (spans) => writer.writes.writeItems("writeSpans", spans),
    writePoints: (points) => writer.writes.writeItems("writePoints", points),
    onWritten: (listener) => writer.writes.onWritten(listener),
    importJournal: (dir, from) => writer.writes.importJournal(dir, from),
    cleanUp: (bounds) => cleanUp(connection, settings.cluster, bounds),
    exportEvents: (filter, format) => exportEvents(connection, filter, format),
    health: () => writer.health(),
    close: async () => {
      await writer.close();
      await connection.close();
    },
  };
}
