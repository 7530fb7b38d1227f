// A file of an export while it is written: it has another name until it is whole, and its checksum is reckoned on the way.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What identifies the bytes of a file. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that is written. */
export interface PartFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Brings it to the disk, still under its other name. */
  close(): Promise<FileFacts>;
  /** Gives it its name, in place of what has it. */
  commit(): Promise<void>;
  /** Leaves nothing of it. */
  abandon(): Promise<void>;
}

/** What was traded and why is nobody else's business. */
const OWNER_ONLY = 0o600;

/** The name that a part has until it is whole: neither Hive, which skips `_`, nor who looks for `*.parquet` takes it for one. */
function unfinishedName(path: string): string {
  return join(dirname(path), `_${basename(path)}.tmp`);
}

/** Opens the file that will be `path`; what an export that was killed has left of it is overwritten. */
export async function openPartFile(path: string): Promise<PartFile> {
  const unfinished = unfinishedName(path);
  const file = await open(unfinished, "w", OWNER_ONLY);
  const hash = createHash("sha256");
  let bytes = 0;
  return {
    async write(piece) {
      await writeAll(file, piece);
      hash.update(piece);
      bytes += piece.byteLength;
    },
    async close() {
      await file.sync();
      await file.close();
      return { bytes, sha256: hash.digest("hex") };
    },
    commit: () => rename(unfinished, path),
    async abandon() {
      await file.close().catch(() => {});
      await rm(unfinished, { force: true });
    },
  };
}

/** Whether the file at `path` is the one of `facts`. Cost: reads all of it. */
export async function isSameFile(path: string, { bytes, sha256 }: FileFacts): Promise<boolean> {
  try {
    if ((await stat(path)).size !== bytes) return false;
    const hash = createHash("sha256");
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
    return hash.digest("hex") === sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten;
}
