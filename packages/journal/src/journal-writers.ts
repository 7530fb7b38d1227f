// Who writes a journal at this moment, by its locks; for those who look at a folder from outside.
import { join } from "node:path";
import { nodeFileSystem } from "./file-system.ts";
import { lockHolder } from "./folder-lock.ts";
import { createProcessProbe } from "./process-identity.ts";

/** A process that writes a journal, or did until it ended without saying so. */
export interface JournalWriter {
  /** Part of its file names; empty for the writer that came first. */
  readonly name: string;
  readonly pid: number;
  /** Undefined when the process is of another container or machine: then nobody here can tell. */
  readonly isAlive: boolean | undefined;
  /** When it last said that it lives, about once a minute; wall-clock milliseconds since 1970. */
  readonly seenEpochMs: number;
}

const LOCK_NAME = /^journal(?:\.([\w.-]{1,128}))?\.lock$/;
const MOST_WRITERS = 256;

/**
 * The writers of the journal in `dir`, the first one first, at most 256. Reads lock files only: takes none, waits for nobody. Empty when
 * nobody writes or nothing is there; throws what the system says of a folder that cannot be read.
 */
export function findJournalWriters(dir: string): JournalWriter[] {
  const folder = join(dir, "data");
  const probe = createProcessProbe();
  const names = nodeFileSystem
    .readdir(folder)
    .filter((name) => LOCK_NAME.test(name))
    .slice(0, MOST_WRITERS);
  const writers = names.flatMap((file) => {
    const holder = lockHolder(nodeFileSystem, probe, join(folder, file));
    if (holder === undefined) return [];
    const { pid, isAlive, touchedEpochMs } = holder;
    return [{ name: LOCK_NAME.exec(file)?.[1] ?? "", pid, isAlive, seenEpochMs: touchedEpochMs }];
  });
  return writers.sort((a, b) => (a.name < b.name ? -1 : 1));
}
