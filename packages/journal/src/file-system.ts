// The few calls a journal makes to the operating system, as an interface: tests put faults between the two.
import fs from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { errorCodeOf } from "./errors.ts";

/** What lies at a path; links are not followed. */
export interface FileFacts {
  /** `other` is a link, a fifo, a socket or a device: nothing a journal writes into. */
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
  /** Wall-clock milliseconds since 1970. */
  readonly modifiedMs: number;
  /** The same for two paths only when they are the same file. */
  readonly fileId: string;
}

/** The calls of a journal to the operating system. They throw what the system says (`code: "ENOSPC"`) unless said otherwise. */
export interface JournalFileSystem {
  /**
   * Opens a file. Refuses links (`ELOOP`) and never waits for the other end of a fifo. `append` opens for appending and reading
   * and makes a missing file, with mode 0600; `create` also demands that it is missing (`EEXIST`); `read` makes none (`ENOENT`).
   */
  open(path: string, mode: "append" | "create" | "read"): number;
  /** Writes; may take fewer bytes than given. Returns how many. Waits for the page cache, not for the disk. */
  write(fd: number, bytes: Uint8Array, from: number, count: number): number;
  /** Reads up to `count` bytes at `position`; returns how many. */
  read(fd: number, bytes: Uint8Array, count: number, position: number): number;
  /** Cuts an open file off at `sizeBytes`. */
  truncate(fd: number, sizeBytes: number): void;
  close(fd: number): void;
  /** Puts the content on the medium, without waiting in this thread. */
  fsync(fd: number, done: (error: Error | null) => void): void;
  /** Makes a folder and its parents, mode 0700; an existing folder is fine. */
  mkdir(path: string): void;
  /** Undefined when nothing is there. */
  stat(path: string): FileFacts | undefined;
  fstat(fd: number): FileFacts;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Removes an empty folder. */
  rmdir(path: string): void;
  /** The names in a folder; empty when it is not there. */
  readdir(path: string): string[];
  /** Moves the time of modification to now. */
  touch(path: string): void;
  /** Compresses `from` into the new file `to` (gzip, mode 0600) and puts it on the medium, beside the thread of the program. */
  compress(from: string, to: string, signal: AbortSignal): Promise<void>;
}

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;
// Windows has neither; there, links need privileges and fifos live elsewhere.
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = fs.constants.O_NONBLOCK ?? 0;
const READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const APPEND_FLAGS = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
const OPEN_FLAGS = { read: READ_FLAGS, append: APPEND_FLAGS, create: APPEND_FLAGS | O_EXCL };
/** Fast over small: a day of JSON shrinks to a tenth at this level already, and the machine is trading. */
const GZIP_LEVEL = 3;

/** The file system of this machine. */
export const nodeFileSystem: JournalFileSystem = {
  open: (path, mode) => fs.openSync(path, OPEN_FLAGS[mode], 0o600),
  write: (fd, bytes, from, count) => fs.writeSync(fd, bytes, from, count),
  read: (fd, bytes, count, position) => fs.readSync(fd, bytes, 0, count, position),
  truncate: (fd, sizeBytes) => fs.ftruncateSync(fd, sizeBytes),
  close: (fd) => fs.closeSync(fd),
  fsync: (fd, done) => fs.fdatasync(fd, done),
  mkdir: makeFolder,
  stat: (path) => toFacts(fs.lstatSync(path, { throwIfNoEntry: false })),
  fstat: (fd) => toFacts(fs.fstatSync(fd)),
  rename: (from, to) => fs.renameSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  rmdir: (path) => fs.rmdirSync(path),
  readdir: (path) => {
    try {
      return fs.readdirSync(path);
    } catch (error) {
      if (errorCodeOf(error) === "ENOENT") return [];
      throw error;
    }
  },
  touch: (path) => {
    const now = new Date();
    fs.utimesSync(path, now, now);
  },
  async compress(from, to, signal) {
    const target = fs.createWriteStream(to, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(fs.createReadStream(from), createGzip({ level: GZIP_LEVEL }), target, { signal });
  },
};

/** Not `recursive: true`: Node 24 never returns where a parent can neither be made nor found (`/proc/x/y`, a removed cwd). */
function makeFolder(path: string): void {
  if (tryMakeFolder(path, dirname(path) !== path)) return;
  makeFolder(dirname(path));
  tryMakeFolder(path, false);
}

/** False when the parent is missing and that is expected. Another process may make the same folder at the same time. */
function tryMakeFolder(path: string, mayLackParent: boolean): boolean {
  try {
    fs.mkdirSync(path, 0o700);
  } catch (error) {
    if (mayLackParent && errorCodeOf(error) === "ENOENT") return false;
    if (!fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
  return true;
}

function toFacts(stats: fs.Stats): FileFacts;
function toFacts(stats: fs.Stats | undefined): FileFacts | undefined;
function toFacts(stats: fs.Stats | undefined): FileFacts | undefined {
  if (stats === undefined) return undefined;
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other",
    sizeBytes: stats.size,
    modifiedMs: stats.mtimeMs,
    fileId: `${stats.dev}:${stats.ino}`,
  };
}
