// The bytes of a journal file, plain or compressed: everything that can be read of it, then what stopped the reading.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { errorCodeOf } from "./errors.ts";

const CHUNK_BYTES = 262_144;
/** Gzip grows by a factor of 1,032 at most: pieces this small keep what one of them becomes below 17 MB. */
const GZIP_PIECE_BYTES = 16_384;

/** Why a file could not be read to its end. */
export type ByteProblem = "truncated_gzip" | "damaged_gzip" | "not_a_file" | "unreadable";

/**
 * Yields the content of a file in pieces; a `.gz` file inflated. Instead of throwing it says through `onProblem` why it ended
 * early; everything before that place was yielded.
 */
export async function* readShardBytes(path: string, onProblem: (problem: ByteProblem) => void): AsyncGenerator<Buffer> {
  let file: FileHandle;
  try {
    // A fifo would wait for a writer for ever.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    onProblem("unreadable");
    return;
  }
  try {
    if (!(await file.stat()).isFile()) {
      onProblem("not_a_file");
      return;
    }
    const bytes = readBytes(file, path.endsWith(".gz") ? GZIP_PIECE_BYTES : CHUNK_BYTES);
    if (path.endsWith(".gz")) yield* inflate(bytes, onProblem);
    else yield* bytes;
  } catch {
    onProblem("unreadable");
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function* readBytes(file: FileHandle, pieceBytes: number): AsyncGenerator<Buffer> {
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Piped streams throw away what was inflated and not yet taken when an error comes; here every byte is taken first. */
async function* inflate(
  pieces: AsyncIterable<Buffer>,
  onProblem: (problem: ByteProblem) => void,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const inflated: Buffer[] = [];
  let failure: unknown;
  let isClosed = false;
  let wake = (): void => undefined;
  gunzip.on("data", (chunk: Buffer) => inflated.push(chunk));
  gunzip.on("error", (error) => {
    failure = error;
  });
  gunzip.on("close", () => {
    isClosed = true;
    wake();
  });
  const step = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      if (isClosed) resolve();
      else start(resolve);
    });
  try {
    for await (const piece of pieces) {
      if (isClosed) break;
      await step((done) => gunzip.write(piece, () => done()));
      yield* inflated.splice(0);
    }
    await step(() => gunzip.end());
    yield* inflated.splice(0);
    if (failure !== undefined) onProblem(errorCodeOf(failure) === "Z_BUF_ERROR" ? "truncated_gzip" : "damaged_gzip");
  } finally {
    gunzip.destroy();
  }
}
