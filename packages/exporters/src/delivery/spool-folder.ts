// The folder of one process's spool: made when it is needed, marked as owned, and the names of the files in it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { removeEmptyFolder } from "./spool-adoption.ts";
import { epochMsOfSpoolName, formatSpoolName, type SpoolLaneName } from "./spool-name.ts";
import { beatFolder, claimFolder, releaseFolder } from "./spool-owner.ts";

/** Where in a lane a file belongs: behind all others, or before the file with this path. */
export type SpoolFilePlace = "back" | { readonly before: string | undefined };

/** A folder in that of all spools of a service. */
export class SpoolFolder {
  readonly path: string;
  readonly #token = crypto.randomUUID().slice(0, 8);
  #isMade = false;
  #counter = 0;
  #lastEpochMs = 0;

  constructor(dir: string) {
    this.path = join(dir, `${process.pid}-${this.#token}`);
  }

  /** Throws the system's error. */
  make(): void {
    if (this.#isMade) return;
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    claimFolder(this.path);
    this.#isMade = true;
  }

  /** Tells others that the owner lives; false when somebody has removed the folder: the next file makes it anew. */
  beat(): boolean {
    if (!this.#isMade || beatFolder(this.path)) return true;
    this.#isMade = false;
    return false;
  }

  /** Somebody has removed it. */
  lost(): void {
    this.#isMade = false;
  }

  /** Leaves it to whoever comes next, be it in this process, or removes it when nothing `waits` in it. Never rejects. */
  async leave(waits: boolean): Promise<void> {
    if (!this.#isMade) return;
    if (!waits) return removeEmptyFolder(this.path);
    try {
      releaseFolder(this.path);
    } catch {
      // Then it is theirs when this process is gone.
    }
  }

  /** A path for a file whose first request was accepted then. Names have the order of files: the wall clock may step back. */
  pathFor(lane: SpoolLaneName, bornEpochMs: number, place: SpoolFilePlace = "back"): string {
    let epochMs = Math.max(this.#lastEpochMs, bornEpochMs);
    if (place === "back") this.#lastEpochMs = epochMs;
    else if (place.before !== undefined) epochMs = epochMsOfSpoolName(place.before) - 1;
    return this.#path(lane, epochMs);
  }

  /** Another path for a file that has a name, of the same age. */
  pathLike(lane: SpoolLaneName, path: string): string {
    return this.#path(lane, epochMsOfSpoolName(path));
  }

  /** What comes from now on is newer than this file, whatever the wall clock has done in the meantime. */
  goOnAfter(path: string): void {
    this.#lastEpochMs = Math.max(this.#lastEpochMs, epochMsOfSpoolName(path) + 1);
  }

  #path(lane: SpoolLaneName, epochMs: number): string {
    return join(this.path, formatSpoolName(lane, epochMs, this.#counter++, this.#token));
  }
}
