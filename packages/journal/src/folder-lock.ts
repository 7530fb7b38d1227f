// A lock that dies with its process: decides which writer may use which file names.
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { errorCodeOf } from "./errors.ts";
import type { JournalFileSystem } from "./file-system.ts";
import type { ProcessIdentity, ProcessProbe } from "./process-identity.ts";

/** A lock that is held. */
export interface FolderLock {
  readonly path: string;
  /** False when somebody removed or replaced the lock: take one anew before writing on. */
  isHeld(): boolean;
  /** Says that the holder lives, to processes in other containers that cannot look at it. */
  touch(): void;
  release(): void;
}

/** A holder that cannot be looked at counts as dead when its lock was not touched for this long. */
const SILENCE_MS = 5 * 60_000;
/** A lock without readable content is one that is being made, unless it is older than this. */
const BIRTH_MS = 10_000;

/** Who has a lock, as far as can be told without touching it. */
export interface LockHolder {
  readonly pid: number;
  /** Undefined when the process is of another container or machine: then nobody here can tell. */
  readonly isAlive: boolean | undefined;
  /** When the holder last said that it lives; wall-clock milliseconds since 1970. */
  readonly touchedEpochMs: number;
}

/** Looks at a lock and leaves it as it is. Undefined when there is none, or one without readable content. */
export function lockHolder(fs: JournalFileSystem, probe: ProcessProbe, path: string): LockHolder | undefined {
  const facts = fs.stat(path);
  const content = facts?.kind === "file" ? readLock(fs, path) : undefined;
  if (facts === undefined || content === undefined) return undefined;
  return { pid: content.pid, isAlive: probe.isAlive(content), touchedEpochMs: facts.modifiedMs };
}

interface LockContent extends ProcessIdentity {
  readonly token: string;
}

/**
 * Takes the lock at `path`, or returns undefined when a living process has it. A lock whose process is dead is taken over.
 * Throws what the file system says when the folder cannot be written.
 */
export function takeLock(fs: JournalFileSystem, probe: ProcessProbe, path: string): FolderLock | undefined {
  const token = randomUUID();
  fs.mkdir(dirname(path));
  if (tryCreate(fs, path, probe, token)) return heldLock(fs, path, token);
  if (!isStale(fs, probe, path)) return undefined;
  return takeOver(fs, probe, path, token) ? heldLock(fs, path, token) : undefined;
}

/**
 * Only who holds the second lock may remove the first, so that two processes that see the same dead holder do not remove each
 * other's new lock. Whoever comes second goes without.
 */
function takeOver(fs: JournalFileSystem, probe: ProcessProbe, path: string, token: string): boolean {
  const guard = `${path}.takeover`;
  if (!tryCreate(fs, guard, probe, token)) {
    if (isStale(fs, probe, guard)) unlinkIfThere(fs, guard);
    return false;
  }
  try {
    if (!isStale(fs, probe, path)) return false;
    unlinkIfThere(fs, path);
    return tryCreate(fs, path, probe, token);
  } finally {
    unlinkIfThere(fs, guard);
  }
}

function unlinkIfThere(fs: JournalFileSystem, path: string): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if (errorCodeOf(error) !== "ENOENT") throw error;
  }
}

function tryCreate(fs: JournalFileSystem, path: string, probe: ProcessProbe, token: string): boolean {
  let fd: number;
  try {
    fd = fs.open(path, "create");
  } catch (error) {
    if (errorCodeOf(error) === "EEXIST") return false;
    throw error;
  }
  try {
    const bytes = Buffer.from(JSON.stringify({ ...probe.self, token } satisfies LockContent));
    if (fs.write(fd, bytes, 0, bytes.length) === bytes.length) return true;
    throw new Error("the lock could not be written whole");
  } catch (error) {
    fs.unlink(path);
    throw error;
  } finally {
    fs.close(fd);
  }
}

function isStale(fs: JournalFileSystem, probe: ProcessProbe, path: string): boolean {
  const facts = fs.stat(path);
  if (facts === undefined) return true;
  if (facts.kind !== "file") return false;
  const ageMs = Date.now() - facts.modifiedMs;
  const holder = readLock(fs, path);
  if (holder === undefined) return ageMs > BIRTH_MS;
  const alive = probe.isAlive(holder);
  return alive === undefined ? ageMs > SILENCE_MS : !alive;
}

function readLock(fs: JournalFileSystem, path: string): LockContent | undefined {
  try {
    const fd = fs.open(path, "read");
    try {
      const bytes = Buffer.alloc(1024);
      const content = JSON.parse(
        bytes.toString("utf8", 0, fs.read(fd, bytes, bytes.length, 0)),
      ) as Partial<LockContent>;
      return typeof content.pid === "number" && typeof content.token === "string"
        ? (content as LockContent)
        : undefined;
    } finally {
      fs.close(fd);
    }
  } catch {
    return undefined;
  }
}

function heldLock(fs: JournalFileSystem, path: string, token: string): FolderLock {
  const isHeld = () => readLock(fs, path)?.token === token;
  return {
    path,
    isHeld,
    touch() {
      try {
        fs.touch(path);
      } catch {
        // The lock is gone; the next look finds that out.
      }
    },
    release() {
      try {
        if (isHeld()) fs.unlink(path);
      } catch {
        // A folder that went away took its lock along.
      }
    },
  };
}
