// What SQLite says, in the words of the store.
import { StoreError, type StoreErrorCode } from "../errors.ts";

/** Primary result codes (sqlite.org/rescode.html); extended ones have them in their lowest byte. */
const CODES: Readonly<Record<number, StoreErrorCode>> = {
  5: "database_busy",
  6: "database_busy",
  8: "database_unavailable",
  10: "database_unavailable",
  11: "database_corrupt",
  13: "database_full",
  14: "database_unavailable",
  26: "not_a_store",
};

/** The error for what `node:sqlite` has thrown while `doing` something with the file at `path`; other errors are themselves. */
export function toStoreError(error: unknown, doing: string, path: string): unknown {
  // Between two steps of a long work the database was closed: it was damaged, and another one is in its place.
  if ((error as { code?: unknown } | undefined)?.code === "ERR_INVALID_STATE")
    return new StoreError("store_failed", `${doing} ${path}: the database was closed meanwhile.`, { cause: error });
  const primary = resultCodeOf(error);
  const code = primary === undefined ? undefined : CODES[primary & 0xff];
  if (code === undefined) return error;
  return new StoreError(code, `${doing} ${path}: ${(error as Error).message}.`, { cause: error });
}

/** SQLite's result code, for an error that is one of `node:sqlite`. */
function resultCodeOf(error: unknown): number | undefined {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  return code === "ERR_SQLITE_ERROR" && typeof errcode === "number" ? errcode : undefined;
}
