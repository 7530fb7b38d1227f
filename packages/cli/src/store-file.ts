// Looks at the database that a command was given: opening it is not for a file that is missing, damaged, or somebody else's.
import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { CliError } from "./cli-error.ts";

/** What the thread is to look at. */
export interface InspectPlan {
  readonly path: string;
  /** How long another program's lock is waited for. */
  readonly busyTimeoutMs: number;
  /** The newest schema that the store of this version knows. */
  readonly newestSchema: number;
  /** Whether every page is read. */
  readonly checkPages: boolean;
}

/** What it has found. */
export type FileFinding =
  | { readonly state: "ours" | "empty" | "newer" | "not_a_store" }
  | { readonly state: "damaged" | "unreadable"; readonly problem: string };

/** `PRAGMA user_version` of the newest schema; a test holds it against the store's own. */
const NEWEST_SCHEMA = 4;
const BUSY_TIMEOUT_MS = 5_000;
/** Reading them takes a second; the store looks at no more, either. */
const MAX_CHECKED_BYTES = 256 * 1_048_576;

const ELSEWHERE = "Say where it is: --db FILE, or TELEMETRY_STORE_PATH.";

/**
 * Resolves when `path` is a store that can be opened, and throws `CliError` for anything else. The store itself would make a file that is
 * missing, and set one aside that is damaged or newer, to go on writing: right for a service, and not for a question.
 */
export async function requireStoreFile(path: string): Promise<void> {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) throw new CliError(`there is no database at ${path}`, ELSEWHERE);
  if (!facts.isFile()) throw new CliError(`${path} is no file`, ELSEWHERE);
  const checkPages = facts.size <= MAX_CHECKED_BYTES;
  const plan = { path, busyTimeoutMs: BUSY_TIMEOUT_MS, newestSchema: NEWEST_SCHEMA, checkPages };
  const finding = await inspect(plan);
  switch (finding.state) {
    case "ours":
      return;
    case "empty":
      throw new CliError(`${path} is empty: nothing was ever written into it`, ELSEWHERE);
    case "newer":
      throw new CliError(`${path} was written by a later version of Tracebook`, "Update this command.");
    case "not_a_store":
      throw new CliError(`${path} is a database, but not one of Tracebook`, ELSEWHERE);
    case "damaged":
      throw new CliError(
        `${path} is damaged: ${finding.problem}`,
        "It was left as it is. The service sets it aside at its next start and begins a new one, from the journal where it knows that.",
      );
    case "unreadable":
      throw new CliError(`${path} cannot be read: ${finding.problem}`, ELSEWHERE);
  }
}

function inspect(plan: InspectPlan): Promise<FileFinding> {
  // From source there is no built file beside this one.
  const url = new URL(import.meta.url.endsWith(".ts") ? "./inspect-thread.ts" : "./inspect-thread.js", import.meta.url);
  const worker = new Worker(url, {
    workerData: plan,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // NODE_OPTIONS may hold an --import that is not meant for this thread.
    env: {},
  });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread that looks at the database has ended without an answer")));
  });
}
