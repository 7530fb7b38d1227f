// What waits on disk for delivery: the files of a spool, looked at from outside. Knows their names and nothing of their content.
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** One folder with files that wait. */
export interface SpoolFolder {
  /** Below the spool: the name of a service, as a rule; empty for the spool itself. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds since the oldest of them was begun. */
  readonly oldestMs: number;
}

const SPOOL_FILE = /\.spool$/;
/** When a file was begun stands in its name: milliseconds since 1970, in 15 digits. */
const BORN = /-(\d{15})-/;
const MOST_DEPTH = 3;
const MOST_ENTRIES = 20_000;

/**
 * Lists the folders below `spoolDir` that hold `*.spool` files. A spool that is not there has none. Links are not followed; folders
 * and files that cannot be read, or go away meanwhile, are left out. Never rejects; looks at 20,000 names at most.
 */
export async function listSpoolFolders(spoolDir: string, nowEpochMs: number): Promise<SpoolFolder[]> {
  const found: SpoolFolder[] = [];
  const waiting = [{ dir: spoolDir, depth: 0 }];
  let entriesLeft = MOST_ENTRIES;
  for (let next = waiting.pop(); next !== undefined && entriesLeft > 0; next = waiting.pop()) {
    const { dir, depth } = next;
    const entries = (await readEntries(dir)).slice(0, entriesLeft);
    entriesLeft -= entries.length;
    const folders = depth < MOST_DEPTH ? entries.filter((entry) => entry.isDirectory()) : [];
    waiting.push(...folders.map((entry) => ({ dir: join(dir, entry.name), depth: depth + 1 })));
    const names = entries.filter((entry) => entry.isFile() && SPOOL_FILE.test(entry.name)).map((entry) => entry.name);
    const folder = await describeFolder(dir, names, nowEpochMs);
    if (folder !== undefined) found.push({ name: relative(spoolDir, dir), ...folder });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readEntries(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function describeFolder(
  dir: string,
  names: readonly string[],
  nowEpochMs: number,
): Promise<Omit<SpoolFolder, "name"> | undefined> {
  let files = 0;
  let bytes = 0;
  let oldestEpochMs = nowEpochMs;
  for (const name of names) {
    const facts = await lstat(join(dir, name)).catch(() => undefined);
    if (facts === undefined) continue;
    files++;
    bytes += facts.size;
    const born = Number(BORN.exec(name)?.[1] ?? facts.mtimeMs);
    oldestEpochMs = Math.min(oldestEpochMs, born);
  }
  return files === 0 ? undefined : { files, bytes, oldestMs: Math.max(0, Math.round(nowEpochMs - oldestEpochMs)) };
}
