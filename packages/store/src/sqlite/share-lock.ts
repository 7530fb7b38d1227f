// Who has a database open, among the processes of Tracebook: together where the engine bears it, one alone where it does not.
//
// SQLite before 3.51.3 can damage a write-ahead log that two connections write, or carry over, at the same moment (sqlite.org/wal.html,
// "the WAL-reset bug"). In one process there is one connection that does either: the reader's cannot. Between processes nothing would
// keep them apart, and a damaged file is worse than one that is not opened: so an engine of that age has the file alone, or not at all.
// And alone for a migration: an earlier version that goes on beside it would find other tables than it knows.
//
// Programs other than Tracebook, SQLite's own shell for one, know nothing of this lock.
import { DatabaseSync } from "node:sqlite";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import { makeFile } from "./open-database.ts";
import { toStoreError } from "./sqlite-errors.ts";

/** The first engine whose log several processes may write. */
const SAFE_ENGINE = [3, 51, 3] as const;

/** What is held while a database is open for writing; the system lets go of it when the process ends, however it ends. */
export interface ShareLock {
  release(): void;
}

/** The engine of this process, as `3.54.1`. */
export function engineVersion(): string {
  const database = new DatabaseSync(":memory:");
  try {
    return String(Object.values(database.prepare("SELECT sqlite_version()").get() ?? {})[0]);
  } finally {
    database.close();
  }
}

/** True for an engine that can share a database with other processes. */
export function canShare(version: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [i, least] of SAFE_ENGINE.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/**
 * Takes the share of this process in the database at `path`: all of it where `version` cannot share. The lock is on an empty file beside it.
 * Throws `database_shared` when another process has what it excludes, for longer than `timeoutMs`, and `database_unavailable` where there
 * may be no file.
 */
export function takeShare(path: string, version: string, timeoutMs: number): ShareLock {
  const isAlone = !canShare(version);
  return takeLock(path, isAlone, timeoutMs, () => ["database_shared", describe(path, version, isAlone)]);
}

/**
 * Takes all of it, for the time of a migration: who has it open reads and writes the tables of before, and could not go on. Throws
 * `database_in_use` when another process has it open, for longer than `timeoutMs`.
 */
export function takeForMigration(path: string, timeoutMs: number): ShareLock {
  return takeLock(path, true, timeoutMs, () => [
    "database_in_use",
    `${path} is of an earlier version, and another process has it open.`,
  ]);
}

function takeLock(
  path: string,
  isAlone: boolean,
  timeoutMs: number,
  refusal: () => [StoreErrorCode, string],
): ShareLock {
  const lockPath = `${path}.lock`;
  let lock: DatabaseSync | undefined;
  try {
    makeFile(lockPath);
    lock = new DatabaseSync(lockPath, { timeout: timeoutMs });
    // A transaction that is never ended, and never writes.
    lock.exec(isAlone ? "BEGIN EXCLUSIVE" : "BEGIN; SELECT count(*) FROM sqlite_schema");
    return { release: () => lock?.close() };
  } catch (error) {
    lock?.close();
    const failure = toStoreError(error, "sharing", path);
    if (!(failure instanceof StoreError))
      throw new StoreError("database_unavailable", `locking ${path}: ${(error as Error).message}.`, { cause: error });
    if (failure.code !== "database_busy") throw failure;
    const [code, problem] = refusal();
    throw new StoreError(code, problem, { cause: error });
  }
}

function describe(path: string, version: string, isAlone: boolean): string {
  const whose = isAlone ? `SQLite ${version} of Node ${process.version}` : "the SQLite of that process";
  return `${path} is open in another process, and ${whose} may damage a file that is shared.`;
}
