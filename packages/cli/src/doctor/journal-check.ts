// The journal: its folder, the room it has, who writes it, and what waits in the spool beside it.
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { findJournalWriters, type JournalWriter } from "@tracebook/journal";
import type { TelemetryConfig } from "@tracebook/node/doctor";
import { printable } from "../printable.ts";
import type { Check } from "./check.ts";
import { inspectJournalFolder, type JournalFolder } from "./journal-folder.ts";
import { showAge, showBytes } from "./quantity.ts";
import { listSpoolFolders, type SpoolFolder } from "./spool-folders.ts";

/** What was found of the journal. */
export interface JournalFindings {
  /** Absolute. */
  readonly dir: string;
  readonly folder: JournalFolder | undefined;
  readonly writers: readonly JournalWriter[];
  readonly spool: readonly SpoolFolder[];
  readonly checks: readonly Check[];
}

/** What waits for longer than this is worth a word. */
const OLD_SPOOL_MS = 10 * 60_000;

/** Looks at the journal in `dir`, an absolute path. */
export async function checkJournal(config: TelemetryConfig, dir: string): Promise<JournalFindings> {
  const spool = await listSpoolFolders(spoolRootOf(config, dir), Date.now());
  if (!config.journal.enabled) {
    const off: Check = { ...JOURNAL, status: "off", what: "not written, as the configuration says" };
    return { dir, folder: undefined, writers: [], spool, checks: [off, ...checkSpool(spool)] };
  }
  const folder = await inspectJournalFolder(dir);
  const { writers, checks } = checkWriters(dir);
  const found = [describeFolder(dir, folder, config.journal.maxBytes), ...checks, ...checkSpool(spool)];
  return { dir, folder, writers, spool, checks: found };
}

/** The folder in which every service has its own; without a spool the one in which there may be an old one. */
function spoolRootOf({ delivery }: TelemetryConfig, dir: string): string {
  return delivery.spool === undefined ? join(dir, "spool") : dirname(resolve(delivery.spool.dir));
}

const JOURNAL = { id: "journal", subject: "journal" } as const;

function describeFolder(dir: string, folder: JournalFolder, maxBytes: number): Check {
  const { freeBytes, usedBytes, problem, isThere } = folder;
  const place = printable(dir, 256);
  if (problem !== undefined) {
    const path = printable(problem.path, 256);
    return { ...JOURNAL, status: "failed", ...explainProblem(path, problem.code) };
  }
  const free = freeBytes === undefined ? "" : `, ${showBytes(freeBytes)} free`;
  const room = `${free}; the journal holds ${showBytes(usedBytes)} of at most ${showBytes(maxBytes)}`;
  const what = isThere ? `${place} can be written${room}` : `${place} will be made${free}`;
  if (freeBytes === undefined || freeBytes + usedBytes >= maxBytes) return { ...JOURNAL, status: "ok", what };
  const remedy = "make room, or set TELEMETRY_JOURNAL_MAX_BYTES lower: the disk is full before the journal cleans up";
  return { ...JOURNAL, status: "warning", what, remedy };
}

function explainProblem(path: string, code: string): Pick<Check, "what" | "remedy"> {
  if (code === "NOT_A_FOLDER")
    return { what: `${path} is in the way: it is no folder`, remedy: "remove it, or set TELEMETRY_DIR to a folder" };
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    EACCES: ["", "let the service's user write there (chown), or set TELEMETRY_DIR to another folder"],
    EPERM: ["", "let the service's user write there (chown), or set TELEMETRY_DIR to another folder"],
    EROFS: [": it is mounted read-only", "mount it for writing, or set TELEMETRY_DIR to another folder"],
    ENOSPC: [": the disk is full", "make room, or set TELEMETRY_DIR to a folder on another disk"],
    EDQUOT: [": the quota is used up", "raise the quota of the service's user, or make room"],
  };
  const [why, remedy] = reasons[code] ?? ["", "set TELEMETRY_DIR to a folder that can be written"];
  return { what: `${path} cannot be written by ${userName()} (${code})${why}`, remedy };
}

function userName(): string {
  try {
    return `user ${printable(userInfo().username, 64)}`;
  } catch {
    return "this user";
  }
}

function checkWriters(dir: string): { writers: readonly JournalWriter[]; checks: Check[] } {
  const base = { id: "journal_writers", subject: "writers" } as const;
  try {
    const writers = findJournalWriters(dir);
    const shown = writers.map(describeWriter).join("; ");
    const what = writers.length === 0 ? "nobody writes the journal now" : shown;
    return { writers, checks: [{ ...base, status: "ok", what: printable(what, 512) }] };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    return { writers: [], checks: [{ ...base, status: "note", what: `the locks cannot be read (${code})` }] };
  }
}

function describeWriter({ name, pid, isAlive, seenEpochMs }: JournalWriter): string {
  const files = name === "" ? "the lock" : `the lock of files named ${name}`;
  if (isAlive === true) return `process ${pid} runs and holds ${files}`;
  if (isAlive === false) return `process ${pid} is gone and has left ${files}: the next start takes it over`;
  const seen = showAge(Math.max(0, Date.now() - seenEpochMs));
  return `process ${pid} of another container or machine holds ${files}, seen ${seen} ago`;
}

function checkSpool(spool: readonly SpoolFolder[]): Check[] {
  const base = { id: "spool", subject: "spool" } as const;
  if (spool.length === 0) return [{ ...base, status: "ok", what: "nothing waits on disk for delivery" }];
  return spool.map(({ name, files, bytes, oldestMs }) => {
    const folder = name === "" ? "" : `${printable(name, 128)}: `;
    const what = `${folder}${showBytes(bytes)} in ${files} ${files === 1 ? "file" : "files"}, the oldest from ${showAge(oldestMs)} ago`;
    if (oldestMs < OLD_SPOOL_MS) return { ...base, status: "note", what };
    const remedy = "it is delivered while a service with this folder runs and its destination takes it: see below";
    return { ...base, status: "warning", what, remedy };
  });
}
