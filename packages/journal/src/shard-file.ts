// One growing file of a journal: opened, checked, rolled over and opened again after trouble, without a word to the caller.
import { join } from "node:path";
import { errorCodeOf } from "./errors.ts";
import type { JournalFileSystem } from "./file-system.ts";
import { closedName, dayOfTimestamp, liveName, type ShardStem, shardFolder } from "./journal-layout.ts";
import { SyncedDescriptor } from "./synced-descriptor.ts";

/** What a file needs to know of its journal. */
export interface ShardFileOptions {
  readonly fs: JournalFileSystem;
  readonly dir: string;
  readonly stem: ShardStem;
  /** The writer's part of the name; asked at every opening. May throw. */
  readonly writer: () => string;
  /** The name to use where the writer's is blocked by something that is no file. */
  readonly fallbackWriter: string;
  readonly nowMs: () => number;
  /** A file of this size is closed and a new one begun. */
  readonly maxPartBytes: number;
  readonly fsync: boolean;
  readonly onProblem: (line: string) => void;
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
const NEWLINE = new Uint8Array([10]);
/** Errors that say: something else lies where the file should be. */
const BLOCKED = new Set(["ELOOP", "EISDIR", "ENXIO", "EMLINK"]);

/** Appends whole lines. Never throws: what could not be written is seen from the count that `append` returns. */
export class ShardFile {
  readonly #options: ShardFileOptions;
  readonly #descriptor: SyncedDescriptor;
  #path = "";
  /** The writer's part of the name of the open file. */
  #owner = "";
  #day = "";
  #sizeBytes = 0;
  #rollAtBytes: number;
  #fileId = "";
  #checkedMs = 0;
  #failures = 0;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  /** Above 0 the file has a name of its own: the usual one is blocked, or its medium failed and cannot be trusted. */
  #generation = 0;
  #createdPath = "";
  #lastPart = 0;
  /** The last error, as `ENOSPC: ...`; stays after recovery. */
  lastError: string | undefined;

  constructor(options: ShardFileOptions) {
    this.#options = options;
    this.#rollAtBytes = options.maxPartBytes;
    this.#descriptor = new SyncedDescriptor(options.fs, options.fsync, (error, isOpen) =>
      this.#failSync(error, isOpen),
    );
  }

  /** The file that is open; empty when none is. */
  get path(): string {
    return this.#descriptor.isOpen ? this.#path : "";
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
   * failure. A line that was cut is closed by a newline when the file is opened again; write it anew, whole.
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
      this.#fail(error);
    }
    return written;
  }

  /** Opens the file of `day` ahead of the first line. Never throws. */
  open(day: string): void {
    this.append(NEWLINE, 0, day);
  }

  /** Starts putting what was written on the medium; does nothing unless the journal was told to. */
  sync(): void {
    this.#descriptor.sync();
  }

  close(): Promise<void> {
    return this.#descriptor.close();
  }

  #prepare(day: string): void {
    if (this.#descriptor.isOpen && day !== this.#day) this.#changeDay(day);
    if (this.#descriptor.isOpen && this.#sizeBytes >= this.#rollAtBytes) this.#roll(this.#day, 1);
    if (this.#descriptor.isOpen) this.#check();
    if (!this.#descriptor.isOpen) this.#open(day);
  }

  #changeDay(day: string): void {
    const before = this.#day;
    if (this.#options.stem === "events") {
      void this.#descriptor.close();
      this.#generation = 0;
      this.#lastPart = 0;
      this.#options.onPartClosed();
    } else if (day > before) {
      // A wall clock that stepped back over midnight does not bring a closed log back.
      this.#day = day;
      this.#lastPart = 0;
      this.#roll(before, 0);
    }
  }

  /** Closes the file under a name that says so. When that fails the file simply grows on: a large file is better than none. */
  #roll(day: string, firstPart: number): void {
    const { fs, stem, dir, onPartClosed, onProblem, maxPartBytes } = this.#options;
    const folder = shardFolder(dir, stem, day);
    try {
      let part = Math.max(firstPart, this.#lastPart);
      let target = join(folder, closedName(stem, this.#owner, day, part));
      while (fs.stat(target) !== undefined || fs.stat(`${target}.gz`) !== undefined)
        target = join(folder, closedName(stem, this.#owner, day, ++part));
      fs.rename(this.#path, target);
      this.#lastPart = part;
      void this.#descriptor.close();
      onPartClosed();
    } catch (error) {
      if (this.#rollAtBytes === maxPartBytes)
        onProblem(`journal: cannot close ${this.#path} under another name (${errorCodeOf(error)}), it grows on`);
      this.#rollAtBytes = this.#sizeBytes + maxPartBytes;
    }
  }

  /** Once a second: is the file at our path still the one that is open? Whoever rotates logs moves it away. */
  #check(): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#checkedMs < CHECK_EVERY_MS) return;
    this.#checkedMs = nowMs;
    if (this.#options.fs.stat(this.#path)?.fileId === this.#fileId) return;
    this.#options.onProblem(`journal: ${this.#path} was moved or removed, going on in a new file`);
    void this.#descriptor.close();
  }

  #open(day: string): void {
    const { fs, dir, stem, writer, fallbackWriter } = this.#options;
    const folder = shardFolder(dir, stem, day);
    fs.mkdir(folder);
    if (fs.stat(folder)?.kind !== "folder")
      throw Object.assign(new Error(`${folder} is not a folder`), { code: "ENOTDIR" });
    const name = writer();
    let fd: number | undefined;
    while (fd === undefined) {
      this.#owner = this.#generation === 0 ? name : `${name || fallbackWriter}.r${this.#generation}`;
      this.#path = join(folder, liveName(stem, this.#owner));
      fd = this.#tryOpen();
      if (fd === undefined) this.#generation++;
    }
    this.#descriptor.open(fd);
    this.#day = day;
    this.#rollAtBytes = this.#options.maxPartBytes;
    this.#checkedMs = this.#options.nowMs();
    if (this.#adopt(fd, day)) this.#open(day);
  }

  /** Undefined when the name is taken by something that cannot be ours. */
  #tryOpen(): number | undefined {
    const { fs, onProblem } = this.#options;
    const isOurs = this.#generation === 0 || this.#path === this.#createdPath;
    let fd: number;
    try {
      fd = fs.open(this.#path, isOurs ? "append" : "create");
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === "EEXIST" && !isOurs) return undefined;
      const isBlocked = BLOCKED.has(code) || (code === "EACCES" && fs.stat(this.#path) !== undefined);
      if (!isBlocked || !isOurs) throw error;
      onProblem(`journal: ${this.#path} is not a file that can be written (${code}), taking a name of its own`);
      return undefined;
    }
    if (this.#isRegular(fd)) {
      if (!isOurs) this.#createdPath = this.#path;
      return fd;
    }
    fs.close(fd);
    onProblem(`journal: ${this.#path} is not a regular file, taking a name of its own`);
    return undefined;
  }

  #isRegular(fd: number): boolean {
    const { fs } = this.#options;
    try {
      const { kind, fileId, sizeBytes } = fs.fstat(fd);
      this.#fileId = fileId;
      this.#sizeBytes = sizeBytes;
      return kind === "file";
    } catch (error) {
      fs.close(fd);
      throw error;
    }
  }

  /** Takes over what an earlier writer left: closes a torn line, and moves a log of an earlier day away (then returns true). */
  #adopt(fd: number, day: string): boolean {
    if (this.#sizeBytes === 0) return false;
    const { fs, stem } = this.#options;
    const head = Buffer.alloc(512);
    if (fs.read(fd, head, 1, this.#sizeBytes - 1) === 1 && head[0] !== 10) {
      if (fs.write(fd, NEWLINE, 0, 1) !== 1) throw new Error("nothing was written");
      this.#sizeBytes++;
    }
    if (stem === "events") return false;
    const text = head.toString("latin1", 0, fs.read(fd, head, head.length, 0));
    const timestamp = /"timestamp":"(\d{4}-\d\d-\d\d)T/.exec(text)?.[1];
    const firstDay = timestamp === undefined ? day : dayOfTimestamp(timestamp);
    if (firstDay >= day) return false;
    this.#lastPart = 0;
    this.#roll(firstDay, 0);
    return !this.#descriptor.isOpen;
  }

  #fail(error: unknown): void {
    const { nowMs, onFailure, dir } = this.#options;
    const code = errorCodeOf(error);
    const path = this.#path || dir;
    this.lastError = `${code}: ${path}`;
    if (this.#failures === 0) {
      onFailure(`journal: cannot write to ${path} (${code}), records wait in memory until it can`);
      // After an error of the medium nothing more goes into that file: what it holds is in doubt.
      if (code === "EIO") this.#generation++;
    }
    void this.#descriptor.close();
    this.#retryAtMs = nowMs() + Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures++;
  }

  /** A sync that failed once may report success the next time with the data lost: never ask the same file again. */
  #failSync(error: unknown, isOpen: boolean): void {
    const code = errorCodeOf(error);
    this.lastError = `${code}: ${this.#path}`;
    this.#options.onProblem(`journal: the last second of ${this.#path} may not survive a power loss (fsync: ${code})`);
    if (!isOpen) return;
    this.#generation++;
    this.#descriptor.isDirty = false;
    void this.#descriptor.close();
  }

  #recover(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#options.onRecovery(`journal: writing again, to ${this.#path}`);
  }
}
