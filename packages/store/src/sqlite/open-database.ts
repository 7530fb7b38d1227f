// Opens a database file as the store wants it: write-ahead log, bounded cache, bounded waiting.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toStoreError } from "./sqlite-errors.ts";

/** How a database is opened. */
export interface OpenOptions {
  readonly path: string;
  readonly isReadOnly: boolean;
  /** How long another program's lock is waited for, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Memory for pages, in KiB. */
  readonly cacheKib: number;
}

const PAGE_BYTES = 4_096;
/** Pages in the log before they are carried over: 32 MiB. */
const CHECKPOINT_PAGES = 8_192;
/** What the log is cut back to when all of it was carried over. */
const MAX_LOG_BYTES = 64 * 1_048_576;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Opens the file, which is made when it is not there. Throws `StoreError` for what is in the way. */
export function openDatabase({ path, isReadOnly, busyTimeoutMs, cacheKib }: OpenOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (!isReadOnly) makeFile(path);
    database = new DatabaseSync(path, {
      readOnly: isReadOnly,
      timeout: busyTimeoutMs,
      enableForeignKeyConstraints: true,
    });
    if (!isReadOnly) {
      database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
      // Of a new file only: an old one would wait for the lock, and write, to be told what it is already.
      if (statSync(path).size === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
      // Rows that were acknowledged survive the end of the process with it; the end of the machine may take the last of them.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA journal_size_limit = ${MAX_LOG_BYTES}`);
    }
    database.exec(`PRAGMA cache_size = -${cacheKib}; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF`);
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, "opening", path);
  }
}

/** Makes the file, and the folder that it is in, for their owner only: SQLite would make it readable for everybody. */
export function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (existsSync(path)) return;
  closeSync(openSync(path, "a", OWNER_ONLY_FILE));
  chmodSync(path, OWNER_ONLY_FILE);
}
