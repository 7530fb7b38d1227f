// Compresses closed files and removes old ones: what keeps a journal within its bounds.
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import { byWorth, dayOf, isClosed } from "./closed-shards.ts";
import { errorCodeOf } from "./errors.ts";
import type { JournalFileSystem } from "./file-system.ts";
import { type FolderLock, takeLock } from "./folder-lock.ts";
import {
  boundInstant,
  closedName,
  dayOfTimestamp,
  eventsFolder,
  isDay,
  logsFolder,
  type ShardStem,
} from "./journal-layout.ts";
import type { ProcessProbe } from "./process-identity.ts";
import { declareRemoval, readSpans } from "./removal-record.ts";
import { isCompressedTwin, listShards, type Shard } from "./shard-list.ts";

/** What housekeeping needs to know. */
export interface HousekeepingOptions {
  readonly fileSystem: JournalFileSystem;
  readonly processProbe: ProcessProbe;
  readonly dir: string;
  readonly maxBytes: number;
  readonly retentionDays: number;
  readonly compress: boolean;
  readonly nowMicros: number;
}

/** What one round of housekeeping did. */
export interface HousekeepingResult {
  /** False when another process is at it, or when the folder cannot be written at all: whoever writes a journal there says so. */
  readonly isDone: boolean;
  readonly compressed: readonly string[];
  readonly removed: readonly string[];
  /** What is left, in bytes. */
  readonly totalBytes: number;
  /** What could not be done, one line each. */
  readonly problems: readonly string[];
}

/** A disk that is full or read-only, a folder that is somebody else's. */
const UNWRITABLE = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES"]);

/**
 * One round. Never rejects; stops between two files when `signal` says so. What a crash leaves behind, at any point, the next round
 * mends.
 */
export async function keepHouse(options: HousekeepingOptions, signal: AbortSignal): Promise<HousekeepingResult> {
  const round = new Round(options, signal);
  try {
    const lock = await takeRoundLock(options, round);
    if (lock === undefined) return round.result(false);
    try {
      await round.run();
    } finally {
      lock.release();
    }
  } catch (error) {
    round.problem("journal: housekeeping failed", error);
    return round.result(!UNWRITABLE.has(errorCodeOf(error)));
  }
  return round.result(true);
}

/** The lock is a small file, and on a full disk even that needs room first: a file that has to go anyway makes it. */
async function takeRoundLock(options: HousekeepingOptions, round: Round): Promise<FolderLock | undefined> {
  const { fileSystem, processProbe, dir } = options;
  const take = () => takeLock(fileSystem, processProbe, join(dir, "data", "housekeeping.lock"));
  try {
    return take();
  } catch (error) {
    if (errorCodeOf(error) !== "ENOSPC" || !(await round.removeOne())) throw error;
    return take();
  }
}

class Round {
  readonly #options: HousekeepingOptions;
  readonly #fs: JournalFileSystem;
  readonly #signal: AbortSignal;
  readonly #today: string;
  readonly #compressed: string[] = [];
  readonly #removed: string[] = [];
  readonly #problems: string[] = [];
  #totalBytes = 0;

  constructor(options: HousekeepingOptions, signal: AbortSignal) {
    this.#options = options;
    this.#fs = options.fileSystem;
    this.#signal = signal;
    this.#today = dayOfTimestamp(toTimestamp(options.nowMicros));
  }

  async run(): Promise<void> {
    this.#removeLeftovers();
    this.#removeOld();
    if (this.#options.compress) await this.#compress();
    await this.#removeSurplus();
  }

  /** Removes the first file that is too old or too much. False when there is none. */
  async removeOne(): Promise<boolean> {
    const shards = this.#shards();
    const cutoff = this.#cutoff();
    const old = shards.find((shard) => dayOf(shard) < cutoff);
    if (old !== undefined) return this.#remove(old);
    const surplus = this.#closedByWorth(shards)[0];
    this.#totalBytes = shards.reduce((total, shard) => total + shard.sizeBytes, 0);
    if (surplus === undefined || this.#totalBytes <= this.#options.maxBytes) return false;
    await this.#declareAndRemove(surplus);
    return true;
  }

  result(isDone: boolean): HousekeepingResult {
    const [compressed, removed, problems] = [this.#compressed, this.#removed, this.#problems];
    return { isDone, compressed, removed, totalBytes: this.#totalBytes, problems };
  }

  problem(what: string, error: unknown): void {
    this.#problems.push(`${what} (${errorCodeOf(error)})`);
  }

  /** Half-made files of a round that did not end; only the holder of the lock makes such files. */
  #removeLeftovers(): void {
    const { dir } = this.#options;
    const days = this.#fs.readdir(eventsFolder(dir)).filter(isDay);
    for (const folder of [...days.map((day) => join(eventsFolder(dir), day)), logsFolder(dir)])
      for (const name of this.#list(folder))
        if (name.endsWith(".jsonl.gz.tmp"))
          this.#try("cannot remove", join(folder, name), (path) => this.#fs.unlink(path));
  }

  #list(folder: string): string[] {
    try {
      return this.#fs.readdir(folder);
    } catch {
      return [];
    }
  }

  #removeOld(): void {
    const cutoff = this.#cutoff();
    for (const shard of this.#shards()) if (dayOf(shard) < cutoff) this.#remove(shard);
    for (const day of this.#fs.readdir(eventsFolder(this.#options.dir)))
      if (isDay(day) && day < cutoff) this.#removeFolder(join(eventsFolder(this.#options.dir), day));
  }

  /** Files of an earlier day than this have to go. On a clock that shows no possible time, none: it would take all of them. */
  #cutoff(): string {
    const { nowMicros, retentionDays } = this.#options;
    if (nowMicros !== boundInstant(nowMicros)) return "";
    return dayOfTimestamp(toTimestamp(nowMicros - retentionDays * 86_400e6));
  }

  #removeFolder(folder: string): void {
    // Whatever else lies in it is not the journal's, and keeps the folder.
    if (this.#list(folder).length === 0) this.#try("cannot remove", folder, (path) => this.#fs.rmdir(path));
  }

  async #compress(): Promise<void> {
    const nowMs = Date.now();
    for (const shard of this.#shards()) {
      if (this.#signal.aborted) return;
      if (shard.name.compressed || !isClosed(shard, this.#today, nowMs)) continue;
      try {
        await this.#compressOne(shard);
      } catch (error) {
        if (!this.#signal.aborted) this.problem(`journal: cannot compress ${shard.path}`, error);
      }
    }
  }

  async #compressOne(shard: Shard): Promise<void> {
    const { sizeBytes } = shard;
    const path = shard.name.day === "" ? this.#giveDay(shard) : shard.path;
    // Both are there when a crash came between the last two steps below.
    if (sizeBytes === 0 || (await isCompressedTwin(this.#fs, `${path}.gz`, { ...shard, path })))
      return this.#fs.unlink(path);
    const target = this.#freeTarget(shard, `${path}.gz`);
    const temporary = `${target}.tmp`;
    try {
      await this.#fs.compress(path, temporary, this.#signal);
    } catch (error) {
      this.#try("cannot remove", temporary, (half) => this.#fs.unlink(half));
      throw error;
    }
    const facts = this.#fs.stat(path);
    // Somebody wrote after all: the next round finds the file rested.
    if (facts?.sizeBytes !== sizeBytes || facts.modifiedMs !== shard.modifiedMs) return this.#fs.unlink(temporary);
    this.#fs.rename(temporary, target);
    this.#fs.unlink(path);
    this.#compressed.push(target);
  }

  /** A log that its writer left behind gets the name of a closed one, so that it is never half one and half the other. */
  #giveDay(shard: Shard): string {
    const nameOf = (part: number) => this.#closedPath(shard, part);
    let part = shard.name.part;
    while (this.#fs.stat(nameOf(part)) !== undefined || this.#fs.stat(`${nameOf(part)}.gz`) !== undefined) part++;
    this.#fs.rename(shard.path, nameOf(part));
    return nameOf(part);
  }

  /** The name of the compressed file: the wanted one, or the next part that is free (days come back when a clock steps back). */
  #freeTarget(shard: Shard, wanted: string): string {
    let target = wanted;
    for (let part = shard.name.part + 1; this.#fs.stat(target) !== undefined; part++)
      target = `${this.#closedPath(shard, part)}.gz`;
    return target;
  }

  #closedPath(shard: Shard, part: number): string {
    const { stem, writer } = shard.name;
    return join(shard.folder, closedName(stem as ShardStem, writer, dayOf(shard), part));
  }

  /** The oldest of the least important first, until what is left is within the bound. Files in use count, and stay. */
  async #removeSurplus(): Promise<void> {
    const shards = this.#shards();
    this.#totalBytes = shards.reduce((total, shard) => total + shard.sizeBytes, 0);
    for (const shard of this.#closedByWorth(shards)) {
      if (this.#totalBytes <= this.#options.maxBytes || this.#signal.aborted) return;
      await this.#declareAndRemove(shard);
    }
  }

  #closedByWorth(shards: readonly Shard[]): Shard[] {
    const nowMs = Date.now();
    return shards.filter((shard) => isClosed(shard, this.#today, nowMs)).sort(byWorth);
  }

  async #declareAndRemove(shard: Shard): Promise<void> {
    const { dir, nowMicros } = this.#options;
    const spans = shard.name.stem === "metrics" ? new Map() : await readSpans(shard.path);
    const declare = () => declareRemoval(this.#fs, dir, shard, spans, nowMicros);
    try {
      declare();
      this.#removeCounted(shard);
    } catch (error) {
      if (errorCodeOf(error) !== "ENOSPC")
        return this.problem(`journal: cannot declare the removal of ${shard.path}`, error);
      // Removing is what makes room on a full disk, also for the declaration.
      this.#removeCounted(shard);
      this.#try("cannot declare the removal of", shard.path, declare);
    }
  }

  #removeCounted(shard: Shard): void {
    if (this.#remove(shard)) this.#totalBytes -= shard.sizeBytes;
  }

  #remove(shard: Shard): boolean {
    const isRemoved = this.#try("cannot remove", shard.path, (path) => this.#fs.unlink(path));
    if (isRemoved) this.#removed.push(shard.path);
    return isRemoved;
  }

  #shards(): Shard[] {
    return listShards(this.#fs, this.#options.dir);
  }

  #try(what: string, path: string, work: (path: string) => void): boolean {
    try {
      work(path);
      return true;
    } catch (error) {
      this.problem(`journal: ${what} ${path}`, error);
      return false;
    }
  }
}
