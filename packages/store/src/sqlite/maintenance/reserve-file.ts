// A file that does nothing but take up room beside the database: SQLite needs some to delete, and on a full disk there is none left.
import { randomFillSync } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** `ready`: it is there. `no_room`: the disk is too full for it. `unavailable`: it cannot be made, or something else is in its place. */
export type ReserveState = "ready" | "no_room" | "unavailable";

/**
 * How large it is when nobody says otherwise: as much as the log holds before it is carried over. Before anything can be removed the
 * database has to take the log in, and of 32 MiB some 5 to 20 are pages that it does not have yet.
 */
export const RESERVE_BYTES = 32 * 1_048_576;

const PIECE_BYTES = 1_048_576;
const OWNER_ONLY = 0o600;
/** It is made only where as much again stays free: else it would be what fills the disk. */
const ROOM_FACTOR = 2;
// Windows has neither; a link in its place must not lead us to write into another file.
const OPEN_FLAGS =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** Where the reserve of a database lies. */
export function reservePath(databasePath: string): string {
  return `${databasePath}.reserve`;
}

/**
 * Makes the reserve of a database, or what is missing of it. Never throws: without it the store works as well, until the disk is full.
 * Cost: writes `sizeBytes` bytes and waits for the disk, once; later calls look at one file.
 */
export function makeReserve(databasePath: string, sizeBytes = RESERVE_BYTES, roomFactor = ROOM_FACTOR): ReserveState {
  const path = reservePath(databasePath);
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts !== undefined && !facts.isFile()) return "unavailable";
    const missing = sizeBytes - (facts?.size ?? 0);
    if (missing <= 0) return "ready";
    if (freeBytes(databasePath) < missing * roomFactor) return "no_room";
    return fill(path, sizeBytes);
  } catch {
    return "unavailable";
  }
}

/** Removes the reserve; returns how many bytes that gave back. Never throws. */
export function releaseReserve(databasePath: string): number {
  const path = reservePath(databasePath);
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined || !facts.isFile()) return 0;
    rmSync(path, { force: true });
    return facts.size;
  } catch {
    return 0;
  }
}

/** Bytes that this user may still write on the disk of a database; infinite where the system does not say. */
export function freeBytes(databasePath: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(databasePath));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Random bytes: zeros would take no room where the file system compresses, or leaves holes. */
function fill(path: string, sizeBytes: number): ReserveState {
  const piece = randomFillSync(Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes)));
  const descriptor = openSync(path, OPEN_FLAGS, OWNER_ONLY);
  try {
    for (let size = fstatSync(descriptor).size; size < sizeBytes; )
      size += writeSync(descriptor, piece, 0, Math.min(piece.length, sizeBytes - size));
    fsyncSync(descriptor);
    return "ready";
  } catch (error) {
    // Half of it helps nobody, and takes the room from those who need it.
    rmSync(path, { force: true });
    return (error as NodeJS.ErrnoException).code === "ENOSPC" ? "no_room" : "unavailable";
  } finally {
    closeSync(descriptor);
  }
}
