// Sees to it that there is room on the disk for the work of removing things.
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors.ts";
import { carryOver, growthBytes } from "./carry-over.ts";
import { freeBytes, makeReserve, type ReserveState, releaseReserve } from "./reserve-file.ts";

/** Primary result codes (sqlite.org/rescode.html), and two of I/O errors: a quota that is used up, an index of the log that cannot grow. */
const FULL = 13;
const IOERR_WRITE = 778;
const IOERR_SHMSIZE = 4_874;

const MIB = 1_048_576;
/** Questions are answered in less. */
const READER_WAIT_MS = 1_000;

/** True for an error of SQLite that means: there was no room to write. */
export function isNoRoom(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return (
    typeof errcode === "number" && ((errcode & 0xff) === FULL || errcode === IOERR_WRITE || errcode === IOERR_SHMSIZE)
  );
}

/**
 * Room for one cleaning. While it is tight the log is carried over after every step, so that it does not grow.
 *
 * That it can be cut comes first: what is removed stays in the log until then, and on a full disk only makes it longer.
 */
export class DiskRoom {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #reserveBytes: number;
  #isTight = false;

  /** `reserveBytes` 0: there is no reserve, and none is made. */
  constructor(database: DatabaseSync, path: string, reserveBytes: number) {
    this.#database = database;
    this.#path = path;
    this.#reserveBytes = reserveBytes;
  }

  /** Gives the reserve up when less than that is free. Throws like {@link makeRoom}. */
  begin(): void {
    if (freeBytes(this.#path) < this.#reserveBytes) this.makeRoom();
  }

  /** After a step that worked. */
  settle(): void {
    if (this.#isTight) carryOver(this.#database, 0);
  }

  /**
   * After a write that found no room: gives the reserve up, and cuts the log to nothing. Throws `database_full`, and takes the reserve back,
   * where there is no room even for that, or where somebody holds the log.
   */
  makeRoom(): void {
    this.#isTight = true;
    if (this.#reserveBytes > 0) releaseReserve(this.#path);
    const missing = growthBytes(this.#database, this.#path) - freeBytes(this.#path);
    const problem =
      missing > 0
        ? `${Math.ceil(missing / MIB)} MiB more are needed to take its log in`
        : carryOver(this.#database, READER_WAIT_MS)
          ? undefined
          : "its log cannot be cut while another program reads from it";
    if (problem === undefined) return;
    if (this.#reserveBytes > 0) makeReserve(this.#path, this.#reserveBytes, 1);
    throw new StoreError("database_full", `The disk of ${this.#path} is full, and ${problem}.`);
  }

  /** Makes the reserve again, if there is room by now. */
  end(): ReserveState | "off" {
    return this.#reserveBytes > 0 ? makeReserve(this.#path, this.#reserveBytes) : "off";
  }
}
