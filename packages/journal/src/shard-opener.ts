// Opens the live file of a writer: the usual name, or one of its own where that is blocked or no longer to be trusted.
import { join } from "node:path";
import { errorCodeOf } from "./errors.ts";
import type { FileFacts, JournalFileSystem } from "./file-system.ts";
import { liveName, type ShardStem, shardFolder } from "./journal-layout.ts";

/** What an opener needs to know. */
export interface ShardOpenerOptions {
  readonly fs: JournalFileSystem;
  readonly dir: string;
  readonly stem: ShardStem;
  /** The writer's part of the name; asked at every opening. May throw. */
  readonly writer: () => string;
  /** The name to use where the writer's is blocked by something that is no file. */
  readonly fallbackWriter: string;
  readonly onProblem: (line: string) => void;
}

/** A file that is open for appending. */
export interface OpenShard {
  readonly fd: number;
  readonly path: string;
  /** The writer's part of its name. */
  readonly owner: string;
  readonly fileId: string;
  readonly sizeBytes: number;
}

const NEWLINE = new Uint8Array([10]);
/** Errors that say: something else lies where the file should be. */
const BLOCKED = new Set(["ELOOP", "EISDIR", "ENXIO", "EMLINK"]);

/** Finds names and opens them. */
export class ShardOpener {
  readonly #options: ShardOpenerOptions;
  /** Above 0 the file has a name of its own. */
  #generation = 0;
  #createdPath = "";
  /** The path that was tried last, for messages. */
  lastPath: string;

  constructor(options: ShardOpenerOptions) {
    this.#options = options;
    this.lastPath = options.dir;
  }

  /** The medium of the last file failed: what it holds is in doubt, and nothing more goes into it. */
  avoidLast(): void {
    this.#generation++;
  }

  /** A new folder: the usual name is worth a try again. */
  forget(): void {
    this.#generation = 0;
  }

  /** Opens the file of a day for appending, its last line whole. Throws what the file system says. */
  open(day: string): OpenShard {
    const { fs, dir, stem, writer, fallbackWriter } = this.#options;
    const folder = shardFolder(dir, stem, day);
    fs.mkdir(folder);
    if (fs.stat(folder)?.kind !== "folder")
      throw Object.assign(new Error(`${folder} is not a folder`), { code: "ENOTDIR" });
    const name = writer();
    for (;;) {
      const owner = this.#generation === 0 ? name : `${name || fallbackWriter}.r${this.#generation}`;
      const path = join(folder, liveName(stem, owner));
      this.lastPath = path;
      const opened = this.#tryOpen(path);
      if (opened !== undefined) return { ...opened, path, owner };
      this.#generation++;
    }
  }

  /** Undefined when the name is taken by something that cannot be ours. */
  #tryOpen(path: string): Omit<OpenShard, "path" | "owner"> | undefined {
    const { fs, onProblem } = this.#options;
    const isOurs = this.#generation === 0 || path === this.#createdPath;
    let fd: number;
    try {
      fd = fs.open(path, isOurs ? "append" : "create");
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === "EEXIST" && !isOurs) return undefined;
      const isBlocked = BLOCKED.has(code) || (code === "EACCES" && fs.stat(path) !== undefined);
      if (!isBlocked || !isOurs) throw error;
      onProblem(`journal: ${path} is not a file that can be written (${code}), taking a name of its own`);
      return undefined;
    }
    const facts = this.#examine(fd);
    if (facts.kind === "file") {
      if (!isOurs) this.#createdPath = path;
      return { fd, fileId: facts.fileId, sizeBytes: facts.sizeBytes };
    }
    fs.close(fd);
    onProblem(`journal: ${path} is not a regular file, taking a name of its own`);
    return undefined;
  }

  /** What was opened; a line that an earlier writer did not end is ended. Nothing stays open when that fails. */
  #examine(fd: number): FileFacts {
    const { fs } = this.#options;
    try {
      const facts = fs.fstat(fd);
      if (facts.kind !== "file" || facts.sizeBytes === 0) return facts;
      const last = new Uint8Array(1);
      if (fs.read(fd, last, 1, facts.sizeBytes - 1) !== 1 || last[0] === NEWLINE[0]) return facts;
      if (fs.write(fd, NEWLINE, 0, 1) !== 1) throw new Error("nothing was written");
      return { ...facts, sizeBytes: facts.sizeBytes + 1 };
    } catch (error) {
      fs.close(fd);
      throw error;
    }
  }
}
