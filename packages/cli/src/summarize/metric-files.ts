// Which files of a folder hold stage latencies.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";

/**
 * `metrics.jsonl`, those of further writers and closed parts (`metrics.WRITER.YYYYMMDD.p1.jsonl.gz`), and what log rotation makes of
 * them (`metrics.jsonl.1`, `metrics.jsonl.2025-01-30.gz`, `metrics.jsonl-20250130`).
 */
const METRIC_FILE = /^metrics(?:\.[\w.-]+)?\.jsonl(?:[.-]\d[\d-]*)?(?:\.gz)?$/;

/** Where files were looked for, and what was found there. */
export interface FoundFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

/** The latency files below `dir`, by name: in its folder `logs`, or in itself when it is that folder. Throws `CliError`. */
export function findMetricFiles(dir: string): FoundFiles {
  const facts = statSync(dir, { throwIfNoEntry: false });
  if (facts === undefined) throw new CliError(`${dir} is not there`, "Give the folder that holds `logs`.");
  if (!facts.isDirectory()) throw new CliError(`${dir} is no folder`, `For a file: tracebook summarize --file ${dir}`);
  const logs = join(dir, "logs");
  const files = listMetricFiles(logs);
  if (files.length > 0) return { folder: logs, files };
  const own = listMetricFiles(dir);
  return own.length > 0 ? { folder: dir, files: own } : { folder: logs, files };
}

/** The same list when every path is a regular file. Throws `CliError` for the first that is not. */
export function checkFiles(files: readonly string[]): readonly string[] {
  for (const file of files) {
    const facts = file.includes("\0") ? undefined : statSync(file, { throwIfNoEntry: false });
    if (facts === undefined) throw new CliError(`${file} is not there`);
    if (facts.isDirectory()) throw new CliError(`${file} is a folder`, `For a folder: tracebook summarize ${file}`);
    if (!facts.isFile()) throw new CliError(`${file} is no regular file`);
    closeSync(openSync(file, "r"));
  }
  return [...new Set(files)];
}

function listMetricFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const paths = readdirSync(folder)
    .filter((name) => METRIC_FILE.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  const all = new Set(paths);
  return paths.filter((path) => !(path.endsWith(".gz") && all.has(path.slice(0, -3)) && isCopyOf(path)));
}

const GZIP_LEAST_BYTES = 18;

/** A crash between compressing a file and removing it leaves both; their lines count once. RFC 1952, 2.3.1: the length is at the end. */
function isCopyOf(compressed: string): boolean {
  const plain = statSync(compressed.slice(0, -3), { throwIfNoEntry: false });
  const fd = openSync(compressed, "r");
  try {
    const { size } = fstatSync(fd);
    const end = Buffer.alloc(4);
    if (plain === undefined || size < GZIP_LEAST_BYTES) return false;
    return readSync(fd, end, 0, 4, size - 4) === 4 && end.readUInt32LE(0) === plain.size % 2 ** 32;
  } finally {
    closeSync(fd);
  }
}
