// Opens the store of a desk, wherever it is said to be.
import { resolve } from "node:path";
import { type Store, StoreError, storeLocationOf } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import type { DeskConfig } from "./config.ts";

/** What is done with a store whichever database it is on. */
export interface OpenStoreOptions {
  /** The folder of the journal from which a store is filled. */
  readonly journalDir?: string | undefined;
  /** Hears of what is wrong, one line each. */
  readonly onProblem: (line: string) => void;
  /** For a database of ClickHouse: where its alerts are, and what its URL does not say. */
  readonly clickhouse: Pick<DeskConfig, "alertsPath" | "storeUser" | "storePassword">;
}

/** The place of a store as it is shown: the whole path of a file, the URL of a database without its secrets. */
export function shownStore(place: string): string {
  const { engine, shown } = storeLocationOf(place);
  return engine === "sqlite" ? resolve(shown) : shown;
}

/** Opens the file, or the database, at `place`. Rejects with `StoreError`; without the package of its driver with `database_unavailable`. */
export async function openStore(
  place: string,
  { journalDir, onProblem, clickhouse }: OpenStoreOptions,
): Promise<Store> {
  const location = storeLocationOf(place);
  const options = { onProblem, ...(journalDir !== undefined && { journalDir }) };
  if (location.engine === "sqlite") return openSqliteStore({ path: location.path, ...options });
  if (location.engine === "clickhouse") {
    const { alertsPath, storeUser: username, storePassword: password } = clickhouse;
    const { engine, shown } = storeLocationOf(alertsPath);
    if (engine === "clickhouse")
      throw new StoreError("invalid_option", `${shown} cannot keep alerts: a file or a postgres:// database can.`);
    const companion = await openStore(alertsPath, { onProblem, clickhouse });
    const { openClickhouseAt } = await import("@tracebook/store/clickhouse");
    return openClickhouseAt(place, { companion, username, password, onProblem });
  }
  const { openPostgresStore } = await loadPostgres();
  return openPostgresStore({ url: location.url, ...options });
}

/** Only who uses PostgreSQL has its driver. */
async function loadPostgres(): Promise<typeof import("@tracebook/store/postgres")> {
  try {
    return await import("@tracebook/store/postgres");
  } catch (cause) {
    throw new StoreError(
      "database_unavailable",
      "The database is one of PostgreSQL, and its driver cannot be loaded: npm install pg pg-copy-streams.",
      { cause },
    );
  }
}
