// A store on ClickHouse as a desk and commands open one: by its place, and with the companion that keeps its alerts.
import { StoreError } from "../errors.ts";
import type { Store } from "../store.ts";
import { type StoreLocation, storeLocationOf } from "../store-location.ts";
import { type ClickhouseStore, openClickhouseStore } from "./clickhouse-store.ts";

/** What a place alone does not say. */
export interface ClickhousePlaceOptions {
  /** The store that keeps rules and alerts, on SQLite or PostgreSQL; it is this one's from now on. Default: a store without them. */
  readonly companion?: Store | undefined;
  /** Where the URL names none. Default `default`. */
  readonly username?: string | undefined;
  /** Where the URL has none. Default: none. */
  readonly password?: string | undefined;
  /** Hears of what is wrong, one line each. */
  readonly onProblem: (line: string) => void;
}

/**
 * Opens the database at `place`, `http://user:password@host:8123/database`. To close the store closes its companion too, which is closed
 * as well where this rejects: with `StoreError`, as `openClickhouseStore` does.
 *
 * @example
 * const companion = await openSqliteStore({ path: "./telemetry/alerts.db" });
 * const store = await openClickhouseAt("http://clickhouse:8123/tracebook", { companion, onProblem: console.warn });
 */
export function openClickhouseAt(
  place: string,
  options: ClickhousePlaceOptions & { readonly companion: Store },
): Promise<Store>;
export function openClickhouseAt(place: string, options: ClickhousePlaceOptions): Promise<ClickhouseStore>;
export async function openClickhouseAt(place: string, options: ClickhousePlaceOptions): Promise<ClickhouseStore> {
  const { companion } = options;
  try {
    const own = toOptions(storeLocationOf(place), options);
    if (companion === undefined) return await openClickhouseStore(own);
    return join(await openClickhouseStore({ ...own, alerts: companion.alerts }), companion);
  } catch (error) {
    await companion?.close();
    throw error;
  }
}

function join(store: Store, companion: Store): Store {
  return {
    ...store,
    health: () => {
      const health = store.health();
      return { ...health, problem: health.problem ?? companion.health().problem };
    },
    close: async () => {
      try {
        await store.close();
      } finally {
        await companion.close();
      }
    },
  };
}

function toOptions(location: StoreLocation, given: ClickhousePlaceOptions) {
  if (location.engine !== "clickhouse" || location.url === "")
    throw new StoreError(
      "invalid_option",
      `${location.shown} is no address of ClickHouse as http://host:8123/database.`,
    );
  const { url, database, username = given.username, password = given.password } = location;
  return {
    url,
    onProblem: given.onProblem,
    ...(database !== undefined && { database }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}
