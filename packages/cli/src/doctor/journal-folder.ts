// Looks at the folder of a journal: can it be written, how much room is there, how much does the journal hold. Leaves it as it was.
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { lstat, readdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Why a folder cannot be used. */
export interface FolderProblem {
  readonly path: string;
  /** What the system says (`EACCES`), or `NOT_A_FOLDER`. */
  readonly code: string;
}

/** What was found. */
export interface JournalFolder {
  /** False when the service would make it. */
  readonly isThere: boolean;
  readonly problem: FolderProblem | undefined;
  /** Bytes that may still be written there; undefined when the system does not say. */
  readonly freeBytes: number | undefined;
  /** Bytes of the journal's files. */
  readonly usedBytes: number;
}

/** So much is written on trial: a disk that is full to the last block refuses it. */
const TRIAL_BYTES = 4_096;
/** Files beyond this many are not added up. */
const MOST_FILES = 50_000;
/** What a journal writes into, as far as it is there already. */
const WRITTEN_INTO = [["data"], ["data", "events"], ["logs"], ["logs", "telemetry.jsonl"], ["logs", "metrics.jsonl"]];

/** Looks at the folder `dir`, an absolute path. Makes one small file in it, or one folder in the next one above, and removes it at once. */
export async function inspectJournalFolder(dir: string): Promise<JournalFolder> {
  const kind = kindOf(dir);
  const isThere = kind !== "nothing";
  const place = isThere ? dir : nearestAbove(dir);
  const problem = isThere ? findProblem(dir) : tryOut(place, (path) => mkdirSync(path));
  return {
    isThere,
    problem,
    freeBytes: await freeBytesOf(place),
    usedBytes: kind === "folder" ? await sizeOf(dir) : 0,
  };
}

function findProblem(dir: string): FolderProblem | undefined {
  const parts = [dir, ...WRITTEN_INTO.map((names) => join(dir, ...names))];
  for (const path of parts) {
    const isFile = path.endsWith(".jsonl");
    const kind = kindOf(path);
    if (kind === "nothing") continue;
    if (kind === "file" && !isFile) return { path, code: "NOT_A_FOLDER" };
    const problem = cannotWrite(path, isFile);
    if (problem !== undefined) return problem;
  }
  return tryOut(dir, (path) => writeFileSync(path, Buffer.alloc(TRIAL_BYTES), { flag: "wx", mode: 0o600 }));
}

/** What permissions say is not all: a full disk, a quota and a read-only mount show when something is made. */
function tryOut(dir: string, make: (path: string) => void): FolderProblem | undefined {
  const path = join(dir, `.tracebook-doctor-${randomBytes(6).toString("hex")}`);
  try {
    make(path);
    return undefined;
  } catch (error) {
    return { path: dir, code: codeOf(error) };
  } finally {
    try {
      rmSync(path, { force: true, recursive: true });
    } catch {
      // A folder that can be written into and not removed from: the service does not mind.
    }
  }
}

function cannotWrite(path: string, isFile: boolean): FolderProblem | undefined {
  try {
    accessSync(path, isFile ? constants.W_OK : constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return { path, code: codeOf(error) };
  }
}

/** `hidden`: the system does not let us look. */
function kindOf(path: string): "nothing" | "folder" | "file" | "hidden" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return "nothing";
    return code === "ENOTDIR" ? "file" : "hidden";
  }
}

/** The folder that is there and in which the missing ones would be made. */
function nearestAbove(dir: string): string {
  let above = dirname(dir);
  while (kindOf(above) === "nothing" && dirname(above) !== above) above = dirname(above);
  return above;
}

async function freeBytesOf(dir: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** The bytes of all files below `data/events` and `logs`; links are not followed, what cannot be read counts nothing. */
async function sizeOf(dir: string): Promise<number> {
  let bytes = 0;
  let files = 0;
  const folders = [join(dir, "data", "events"), join(dir, "logs")];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (++files > MOST_FILES) return bytes;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile())
        bytes += await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
    }
  }
  return bytes;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}
