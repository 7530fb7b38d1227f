// What this package throws.

/** The errors of this package by code, with what to do about each. */
export const STORE_ERRORS = {
  invalid_option: "Give the option a value within the range that the message names.",
  invalid_query: "Give the parameter a value of the form that the message names.",
  not_a_store: "Give another path: this file belongs to another program, and is left as it is.",
  database_newer: "Update Tracebook, or let it set the file aside and begin a new one.",
  database_corrupt: "Let it be set aside and rebuilt from the journal, or restore a copy.",
  database_busy: "Look for another program that holds the database's lock, and end it.",
  database_shared:
    "End that process; or update Node until `node -p process.versions.sqlite` says 3.51.3 or later, here and there.",
  database_in_use:
    "End the process that has it open, or give it this version too: the first to start brings the file up to date.",
  database_full: "Make room on the disk, or clean up: `tracebook cleanup --older-than 30d`.",
  database_unavailable: "Make it reachable for this user: a file readable and writable, a server up and letting it in.",
  store_overloaded: "Send it again after a pause: the store is behind, and what waits for it is bounded.",
  store_failed: "It begins anew by itself with the next call; report what was said, should it go on.",
  alert_conflict: "Read the alert again, and do it once more: somebody else has changed it meanwhile.",
  alert_lease_lost: "Take the lease again before going on: another process has it.",
  store_closed: "Open the store again.",
} as const;

/** The literal `code` of an error of this package. */
export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** Thrown, or what a promise is rejected with; test `code`, not the message. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** What happened, without the remedy. */
  readonly problem: string;

  constructor(code: StoreErrorCode, problem: string, options?: ErrorOptions) {
    super(`${problem} ${STORE_ERRORS[code]}`, options);
    this.name = "StoreError";
    this.code = code;
    this.problem = problem;
  }
}
