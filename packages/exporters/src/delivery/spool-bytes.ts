// Bytes at places of a spool file.
import { ftruncateSync, writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { decodeSpoolHeader, SPOOL_HEADER_BYTES, SPOOL_MAGIC, type SpoolHeader } from "./spool-record.ts";

const SEARCH_BYTES = 65_536;
/** The next record is looked for within so many bytes; requests are smaller. */
const SEARCH_LIMIT_BYTES = 64 * 1_048_576;

/** The header at a place; undefined when there is none. */
export async function headerAt(handle: FileHandle, at: number): Promise<SpoolHeader | undefined> {
  const bytes = Buffer.allocUnsafe(SPOOL_HEADER_BYTES);
  return (await readAll(handle, bytes, at)) ? decodeSpoolHeader(bytes) : undefined;
}

/** Where the next whole header begins; `to` when there is none before. */
export async function nextRecord(handle: FileHandle, from: number, to: number): Promise<number> {
  const chunk = Buffer.allocUnsafe(SEARCH_BYTES);
  for (let at = from; at < to && at < from + SEARCH_LIMIT_BYTES; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead < SPOOL_HEADER_BYTES) return to;
    const part = chunk.subarray(0, bytesRead);
    for (let i = part.indexOf(SPOOL_MAGIC); i >= 0; i = part.indexOf(SPOOL_MAGIC, i + 1))
      if (decodeSpoolHeader(part.subarray(i)) !== undefined) return Math.min(at + i, to);
    // A header may lie across the end of what was read.
    at += bytesRead - SPOOL_HEADER_BYTES + 1;
  }
  return to;
}

/** Writes all of `parts` behind each other. Rejects with the system's error, when part of it may be written. */
export async function writeAll(handle: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  let at = position;
  for (const part of parts) {
    for (let from = 0; from < part.length; ) {
      const { bytesWritten } = await handle.write(part, from, part.length - from, at);
      if (bytesWritten === 0) throw Object.assign(new Error("nothing could be written"), { code: "EIO" });
      from += bytesWritten;
      at += bytesWritten;
    }
  }
}

/** Fills `bytes` from the file; false when the file ends before. */
export async function readAll(handle: FileHandle, bytes: Buffer, position: number): Promise<boolean> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, from, bytes.length - from, position + from);
    if (bytesRead === 0) return false;
    from += bytesRead;
  }
  return true;
}

/** Writes all of `parts` from a place on before it returns. Throws the system's error, and leaves the file as it was. */
export function writeAllSync(fd: number, parts: readonly Uint8Array[], position: number): void {
  let at = position;
  try {
    for (const part of parts) {
      for (let from = 0; from < part.length; ) {
        const written = writeSync(fd, part, from, part.length - from, at);
        if (written === 0) throw Object.assign(new Error("nothing could be written"), { code: "EIO" });
        from += written;
        at += written;
      }
    }
  } catch (error) {
    ftruncateSync(fd, position);
    throw error;
  }
}
