// What PostgreSQL says, in the words of the store.
import { StoreError, type StoreErrorCode } from "../errors.ts";

/** By SQLSTATE (PostgreSQL documentation, Appendix A); a class of two characters stands for what is not named. */
const CODES: Readonly<Record<string, StoreErrorCode>> = {
  "08": "database_unavailable",
  "25": "database_unavailable",
  "28": "database_unavailable",
  "3D": "database_unavailable",
  "3F": "database_unavailable",
  "40": "database_busy",
  "42501": "database_unavailable",
  "53": "database_busy",
  "53100": "database_full",
  "55P03": "database_busy",
  "57": "database_unavailable",
  // Ended by a timeout, or by hand.
  "57014": "database_busy",
  "58": "database_unavailable",
  XX001: "database_corrupt",
  XX002: "database_corrupt",
};

const REMEDIES: Partial<Record<StoreErrorCode, string>> = {
  database_unavailable: "See that the server runs and lets this user in; it is tried again with the next call",
  database_busy: "It may be sent again; look for long transactions in pg_stat_activity, and at the server's limits",
  database_full: "Make room on the server's disk, or clean up",
};

/** Where the remedy for the code would lead to the wrong place. */
const REMEDIES_BY_STATE: Readonly<Record<string, string>> = {
  "53300":
    "It is tried again with the next call; end connections that nobody needs, or raise max_connections or the CONNECTION LIMIT of the role or the database",
};

/** The error for what a connection to `place` has said while `doing` something; errors of the store are themselves. */
export function toPostgresError(error: unknown, doing: string, place: string): Error {
  if (error instanceof StoreError) return error;
  const state = sqlStateOf(error);
  const message =
    error instanceof Error && error.message !== "" ? error.message : String((error as Error)?.name ?? error);
  const code =
    state === undefined ? connectionCode(error) : (CODES[state] ?? CODES[state.slice(0, 2)] ?? "store_failed");
  if (code === undefined) return error instanceof Error ? error : new Error(message);
  const remedy = REMEDIES_BY_STATE[state ?? ""] ?? REMEDIES[code];
  const what = state === undefined ? message : `${message} (SQLSTATE ${state})`;
  return new StoreError(code, `${doing} ${place}: ${what}.${remedy === undefined ? "" : ` ${remedy}.`}`, {
    cause: error,
  });
}

/** SQLSTATE, for an error that the server has sent. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === "string" && code.length === 5 && severity !== undefined ? code : undefined;
}

/** True for what a batch may simply be tried again after: another transaction was in its way (Appendix A, class 40). */
export function isConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === "40001" || state === "40P01";
}

/** Codes of `node:net` and `node:dns`; `pg` itself has only messages. */
function connectionCode(error: unknown): StoreErrorCode | undefined {
  const { code, message, errors } = (error ?? {}) as { code?: unknown; message?: unknown; errors?: unknown };
  if (typeof code === "string" && /^E[A-Z]+/.test(code) && !code.startsWith("ERR_")) return "database_unavailable";
  if (Array.isArray(errors)) return "database_unavailable";
  if (typeof message !== "string") return undefined;
  if (/timeout/i.test(message))
    return /connect|^timeout expired$/i.test(message) ? "database_unavailable" : "database_busy";
  return /connection|not queryable|Client was closed|SSL|SASL|password|scram/i.test(message)
    ? "database_unavailable"
    : undefined;
}
