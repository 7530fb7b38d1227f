// Renames a database that cannot be used, with everything that belongs to it, so that a new one can begin in its place.
import { closeSync, existsSync, lstatSync, openSync, renameSync, rmSync } from "node:fs";
import { StoreError } from "../../errors.ts";

/** What SQLite keeps beside a database. */
const COMPANIONS = ["-wal", "-shm", "-journal"] as const;
const OWNER_ONLY = 0o600;
const EXISTS = "EEXIST";

/**
 * Renames `X.db` to `X.db.corrupt-20261129T101112Z` (with `-2`, `-3`, ... where that name is taken), its log and index likewise, and
 * returns the new path. Nothing is ever overwritten. The database must be closed.
 *
 * The log goes first: a log that stayed behind would be taken for that of the new database, whoever was killed in between.
 * Throws `database_unavailable`.
 */
export function setAside(path: string, why: "corrupt" | "newer", nowMs: number): string {
  let target: string | undefined;
  try {
    target = claimName(`${path}.${why}-${toCompactTime(nowMs)}`);
    for (const suffix of COMPANIONS)
      if (lstatSync(path + suffix, { throwIfNoEntry: false }) !== undefined) renameSync(path + suffix, target + suffix);
    renameSync(path, target);
    return target;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // Somebody else has moved it away meanwhile: what was claimed for it is empty.
    if (code === "ENOENT" && target !== undefined) rmSync(target, { force: true });
    throw new StoreError("database_unavailable", `setting ${path} aside: ${message}.`, { cause });
  }
}

/** A name that nobody else has, and from now on nobody else gets: an empty file, which the database replaces. */
function claimName(base: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (COMPANIONS.some((suffix) => existsSync(name + suffix))) continue;
    try {
      closeSync(openSync(name, "wx", OWNER_ONLY));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== EXISTS) throw error;
    }
  }
}

/** `20261129T101112Z`: a file name on every system, and sorts as time. */
function toCompactTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
