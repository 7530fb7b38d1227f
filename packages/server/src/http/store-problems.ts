// What a store throws, in words for whoever asked over the network: without paths, and whether to come again.
import { OtlpError, StoreError, type StoreErrorCode } from "@tracebook/store";
import { ProblemError } from "./problem.ts";

const LATER: Readonly<Record<Exclude<StoreErrorCode, "invalid_query" | "invalid_option" | "alert_conflict">, string>> =
  {
    not_a_store: "The database belongs to another program.",
    database_newer: "The database is of a later version.",
    database_corrupt: "The database is damaged and is being begun anew.",
    database_busy: "Another program holds the database's lock.",
    database_shared: "Another process has the database open.",
    database_in_use: "Another process has the database open in an earlier version.",
    database_full: "There is no room on the disk.",
    database_unavailable: "The database cannot be read or written.",
    store_overloaded: "The store is behind.",
    store_failed: "The store has failed and begins anew.",
    alert_lease_lost: "Another process evaluates the alerts.",
    store_closed: "The desk is closing.",
  };

/** When to come again: a disk does not empty itself. */
const RETRY_SECONDS = 1;
const FULL_RETRY_SECONDS = 15;

/** The problem of an error of the store; undefined for another error. */
export function storeProblem(error: unknown): ProblemError | undefined {
  if (error instanceof OtlpError) return new ProblemError("invalid_request", error.message);
  if (!(error instanceof StoreError)) return undefined;
  const { code, problem } = error;
  if (code === "invalid_query" || code === "invalid_option") return new ProblemError("invalid_parameter", problem);
  if (code === "alert_conflict")
    return new ProblemError("conflict", "Somebody else has changed the alert or the rule meanwhile: read it again.");
  const retryAfterSeconds = code === "database_full" ? FULL_RETRY_SECONDS : RETRY_SECONDS;
  return new ProblemError("store_busy", `${LATER[code]} Ask again later.`, { retryAfterSeconds });
}
