// One growing file of a journal: opened, checked, rolled over and opened again after trouble, without a word to the caller.
import { join } from "node:path";
import { errorCodeOf } from "./errors.ts";
import { closedName, dayOfTimestamp, shardFolder } from "./journal-layout.ts";
import { type OpenShard, ShardOpener, type ShardOpenerOptions } from "./shard-opener.ts";
import { SyncedDescriptor } from "./synced-descriptor.ts";

/** What a file needs to know of its journal. */
export interface ShardFileOptions extends ShardOpenerOptions {
  readonly nowMs: () => number;
  /** A file of this size is closed and a new one begun. */
  readonly maxPartBytes: number;
  readonly fsync: boolean;
  /** The file cannot be written, with a line that says so; told once, until it is written again. */
  readonly onFailure: (line: string) => void;
  /** The file that could not be written is written again. */
  readonly onRecovery: (line: string) => void;
  /** A file was closed and will not be written again. */
  readonly onPartClosed: () => void;
}

const CHECK_EVERY_MS = 1_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
const NOTHING = new Uint8Array(0);
const NEWLINE = 10;

/** Appends whole lines. Never throws: what could not be written is seen from the count that `append` returns. */
export class ShardFile {
  readonly #options: ShardFileOptions;
  readonly #descriptor: SyncedDescriptor;
  readonly #opener: ShardOpener;
  #shard: OpenShard | undefined;
  #day = "";
  #sizeBytes = 0;
  #rollAtBytes: number;
  #checkedMs = 0;
  #failures = 0;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #lastPart = 0;
  /** The last error, as `ENOSPC: ...`; stays after recovery. */
  lastError: string | undefined;

  constructor(options: ShardFileOptions) {
    this.#options = options;
    this.#opener = new ShardOpener(options);
    this.#rollAtBytes = options.maxPartBytes;
    this.#descriptor = new SyncedDescriptor(options.fs, options.fsync, (error, isOpen) =>
      this.#failSync(error, isOpen),
    );
  }

  /** The file that is open; empty when none is. */
  get path(): string {
    return this.#shard?.path ?? "";
  }

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** False while a failed file waits for its next try. */
  isReady(): boolean {
    return this.#failures === 0 || this.#options.nowMs() >= this.#retryAtMs;
  }

  /** Lets the next append try at once. */
  retryNow(): void {
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Appends `length` bytes of whole lines to the file of `day` (`YYYYMMDD`). Returns how many bytes were taken: fewer only on a
   * failure, and whole lines then. Where the rest of a line cannot be taken back it is closed by a newline when the file is opened
   * again; the count may then end within a line: write it anew, whole.
   */
  append(bytes: Uint8Array, length: number, day: string): number {
    let written = 0;
    try {
      this.#prepare(day);
      while (written < length) {
        const count = this.#options.fs.write(this.#descriptor.fd, bytes, written, length - written);
        if (count <= 0) throw new Error("nothing was written");
        written += count;
        this.#sizeBytes += count;
      }
      this.#descriptor.isDirty = true;
      this.#recover();
    } catch (error) {
      written = this.#takeBack(bytes, written, error);
      this.#fail(error);
    }
    return written;
  }

  /** Opens the file of `day` ahead of the first line. Never throws. */
  open(day: string): void {
    this.append(NOTHING, 0, day);
  }

  /** Starts putting what was written on the medium; does nothing unless the journal was told to. */
  sync(): void {
    this.#descriptor.sync();
  }

  close(): Promise<void> {
    this.#shard = undefined;
    return this.#descriptor.close();
  }

  /** A disk that is full took the beginning of a line: off it comes, so that no torn line stays. Returns how many bytes stay. */
  #takeBack(bytes: Uint8Array, written: number, error: unknown): number {
    const whole = written === 0 ? 0 : bytes.lastIndexOf(NEWLINE, written - 1) + 1;
    // After an error of the medium the file is left as it is.
    if (whole === written || errorCodeOf(error) === "EIO") return written;
    const { fs } = this.#options;
    const { fd } = this.#descriptor;
    try {
      // Only what is ours to take: nobody else writes here, but whoever did must not lose a byte by us.
      if (fs.fstat(fd).sizeBytes !== this.#sizeBytes) return written;
      fs.truncate(fd, this.#sizeBytes - (written - whole));
      return whole;
    } catch {
      return written;
    }
  }

  #prepare(day: string): void {
    if (this.#shard !== undefined && day !== this.#day) this.#changeDay(this.#shard, day);
    if (this.#shard !== undefined && this.#sizeBytes >= this.#rollAtBytes) this.#roll(this.#shard, this.#day, 1);
    if (this.#shard !== undefined) this.#check(this.#shard);
    if (this.#shard === undefined) this.#open(day);
  }

  #changeDay(shard: OpenShard, day: string): void {
    const before = this.#day;
    if (this.#options.stem === "events") {
      void this.close();
      this.#opener.forget();
      this.#lastPart = 0;
      this.#options.onPartClosed();
    } else if (day > before) {
      // A wall clock that stepped back over midnight does not bring a closed log back.
      this.#day = day;
      this.#lastPart = 0;
      this.#roll(shard, before, 0);
    }
  }

  /** Closes the file under a name that says so. When that fails the file simply grows on: a large file is better than none. */
  #roll({ path, owner }: OpenShard, day: string, firstPart: number): void {
    const { fs, stem, dir, onPartClosed, onProblem, maxPartBytes } = this.#options;
    const folder = shardFolder(dir, stem, day);
    try {
      let part = Math.max(firstPart, this.#lastPart);
      let target = join(folder, closedName(stem, owner, day, part));
      while (fs.stat(target) !== undefined || fs.stat(`${target}.gz`) !== undefined)
        target = join(folder, closedName(stem, owner, day, ++part));
      fs.rename(path, target);
      this.#lastPart = part;
      void this.close();
      onPartClosed();
    } catch (error) {
      if (this.#rollAtBytes === maxPartBytes)
        onProblem(`journal: cannot close ${path} under another name (${errorCodeOf(error)}), it grows on`);
      this.#rollAtBytes = this.#sizeBytes + maxPartBytes;
    }
  }

  /** Once a second: is the file at our path still the one that is open? Whoever rotates logs moves it away. */
  #check({ path, fileId }: OpenShard): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#checkedMs < CHECK_EVERY_MS) return;
    this.#checkedMs = nowMs;
    if (this.#options.fs.stat(path)?.fileId === fileId) return;
    this.#options.onProblem(`journal: ${path} was moved or removed, going on in a new file`);
    void this.close();
  }

  #open(day: string): void {
    const shard = this.#opener.open(day);
    this.#shard = shard;
    this.#descriptor.open(shard.fd);
    this.#day = day;
    this.#sizeBytes = shard.sizeBytes;
    this.#rollAtBytes = this.#options.maxPartBytes;
    this.#checkedMs = this.#options.nowMs();
    if (this.#options.stem === "events") return;
    const firstDay = this.#firstDay(shard);
    if (firstDay === "" || firstDay >= day) return;
    // A log of an earlier day that its writer left behind.
    this.#lastPart = 0;
    this.#roll(shard, firstDay, 0);
    this.#prepare(day);
  }

  /** The day of the first line; empty when there is none. */
  #firstDay({ fd }: OpenShard): string {
    const head = Buffer.alloc(512);
    const text = head.toString("latin1", 0, this.#options.fs.read(fd, head, head.length, 0));
    const timestamp = /"timestamp":"(\d{4}-\d\d-\d\d)T/.exec(text)?.[1];
    return timestamp === undefined ? "" : dayOfTimestamp(timestamp);
  }

  #fail(error: unknown): void {
    const { nowMs, onFailure } = this.#options;
    const code = errorCodeOf(error);
    const path = this.#opener.lastPath;
    this.lastError = `${code}: ${path}`;
    if (this.#failures === 0) {
      onFailure(`journal: cannot write to ${path} (${code}), records wait in memory until it can`);
      if (code === "EIO") this.#opener.avoidLast();
    }
    void this.close();
    this.#retryAtMs = nowMs() + Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures++;
  }

  /** A sync that failed once may report success the next time with the data lost: never ask the same file again. */
  #failSync(error: unknown, isOpen: boolean): void {
    const code = errorCodeOf(error);
    const path = this.#opener.lastPath;
    this.lastError = `${code}: ${path}`;
    this.#options.onProblem(`journal: the last second of ${path} may not survive a power loss (fsync: ${code})`);
    if (!isOpen) return;
    this.#opener.avoidLast();
    this.#descriptor.isDirty = false;
    void this.close();
  }

  #recover(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#options.onRecovery(`journal: writing again, to ${this.#opener.lastPath}`);
  }
}
