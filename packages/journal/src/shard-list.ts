// Which files of a folder are a journal's.
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { JournalFileSystem } from "./file-system.ts";
import { eventsFolder, isDay, logsFolder, parseShardName, type ShardName } from "./journal-layout.ts";

/** A header of ten bytes and a trailer of eight: a shorter file is no gzip. */
const GZIP_LEAST_BYTES = 18;
/** About 100 us of check sum. */
const PIECE_BYTES = 256 * 1024;

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
 * True when the compressed file `compressed` holds exactly what `plain` holds, by the check sum and the length at its end (RFC 1952,
 * section 2.3.1): then the two are what a crash left between the last steps of compressing. A file of the same name and length with
 * other content, as when two journals are put into one folder, is no twin. Reads `plain` only when the lengths agree, piece by piece
 * with the event loop going round between.
 */
export async function isCompressedTwin(fs: JournalFileSystem, compressed: string, plain: Shard): Promise<boolean> {
  const facts = fs.stat(compressed);
  if (facts === undefined || facts.sizeBytes < GZIP_LEAST_BYTES) return false;
  const end = Buffer.alloc(8);
  const fd = fs.open(compressed, "read");
  try {
    if (fs.read(fd, end, 8, facts.sizeBytes - 8) !== 8) return false;
  } finally {
    fs.close(fd);
  }
  if (end.readUInt32LE(4) !== plain.sizeBytes % 2 ** 32) return false;
  return end.readUInt32LE(0) === (await checkSumOf(fs, plain.path));
}

async function checkSumOf(fs: JournalFileSystem, path: string): Promise<number> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const fd = fs.open(path, "read");
  try {
    let sum = 0;
    for (let position = 0; ; ) {
      const count = fs.read(fd, piece, PIECE_BYTES, position);
      if (count === 0) return sum;
      sum = crc32(piece.subarray(0, count), sum);
      position += count;
      await nextTurn();
    }
  } finally {
    fs.close(fd);
  }
}
