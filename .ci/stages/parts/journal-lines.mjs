// The lines of a journal as they lie on the disk, read without any code of the product.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Every record file of a journal: events of all days, then telemetry. Latencies are no records. */
export function recordFiles(dir) {
  return below(dir).filter((file) => /\.jsonl(\.gz)?$/.test(file) && /\/(events|telemetry|removed)[^/]*$/.test(file));
}

/** All records of a journal, each with the `file` it came from; whole lines only, and every whole line must be JSON. */
export function readRecords(dir) {
  return recordFiles(dir).flatMap((file) => {
    const bytes = readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => ({ file, ...JSON.parse(line) }));
  });
}

/**
 * Reads what was added to growing files since the last call: `{ lines, torn }`, whole lines of all files, and whether one breaks
 * off at its end. A line that a crash cut, and that the next writer closed, comes as a line of its own.
 */
export function createTail(listFiles) {
  const offsets = new Map();
  return () => {
    const lines = [];
    let torn = 0;
    for (const file of listFiles()) {
      const offset = offsets.get(file) ?? 0;
      const text = readFrom(file, offset);
      const end = text.lastIndexOf("\n") + 1;
      offsets.set(file, offset + Buffer.byteLength(text.slice(0, end)));
      if (end > 0) lines.push(...text.slice(0, end - 1).split("\n"));
      if (end < text.length) torn++;
    }
    return { lines, torn };
  };
}

function readFrom(file, offset) {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - offset));
    const length = readSync(descriptor, bytes, 0, bytes.length, offset);
    return bytes.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
}

function below(dir) {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
