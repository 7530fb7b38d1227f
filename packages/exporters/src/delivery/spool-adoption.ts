// What processes that are gone have left in the folder of all spools.
import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseSpoolName, type SpoolLaneName } from "./spool-name.ts";
import { isFolderAbandoned, ownerFileOf } from "./spool-owner.ts";

/** How files are taken over. */
export interface SpoolAdoption {
  /** The folder of all spools of a service. */
  readonly dir: string;
  /** The folder of the spool that takes over. */
  readonly own: string;
  readonly nowEpochMs: number;
  /** Files of lanes that nobody here sends go when they are older. */
  readonly maxAgeMs: number;
  readonly takes: (lane: SpoolLaneName) => boolean;
  /** Takes over a file, if it is there. */
  readonly take: (lane: SpoolLaneName, path: string) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Folders of instances, made by a spool; all else in there belongs to somebody else. */
const FOLDER = /^\d+-[0-9a-f]{8}$/;

/** Takes over the files of abandoned folders, the oldest of each first, and removes what is empty then. Never rejects. */
export async function adoptAbandoned(adoption: SpoolAdoption): Promise<void> {
  const { dir, own, nowEpochMs, onProblem } = adoption;
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const folder = join(dir, entry.name);
    if (!entry.isDirectory() || !FOLDER.test(entry.name) || folder === own) continue;
    if (isFolderAbandoned(folder, nowEpochMs)) await adoptFolder(folder, adoption).catch(unlessGone(onProblem));
  }
}

/** Removes a folder of an instance if nothing but the name of its owner is in it. Never rejects. */
export async function removeEmptyFolder(folder: string): Promise<void> {
  const ownerFile = ownerFileOf(folder);
  try {
    const names = await readdir(folder);
    if (names.some((name) => name !== basename(ownerFile))) return;
    await unlink(ownerFile).catch(() => {});
    await rmdir(folder);
  } catch {
    // It is gone already, or not ours to remove.
  }
}

async function adoptFolder(
  folder: string,
  { nowEpochMs, maxAgeMs, takes, take, onProblem }: SpoolAdoption,
): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const lane = parseSpoolName(name);
    if (lane === undefined) continue;
    const path = join(folder, name);
    const facts = await lstat(path).catch(() => undefined);
    // Another process was faster; or somebody else has put there what is no plain file.
    if (facts === undefined || !facts.isFile()) continue;
    if (takes(lane)) await take(lane, path).catch(unlessGone(onProblem));
    else if (facts.mtimeMs < nowEpochMs - maxAgeMs) await unlink(path).catch(() => {});
  }
  await removeEmptyFolder(folder);
}

function unlessGone(onProblem: (error: unknown) => void): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== "ENOENT") onProblem(error);
  };
}
