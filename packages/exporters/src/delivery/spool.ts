// Requests on disk while their receiver is away: bounded by bytes and age, in the order in which they came, also after a restart.
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { adoptAbandoned } from "./spool-adoption.ts";
import { writeAllSync } from "./spool-bytes.ts";
import { type DamagedRequests, type FiledRequest, SpoolFile, type WaitingRequest } from "./spool-file.ts";
import { SpoolFolder } from "./spool-folder.ts";
import type { SpoolLaneName } from "./spool-name.ts";
import { OWNER_BEAT_MS } from "./spool-owner.ts";
import { encodeSpoolHeader, MAX_SPOOLED_BYTES, SPOOL_HEADER_BYTES } from "./spool-record.ts";
import { type ShelvedFile, type SpoolLaneStats, SpoolShelves } from "./spool-shelves.ts";

export type { SpoolLaneName } from "./spool-name.ts";

/** Why a spool let go of requests. */
export type SpoolDropReason = "spool_full" | "spool_age" | "spool_damaged";

/** What a spool is told once. */
export interface SpoolOptions {
  /** The folder of all spools of one service; made when the first request comes. Instances have a folder each in it. */
  readonly dir: string;
  /** Files take at most this many bytes; beyond it the oldest go, evidence last. */
  readonly maxBytes: number;
  /** Requests that are older are let go. */
  readonly maxAgeMs: number;
  /** Whether somebody here sends what a lane holds. What others have left in other lanes is left alone. */
  readonly takes: (lane: SpoolLaneName) => boolean;
  /** Hears of items that were let go. */
  readonly onDrop: (lane: SpoolLaneName, reason: SpoolDropReason, items: number) => void;
  /** Hears of items that an earlier process has left behind and that are now waiting here. */
  readonly onRestored: (lane: SpoolLaneName, items: number) => void;
  /** Hears of every failure to write or read. */
  readonly onProblem: (error: Error) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowEpochMs?: (() => number) | undefined;
}

/** A request that was read, to be given back to {@link Spool.done}. */
export interface SpooledRequest {
  readonly request: FiledRequest | DamagedRequests;
  readonly file: SpoolFile;
}

/** The spool of one process. Reading and writing happen one after the other, never on the caller's time. */
export interface Spool {
  /** True when the request is on disk (with the operating system: it survives the process, not a power cut). Never rejects. */
  append(lane: SpoolLaneName, request: WaitingRequest): Promise<boolean>;
  /** The oldest request of a lane; the same one until it is done. Undefined when there is none that can be read now. Never rejects. */
  first(lane: SpoolLaneName): Promise<SpooledRequest | undefined>;
  /** Lets go of a request that was sent, refused or found damaged. Never rejects. */
  done(lane: SpoolLaneName, spooled: SpooledRequest): Promise<void>;
  /** Leaves a request for later: until it is read again, its file may have to give way. */
  putBack(spooled: SpooledRequest): void;
  /**
   * Writes requests, behind all others of the lane or before them, before it returns: for a process that ends now. Returns how many
   * of them are on disk. Never throws.
   */
  appendSync(lane: SpoolLaneName, requests: readonly WaitingRequest[], where: "front" | "back"): number;
  /** Takes over what dead processes have left, at the start and now and then. Never rejects. */
  adopt(): Promise<void>;
  stats(lane: SpoolLaneName): SpoolLaneStats;
  /** Bytes of all files. */
  readonly bytes: number;
  /** Closes files and leaves what waits to the next spool; those that hold nothing are removed. Never rejects. */
  close(): Promise<void>;
}

const ADOPT_EVERY_MS = 30_000;
const MIN_FILE_BYTES = 65_536;
const MAX_FILE_BYTES = 4 * 1_048_576;

/** Opens the spool of this process; nothing is written before there is something to write. */
export function createSpool(options: SpoolOptions): Spool {
  return new DiskSpool(options);
}

class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #folder: SpoolFolder;
  readonly #now: () => number;
  readonly #maxFileBytes: number;
  readonly #shelves = new SpoolShelves();
  /** Files that new requests may go to; none that somebody else has begun. */
  readonly #writable = new Set<SpoolFile>();
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#now = options.nowEpochMs ?? Date.now;
    this.#folder = new SpoolFolder(options.dir);
    this.#maxFileBytes = Math.min(MAX_FILE_BYTES, Math.max(MIN_FILE_BYTES, Math.floor(options.maxBytes / 16)));
    const every = (ms: number, work: () => void): void => void this.#timers.push(setInterval(work, ms).unref());
    // A folder that somebody has removed is made anew for the next request; what is open can still be read.
    every(OWNER_BEAT_MS, () => {
      if (!this.#folder.beat()) this.#writable.clear();
    });
    every(ADOPT_EVERY_MS, () => void this.adopt());
  }

  get bytes(): number {
    return this.#shelves.bytes;
  }

  append(lane: SpoolLaneName, request: WaitingRequest): Promise<boolean> {
    return this.#inTurn(() => this.#append(lane, request));
  }

  first(lane: SpoolLaneName): Promise<SpooledRequest | undefined> {
    return this.#inTurn(async () => {
      for (;;) {
        const file = this.#shelves.of(lane)[0];
        if (file === undefined) return undefined;
        const oldestEpochMs = this.#now() - this.#options.maxAgeMs;
        if (file.lastEpochMs < oldestEpochMs) {
          await this.#drop({ lane, file }, "spool_age");
          continue;
        }
        const request = await file.first().catch((error: unknown) => this.#report(error));
        if (request === "unreadable") return undefined;
        if (request === undefined) await this.#remove({ lane, file });
        else if (request.bytes === undefined || request.bornEpochMs >= oldestEpochMs) {
          this.#shelves.inHand.add(file);
          return { request, file };
        } else {
          file.uncount(request);
          this.#options.onDrop(lane, "spool_age", request.items);
          await file.tickOff(request);
        }
      }
    });
  }

  done(lane: SpoolLaneName, { request, file }: SpooledRequest): Promise<void> {
    // Counted at once, written in turn: nobody sees an item both here and where it went.
    file.uncount(request);
    return this.#inTurn(async () => {
      this.#shelves.inHand.delete(file);
      await file.tickOff(request);
      if (file.isEmpty) await this.#remove({ lane, file });
    });
  }

  putBack({ file }: SpooledRequest): void {
    this.#shelves.inHand.delete(file);
  }

  appendSync(lane: SpoolLaneName, requests: readonly WaitingRequest[], where: "front" | "back"): number {
    let written = 0;
    try {
      if (requests[0] === undefined) return 0;
      this.#folder.make();
      const place = where === "back" ? where : { before: this.#shelves.of(lane)[0]?.path };
      const file = new SpoolFile(this.#folder.pathFor(lane, requests[0].bornEpochMs, place));
      const fd = openSync(file.path, "wx", 0o600);
      try {
        while (written < requests.length && this.#appendOneSync(lane, file, fd, requests[written]!)) written++;
      } finally {
        closeSync(fd);
        if (written > 0) this.#shelves.add(lane, file, where);
        else rmSync(file.path, { force: true });
      }
    } catch (error) {
      this.#report(error);
    }
    return written;
  }

  adopt(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#dropAged();
      const { dir, maxAgeMs, maxBytes, takes } = this.#options;
      await adoptAbandoned({
        dir,
        own: this.#folder.path,
        nowEpochMs: this.#now(),
        maxAgeMs,
        takes,
        take: (lane, path) => this.#take(lane, path),
        onProblem: (error) => this.#report(error),
      });
      while (this.bytes > maxBytes) if (!(await this.#dropVictim(true))) return;
    });
  }

  stats(lane: SpoolLaneName): SpoolLaneStats {
    return this.#shelves.stats(lane);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#inTurn(async () => {
      let waits = false;
      for (const { lane, file } of this.#shelves.all()) {
        waits ||= !file.isEmpty;
        if (file.isEmpty) await this.#remove({ lane, file });
        else await file.close();
      }
      await this.#folder.leave(waits);
    });
  }

  async #append(lane: SpoolLaneName, request: WaitingRequest): Promise<boolean> {
    const size = SPOOL_HEADER_BYTES + request.bytes.length;
    const { maxBytes } = this.#options;
    const isEvidence = lane.recordClass === "evidence";
    if (size > Math.min(maxBytes, MAX_SPOOLED_BYTES)) return false;
    const overBytes = (): number => this.bytes + Math.max(0, size - this.#roomOf(lane)) - maxBytes;
    while (overBytes() > 0) if (!(await this.#dropVictim(isEvidence))) return false;
    try {
      await this.#write(lane, request, size);
      return true;
    } catch (error) {
      this.#report(error);
      return isDiskFull(error) && isEvidence && this.#writeInPlaceOfOthers(lane, request, size);
    }
  }

  /** The disk is full and what does not fit is evidence: older data that matters less gives way to it, and to nobody else. */
  async #writeInPlaceOfOthers(lane: SpoolLaneName, request: WaitingRequest, size: number): Promise<boolean> {
    for (;;) {
      const victim = this.#shelves.victim(false);
      if (victim === undefined) return false;
      try {
        if (victim.file.diskBytes >= size) await this.#startAnew(victim, lane, request);
        else await this.#drop(victim, "spool_full");
        await this.#write(lane, request, size);
        return true;
      } catch (error) {
        if (isDiskFull(error)) continue;
        this.#report(error);
        return false;
      }
    }
  }

  /** Lets go of what a file holds and makes it the one that a lane is written to. */
  async #startAnew({ lane: loser, file }: ShelvedFile, lane: SpoolLaneName, request: WaitingRequest): Promise<void> {
    this.#forget({ lane: loser, file });
    if (file.items > 0) this.#options.onDrop(loser, "spool_full", file.items);
    try {
      await file.startAnew(this.#folder.pathFor(lane, request.bornEpochMs));
    } catch (error) {
      await file.remove();
      throw error;
    }
    await this.#closeNewest(lane);
    this.#shelves.add(lane, file);
    this.#writable.add(file);
  }

  /** Nothing more is written to the newest file of a lane; it stays open if it is read from. */
  async #closeNewest(lane: SpoolLaneName): Promise<void> {
    const files = this.#shelves.of(lane);
    const newest = files.at(-1);
    if (newest !== undefined && this.#writable.delete(newest) && newest !== files[0]) await newest.close();
  }

  /** What can be written to a lane without more of the disk. */
  #roomOf(lane: SpoolLaneName): number {
    const newest = this.#shelves.of(lane).at(-1);
    return newest !== undefined && this.#writable.has(newest) ? newest.room : 0;
  }

  async #write(lane: SpoolLaneName, request: WaitingRequest, size: number): Promise<void> {
    let file = this.#shelves.of(lane).at(-1);
    if (file === undefined || !this.#writable.has(file) || file.size + size > this.#maxFileBytes) {
      await this.#closeNewest(lane);
      this.#folder.make();
      file = new SpoolFile(this.#folder.pathFor(lane, request.bornEpochMs));
      await file.create().catch((error: NodeJS.ErrnoException) => {
        // Somebody has removed the folder: the next request makes it anew.
        if (error.code === "ENOENT") this.#folder.lost();
        throw error;
      });
      this.#shelves.add(lane, file);
      this.#writable.add(file);
    }
    const { diskBytes } = file;
    try {
      await file.append(request);
    } finally {
      this.#shelves.bytes += file.diskBytes - diskBytes;
    }
  }

  /** What {@link #append} does, before it returns. False when it does not fit; throws the system's error. */
  #appendOneSync(lane: SpoolLaneName, file: SpoolFile, fd: number, request: WaitingRequest): boolean {
    const size = SPOOL_HEADER_BYTES + request.bytes.length;
    const { maxBytes } = this.#options;
    const isEvidence = lane.recordClass === "evidence";
    if (file.size + size > maxBytes || size > MAX_SPOOLED_BYTES) return false;
    while (this.bytes + file.size + size > maxBytes) if (!this.#dropVictimSync(isEvidence)) return false;
    for (;;) {
      try {
        writeAllSync(fd, [encodeSpoolHeader(request, request.bornEpochMs), request.bytes], file.size);
        break;
      } catch (error) {
        if (!isDiskFull(error) || !isEvidence || !this.#dropVictimSync(false)) throw error;
      }
    }
    file.wrote(request);
    return true;
  }

  async #dropVictim(evidenceToo: boolean): Promise<boolean> {
    const victim = this.#shelves.victim(evidenceToo);
    if (victim === undefined) return false;
    await this.#drop(victim, "spool_full");
    return true;
  }

  #dropVictimSync(evidenceToo: boolean): boolean {
    const victim = this.#shelves.victim(evidenceToo);
    if (victim === undefined) return false;
    this.#forget(victim);
    if (victim.file.items > 0) this.#options.onDrop(victim.lane, "spool_full", victim.file.items);
    releaseSync(victim.file.path);
    void victim.file.close();
    return true;
  }

  async #dropAged(): Promise<void> {
    const oldestEpochMs = this.#now() - this.#options.maxAgeMs;
    for (const one of this.#shelves.all())
      if (one.file.lastEpochMs < oldestEpochMs && !this.#shelves.inHand.has(one.file))
        await this.#drop(one, "spool_age");
  }

  async #drop({ lane, file }: ShelvedFile, reason: SpoolDropReason): Promise<void> {
    this.#forget({ lane, file });
    if (file.items > 0) this.#options.onDrop(lane, reason, file.items);
    await file.remove();
  }

  async #remove({ lane, file }: ShelvedFile): Promise<void> {
    this.#forget({ lane, file });
    await file.remove();
  }

  #forget({ lane, file }: ShelvedFile): void {
    this.#shelves.take(lane, file);
    this.#writable.delete(file);
  }

  /** Takes over a file of a dead process. It is moved: of two that try, one has it, and the other's call rejects. */
  async #take(lane: SpoolLaneName, path: string): Promise<void> {
    const file = new SpoolFile(path);
    try {
      await file.survey();
    } finally {
      await file.close();
    }
    if (file.isEmpty) return file.remove();
    this.#folder.make();
    const name = basename(path);
    // Somebody has copied a folder: both are delivered.
    const isTaken = this.#shelves.of(lane).some((one) => basename(one.path) === name);
    await file.moveTo(isTaken ? this.#folder.pathLike(lane, path) : join(this.#folder.path, name));
    this.#shelves.addByName(lane, file);
    this.#folder.goOnAfter(path);
    this.#options.onRestored(lane, file.items);
  }

  #report(error: unknown): "unreadable" {
    this.#options.onProblem(error instanceof Error ? error : new Error(String(error)));
    return "unreadable";
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => {});
    return done;
  }
}

/** Never what a link leads to, and no waiting for whoever reads a pipe. Windows has neither flag. */
const TRUNCATE = constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Removes a file that may be open: its room is free when this returns, and not only when the last descriptor of it is closed. */
function releaseSync(path: string): void {
  try {
    closeSync(openSync(path, TRUNCATE));
  } catch {
    // Whatever it is, removing it is all that is left to do.
  }
  rmSync(path, { force: true });
}

function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}
