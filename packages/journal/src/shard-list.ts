// Which files of a folder are a journal's.
import { join } from "node:path";
import type { JournalFileSystem } from "./file-system.ts";
import { eventsFolder, isDay, logsFolder, parseShardName, type ShardName } from "./journal-layout.ts";

/** One file of a journal. */
export interface Shard {
  readonly path: string;
  readonly folder: string;
  readonly name: ShardName;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** The regular files of a journal, by path; links, fifos and other names are left out. Throws what the file system says. */
export function listShards(fs: JournalFileSystem, dir: string): Shard[] {
  const shards: Shard[] = [];
  for (const day of fs.readdir(eventsFolder(dir)).sort()) {
    const folder = join(eventsFolder(dir), day);
    if (isDay(day) && fs.stat(folder)?.kind === "folder") listFolder(fs, folder, day, shards);
  }
  listFolder(fs, logsFolder(dir), undefined, shards);
  return shards;
}

function listFolder(fs: JournalFileSystem, folder: string, day: string | undefined, into: Shard[]): void {
  for (const file of fs.readdir(folder).sort()) {
    const name = parseShardName(file, day);
    if (name === undefined) continue;
    const path = join(folder, file);
    const facts = fs.stat(path);
    if (facts?.kind === "file")
      into.push({ path, folder, name, sizeBytes: facts.sizeBytes, modifiedMs: facts.modifiedMs });
  }
}

/**
 * True when a compressed file holds exactly `sizeBytes` bytes, by the length at its end (RFC 1952, section 2.3.1: modulo 2^32).
 * Then a plain file of that size beside it is what a crash left between the two steps of compressing.
 */
export function gzipHolds(fs: JournalFileSystem, path: string, sizeBytes: number): boolean {
  const facts = fs.stat(path);
  if (facts === undefined || facts.sizeBytes < 18) return false;
  const fd = fs.open(path, "read");
  try {
    const end = Buffer.alloc(4);
    return fs.read(fd, end, 4, facts.sizeBytes - 4) === 4 && end.readUInt32LE(0) === sizeBytes % 2 ** 32;
  } finally {
    fs.close(fd);
  }
}
