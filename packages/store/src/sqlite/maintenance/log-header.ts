// The head of a write-ahead log. SQLite takes a log whose head is damaged for an empty one, and says nothing of the rows that were in it.
import { closeSync, openSync, readSync } from "node:fs";

/** `sqlite.org/fileformat2.html`, section 4.1: eight numbers of 32 bits, big-endian. */
const HEADER_BYTES = 32;
const SUMMED_BYTES = 24;
/** Checksums are over little-endian numbers with the first, over big-endian ones with the second. */
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

/** `none`: there is no log, or nothing was ever written to it. `damaged`: rows that it held are lost, and SQLite does not see it. */
export type LogState = "none" | "good" | "damaged";

/** Looks at the log of a database. Cost: reads 32 bytes. */
export function logState(databasePath: string): LogState {
  const header = readStart(`${databasePath}-wal`, HEADER_BYTES);
  if (header === undefined || header.length === 0) return "none";
  // Frames come after the head: there were none.
  if (header.length < HEADER_BYTES) return "none";
  const magic = header.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return "damaged";
  const [first, second] = checksumOf(header, magic === MAGIC_LITTLE);
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second ? "good" : "damaged";
}

/** The first bytes of a file; fewer where it is shorter, undefined where it is not there or cannot be read. */
export function readStart(path: string, count: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Section 4.2: s0 += x[i] + s1; s1 += x[i + 1] + s0, modulo 2^32. */
function checksumOf(header: Buffer, isLittle: boolean): readonly [number, number] {
  const read = (at: number): number => (isLittle ? header.readUInt32LE(at) : header.readUInt32BE(at));
  let first = 0;
  let second = 0;
  for (let at = 0; at < SUMMED_BYTES; at += 8) {
    first = (first + read(at) + second) >>> 0;
    second = (second + read(at + 4) + first) >>> 0;
  }
  return [first, second];
}
