// Reads one journal file, line by line: what is valid, and a report of the rest.
import { type ParsedLine, parseJsonLine } from "./journal-record.ts";
import { LineSplitter, type RawLine } from "./line-splitter.ts";
import { addSkipped, type ReadReport, type SkippedPart } from "./read-report.ts";
import { readShardBytes } from "./shard-bytes.ts";

/** Something that was read, and where. */
export interface ReadLine<T> {
  readonly value: T;
  readonly file: string;
  readonly line: number;
}

/** How a file is read. */
export interface ShardReading<T> {
  /** The object of a line as what is looked for; undefined when it is not that. */
  readonly toValue: (object: Record<string, unknown>) => T | undefined;
  readonly report: ReadReport;
  /** Hears of every skipped line with the bytes that are left of it. */
  readonly onSkipped?: ((part: SkippedPart, bytes: Buffer | undefined) => void) | undefined;
}

/** A longer line is no record: the recorder stays far below. Memory is bounded by about twice this. */
const MAX_LINE_BYTES = 4_194_304;

/** Yields the valid lines of a file in their order, some at a time. Never throws on account of the content. */
export async function* readShard<T>(path: string, reading: ShardReading<T>): AsyncGenerator<ReadLine<T>[]> {
  const { report } = reading;
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  report.files++;
  const skip = (line: RawLine | undefined, reason: SkippedPart["reason"], sizeBytes: number) => {
    const part = { file: path, line: line?.line ?? 0, offset: line?.offset ?? 0, sizeBytes, reason };
    addSkipped(report, part);
    reading.onSkipped?.(part, line?.bytes);
  };
  const read = (line: RawLine, into: ReadLine<T>[]) => {
    const value = toValue(line, reading, skip);
    if (value === undefined) return;
    report.records++;
    into.push({ value, file: path, line: line.line });
  };
  for await (const piece of readShardBytes(path, (problem) => skip(undefined, problem, 0))) {
    const lines: ReadLine<T>[] = [];
    for (const line of splitter.push(piece)) read(line, lines);
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  const lines: ReadLine<T>[] = [];
  if (last !== undefined) read(last, lines);
  if (lines.length > 0) yield lines;
}

type Skip = (line: RawLine, reason: SkippedPart["reason"], sizeBytes: number) => void;

function toValue<T>(line: RawLine, reading: ShardReading<T>, skip: Skip): T | undefined {
  if (line.bytes === undefined) {
    skip(line, "too_long", line.sizeBytes);
    return undefined;
  }
  const withoutMark = line.offset === 0 ? withoutByteOrderMark(line.bytes) : line.bytes;
  const bytes = withoutNuls(withoutMark);
  if (bytes.length < withoutMark.length) skip(line, "nul_bytes", withoutMark.length - bytes.length);
  if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 13)) return undefined;
  const parsed: ParsedLine<Record<string, unknown>> = parseJsonLine(bytes, line.isTerminated);
  const value = "value" in parsed ? reading.toValue(parsed.value) : undefined;
  if (value === undefined) skip(line, "reason" in parsed ? parsed.reason : "not_a_record", bytes.length);
  return value;
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Zero bytes at either end are what a file system puts where data never arrived; the line between them is whole. */
function withoutNuls(bytes: Buffer): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && bytes[from] === 0) from++;
  while (to > from && bytes[to - 1] === 0) to--;
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}
