// What lies at the path of a database, before anybody opens it for writing.
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "../schema.ts";
import { toStoreError } from "../sqlite-errors.ts";
import { logState, readStart } from "./log-header.ts";

/**
 * `absent`: nothing. `empty`: a database that holds nothing yet, ours to use. `ours`: one of Tracebook, good as far as was looked.
 * `newer`: one of a later Tracebook. `corrupt`: one of Tracebook, or what is left of it. `not_a_store`: anything else.
 */
export type DatabaseState = "absent" | "empty" | "ours" | "newer" | "corrupt" | "not_a_store";

/** Options of {@link inspectDatabase}. */
export interface InspectOptions {
  /** Whether every page is read. Default: up to 256 MiB, which takes a second; with tens of gigabytes it is minutes before each start. */
  readonly checkPages?: boolean;
  /** How long another program's lock is waited for, in milliseconds. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** The newest schema that counts as known. Default: that of this version. */
  readonly schemaVersion?: number;
}

const MAX_CHECKED_BYTES = 256 * 1_048_576;
const MAGIC = Buffer.from("SQLite format 3\0");
const HEADER_BYTES = 100;
/** Offset of `application_id` in the header (sqlite.org/fileformat2.html, section 1.3). */
const APPLICATION_ID_AT = 68;
/** The smallest page: a database of anybody has at least one. */
const MIN_PAGE_BYTES = 512;
/** Only our schema has this table, and the schema lies in the first pages. */
const OWN_MARK = "CREATE TABLE confidence_rollups";
const MARK_WITHIN_BYTES = 1_048_576;

/**
 * Says what lies at `path`, and changes nothing of it (SQLite may make its `-wal` and `-shm` anew). Cheap: the header, two numbers, and
 * `quick_check` where the file is small. What it cannot see, a flipped bit in a text or damage in a large file, comes out when the page is
 * read: as `database_corrupt`.
 *
 * A log whose head is damaged leaves a good database without its last rows: see `logState`. Throws `database_unavailable` for a path that
 * this user may not read, and `database_busy`.
 */
export function inspectDatabase(path: string, options: InspectOptions = {}): DatabaseState {
  const facts = statOf(path);
  if (facts === undefined) return "absent";
  if (!facts.isFile()) return "not_a_store";
  // SQLite throws the log of a file without content away: there were rows, and the file was cut off.
  if (facts.size === 0) return logState(path) === "good" ? "corrupt" : "empty";
  const header = readStart(path, HEADER_BYTES);
  if (header === undefined) throw new StoreError("database_unavailable", `${path} cannot be read.`);
  const hasMagic = header.subarray(0, MAGIC.length).equals(MAGIC);
  if (hasMagic && facts.size < MIN_PAGE_BYTES) return "corrupt";
  if (!hasMagic) return isRemainder(path, header) ? "corrupt" : "not_a_store";
  const checkPages = options.checkPages ?? facts.size <= MAX_CHECKED_BYTES;
  return lookInside(path, header, { ...options, checkPages });
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new StoreError("database_unavailable", `looking at ${path}: ${(cause as Error).message}.`, { cause });
  }
}

/** True for a file that has no database's header any more, and was ours before. */
function isRemainder(path: string, header: Buffer): boolean {
  if (isOurs(header)) return true;
  const start = readStart(path, MARK_WITHIN_BYTES);
  // Nobody writes a page of zeros; a file system does, after a power loss.
  if (start === undefined || start.subarray(0, MIN_PAGE_BYTES).every((byte) => byte === 0)) return true;
  return start.includes(OWN_MARK);
}

function isOurs(header: Buffer): boolean {
  return header.length >= APPLICATION_ID_AT + 4 && header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID;
}

function lookInside(
  path: string,
  header: Buffer,
  options: InspectOptions & { readonly checkPages: boolean },
): DatabaseState {
  const { checkPages, busyTimeoutMs = 5_000, schemaVersion = SCHEMA_VERSION } = options;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    // What the log has of the header counts before what the file has.
    const application = numberOf(database, "PRAGMA application_id");
    const version = numberOf(database, "PRAGMA user_version");
    const hasTables = numberOf(database, "SELECT count(*) FROM sqlite_schema") > 0;
    if (application === 0 && version === 0 && !hasTables) return "empty";
    if (application !== APPLICATION_ID) return isRemainder(path, header) ? "corrupt" : "not_a_store";
    if (version > schemaVersion) return "newer";
    // The first migration sets both numbers at once.
    if (version < 1) return "corrupt";
    return checkPages && !isSound(database) ? "corrupt" : "ours";
  } catch (error) {
    const failure = toStoreError(error, "looking at", path);
    const code = failure instanceof StoreError ? failure.code : undefined;
    if (code !== "database_corrupt" && code !== "not_a_store") throw failure;
    return isRemainder(path, header) ? "corrupt" : "not_a_store";
  } finally {
    database?.close();
  }
}

function isSound(database: DatabaseSync): boolean {
  const row = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string } | undefined;
  return row?.quick_check === "ok";
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}
