// The file that an export is written into: whole or not at all.
import { constants, lstatSync, realpathSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";

/** Where the bytes go. */
export interface ExportTarget {
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  /** Leaves no trace of it. */
  abandon(): Promise<void>;
}

/** What SQLite and the store keep beside a database. */
const COMPANIONS = ["", "-wal", "-shm", "-journal", ".reserve"];
/** What was traded and why is nobody else's business. */
const OWNER_ONLY = 0o600;

/**
 * Opens the file, under another name until it is finished: what has the name is a whole export. Throws `CliError` for a file that is there
 * already (unless `isForced`), for the database itself, and for a folder. What is no file, such as a pipe, is written to as it is.
 */
export async function openExportFile(path: string, databasePath: string, isForced: boolean): Promise<ExportTarget> {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts?.isDirectory()) throw new CliError(`${path} is a folder`, "Give the name of a file: -o events.csv");
  if (isOfDatabase(path, databasePath)) throw new CliError(`${path} belongs to the database itself`);
  const isOther = facts !== undefined && !facts.isFile() && !facts.isSymbolicLink();
  if (facts !== undefined && !isOther && !isForced)
    throw new CliError(`${path} is there already`, "Give --force to replace it, or another name.");
  if (isOther) return intoOther(await open(path, "w"));
  // Through a link, its target is replaced, not the link.
  const target = facts?.isSymbolicLink() ? realpathSync(path) : path;
  return intoFile(target, join(dirname(target), `.${basename(target)}.${process.pid}.part`));
}

async function intoFile(path: string, partPath: string): Promise<ExportTarget> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(partPath, flags, OWNER_ONLY);
  return {
    write: (bytes) => writeAll(file, bytes),
    async finish() {
      await file.sync();
      await file.close();
      await rename(partPath, path);
    },
    async abandon() {
      await file.close().catch(() => {});
      await rm(partPath, { force: true });
    },
  };
}

function intoOther(file: FileHandle): ExportTarget {
  return {
    write: (bytes) => writeAll(file, bytes),
    finish: () => file.close(),
    abandon: () => file.close().catch(() => {}),
  };
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

function isOfDatabase(path: string, databasePath: string): boolean {
  const real = realOf(path);
  return COMPANIONS.some((suffix) => realOf(databasePath) + suffix === real);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
