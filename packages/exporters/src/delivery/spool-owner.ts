// Whose a folder of a spool is: what a process that is gone has left behind belongs to whoever finds it first.
import { lstatSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

const OWNER_FILE = "owner.json";
/** How often an owner says that it lives. */
export const OWNER_BEAT_MS = 10_000;
/** An owner that cannot be looked at (another machine, another container) is gone when it was silent for this long. */
const SILENCE_MS = 120_000;
/** No owner writes more about itself. */
const MAX_OWNER_BYTES = 4_096;

/** A process, named so that no other process bears the same name: ids are used again, in containers even as a rule. */
interface Owner {
  /** 0: nobody any more. */
  readonly pid: number;
  /** When the process started, in ticks since the machine's start; empty where the system does not say. */
  readonly start: string;
  /** Machine, its start, and the namespace that `pid` counts in. */
  readonly place: string;
}

/** Writes down that this process owns the folder. Throws the system's error. */
export function claimFolder(folder: string): void {
  writeOwner(folder, { pid: process.pid, start: startOf(process.pid) ?? "", place: here() });
}

/** Writes down that the folder is for whoever comes. Throws the system's error. */
export function releaseFolder(folder: string): void {
  writeOwner(folder, { pid: 0, start: "", place: here() });
}

/** Says that the owner lives; false when the folder is gone. */
export function beatFolder(folder: string): boolean {
  const now = new Date();
  try {
    utimesSync(join(folder, OWNER_FILE), now, now);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/** The owner's file of a folder. */
export function ownerFileOf(folder: string): string {
  return join(folder, OWNER_FILE);
}

/** True when nobody writes into the folder any more. A folder of this process, whichever part of it has it, is not abandoned. */
export function isFolderAbandoned(folder: string, nowEpochMs: number): boolean {
  const silentMs = nowEpochMs - (modifiedMs(join(folder, OWNER_FILE)) ?? modifiedMs(folder) ?? nowEpochMs);
  const owner = readOwner(folder);
  if (owner?.pid === 0) return true;
  const alive = owner && isAlive(owner);
  // No owner, or one that cannot be read: a folder that is being made, or left half made.
  return alive === undefined ? silentMs > SILENCE_MS : !alive;
}

function writeOwner(folder: string, owner: Owner): void {
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
}

function readOwner(folder: string): Owner | undefined {
  const path = join(folder, OWNER_FILE);
  try {
    // Whoever reads a fifo waits for ever.
    const facts = lstatSync(path);
    if (!facts.isFile() || facts.size > MAX_OWNER_BYTES) return undefined;
    const { pid, start, place } = JSON.parse(readFileSync(path, "utf8")) as Partial<Owner>;
    if (!Number.isSafeInteger(pid) || typeof start !== "string" || typeof place !== "string") return undefined;
    return { pid: pid as number, start, place };
  } catch {
    return undefined;
  }
}

/** Undefined when nobody here can tell. */
function isAlive({ pid, start, place }: Owner): boolean | undefined {
  if (place !== here() || pid < 0) return undefined;
  const found = startOf(pid);
  if (found !== undefined && start !== "") return found === start;
  try {
    process.kill(pid, 0);
    return pid === process.pid ? undefined : true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function here(): string {
  return [hostname(), textOf("/proc/sys/kernel/random/boot_id"), linkOf("/proc/self/ns/pid")].join(" ");
}

/** Field 22 of `/proc/PID/stat` (proc(5)); "dead" for a process that has ended and is still listed; undefined without `/proc`. */
function startOf(pid: number): string | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  // The second field is the command in brackets, which may hold brackets and blanks itself: the fields are counted from the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? "dead" : fields[19];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function modifiedMs(path: string): number | undefined {
  try {
    return lstatSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
