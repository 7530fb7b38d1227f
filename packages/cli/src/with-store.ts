// A store for the time of one command.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { STORE_ERRORS, type Store, StoreError, type StoreLocation, storeLocationOf } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { CliError } from "./cli-error.ts";
import type { CommandContext, CommandOption } from "./command.ts";
import type { CliConfig } from "./config.ts";
import { adviseOnPassword } from "./shown-password.ts";
import { requireStoreFile } from "./store-file.ts";

/** The option that names the database. */
export const DB_OPTION = {
  type: "string",
  valueName: "FILE",
  doc: 'the database, a file, postgres://... or http://...; default: TRACEBOOK_DB, TELEMETRY_STORE_PATH, or "./telemetry/telemetry.db"',
} as const satisfies CommandOption;

/** How a store is opened. */
export interface StoreUse {
  /** What `--db` says. */
  readonly db: string | undefined;
  /** Whether rows are to be removed: only then is there a reserve for a full disk. */
  readonly cleans?: boolean;
}

/** What a command does with a store, read from its arguments. */
export interface StoreWork {
  /** What `--db` says. */
  readonly db: string | undefined;
  /** Does it, with the store that was opened at `path`; resolves to the exit code. */
  readonly run: (store: Store, path: string, context: CommandContext) => Promise<number>;
}

/** Does the work with the store that it is for. */
export function runOnStore({ db, run }: StoreWork, context: CommandContext): Promise<number> {
  return withStore({ db }, context, (store, path) => run(store, path, context));
}

/**
 * Opens the store, which must be there, lets `use` work with it, and closes it. What the store says becomes a `CliError` with the remedy;
 * what it has to tell is a note.
 */
export async function withStore<T>(
  { db, cleans = false }: StoreUse,
  context: CommandContext,
  use: (store: Store, path: string) => Promise<T>,
): Promise<T> {
  adviseOnPassword(db, context.note);
  const place = db ?? context.config.storePath;
  if (place === "" || place.includes("\0")) throw new CliError(`--db is "${place}"; it must be the name of a file`);
  const location = storeLocationOf(place);
  if (location.engine === "sqlite") await requireStoreFile(place);
  let store: Store | undefined;
  try {
    store =
      location.engine === "clickhouse"
        ? await openClickhouse(place, context.config, context.note)
        : await open(location, cleans, context.note);
    return await use(store, location.shown);
  } catch (error) {
    if (error instanceof StoreError) throw new CliError(error.problem.replace(/\.$/, ""), STORE_ERRORS[error.code]);
    throw error;
  } finally {
    await store?.close();
  }
}

async function open(
  location: Exclude<StoreLocation, { readonly engine: "clickhouse" }>,
  cleans: boolean,
  onProblem: (line: string) => void,
): Promise<Store> {
  if (location.engine === "sqlite") {
    const options = { path: resolve(location.path), onProblem };
    return openSqliteStore(cleans ? options : { ...options, reserveBytes: 0 });
  }
  const { openPostgresStore } = await loadPostgres();
  return openPostgresStore({ url: location.url, onProblem });
}

/** With its alerts, where they are: a question makes no file. */
async function openClickhouse(place: string, config: CliConfig, onProblem: (line: string) => void): Promise<Store> {
  const { alertsPath, storeUser: username, storePassword: password } = config;
  const alerts = storeLocationOf(alertsPath);
  const { openClickhouseAt } = await import("@tracebook/store/clickhouse");
  const options = { username, password, onProblem };
  const isThere = alerts.engine === "sqlite" ? existsSync(alerts.path) : alerts.engine === "postgresql";
  if (alerts.engine !== "clickhouse" && isThere)
    return openClickhouseAt(place, { ...options, companion: await open(alerts, false, onProblem) });
  const store = await openClickhouseAt(place, options);
  return {
    ...store,
    get alerts(): never {
      throw new CliError(`there are no alerts at ${alerts.shown}`, "Say where they are: TELEMETRY_ALERTS_STORE_PATH.");
    },
  };
}

/** Only who uses PostgreSQL has its driver. */
async function loadPostgres(): Promise<typeof import("@tracebook/store/postgres")> {
  try {
    return await import("@tracebook/store/postgres");
  } catch (error) {
    throw new CliError(`the driver of PostgreSQL cannot be loaded: ${(error as Error).message}`, INSTALL);
  }
}

const INSTALL = "npm install pg pg-copy-streams";
