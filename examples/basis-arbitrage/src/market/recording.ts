/** Recordings of exchange traffic (`.jsonl` or `.jsonl.gz`), merged by receive time into the one order in which they arrived. */
import { access, constants } from "node:fs/promises";
import type { Market } from "./market.ts";
import { RecordingError } from "./recording-error.ts";
import { openRecordingFile, type RecordingFile, type RecordingProblem } from "./recording-file.ts";
import type { RecordingLine } from "./recording-line.ts";

/** What one file turned out to be about. */
export interface RecordingSource {
  readonly file: string;
  readonly market: Market;
  readonly symbol: string;
}

/** One or more recordings, ready to be read once. */
export interface Recordings {
  readonly sources: readonly RecordingSource[];
  /** Lines skipped so far because they could not be used. */
  readonly badLines: number;
  /**
   * Every usable line, in order of receive time; equal times keep the order of the files, and one file's lines their own.
   * Reads as it goes; stopping early closes the files. Can be consumed once.
   */
  lines(): AsyncGenerator<RecordingLine>;
  /** Closes the files without reading on. */
  close(): Promise<void>;
}

/**
 * Opens recordings and finds out, from their frames, which market and symbol each is about.
 * Throws `RecordingError`: `recording_missing` names the file and what to do, `recording_unusable` a file without market data.
 * Lines that cannot be used are handed to `onProblem`, counted, and skipped.
 */
export async function openRecordings(
  paths: readonly string[],
  onProblem: (problem: RecordingProblem) => void = () => {},
): Promise<Recordings> {
  let badLines = 0;
  const report = (problem: RecordingProblem) => {
    badLines++;
    onProblem(problem);
  };
  const files: RecordingFile[] = [];
  const close = async () => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    for (const path of paths) {
      await assertReadable(path);
      files.push(await openRecordingFile(path, report));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    sources: files.map(({ file, market, symbol }) => ({ file, market, symbol })),
    get badLines() {
      return badLines;
    },
    lines: () => merge(files, close),
    close,
  };
}

async function* merge(files: readonly RecordingFile[], close: () => Promise<void>): AsyncGenerator<RecordingLine> {
  try {
    let open = files;
    while (true) {
      for (const file of open) {
        if (file.peek() === undefined && !(await file.fill())) open = open.filter((other) => other !== file);
      }
      const next = earliest(open);
      const line = next?.peek();
      if (next === undefined || line === undefined) return;
      next.take();
      yield line;
    }
  } finally {
    await close();
  }
}

/** The file whose next line came first; the strict comparison keeps the files' order for equal times. */
function earliest(files: readonly RecordingFile[]): RecordingFile | undefined {
  let first: RecordingFile | undefined;
  let firstNs: bigint | undefined;
  for (const file of files) {
    const receivedNs = file.peek()?.receivedNs;
    if (receivedNs === undefined || (firstNs !== undefined && receivedNs >= firstNs)) continue;
    first = file;
    firstNs = receivedNs;
  }
  return first;
}

async function assertReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new RecordingError(
      "recording_missing",
      `cannot read the recording ${path}: give the path of an existing .jsonl or .jsonl.gz file, or leave out --recording to use the simulated market`,
      cause,
    );
  }
}
