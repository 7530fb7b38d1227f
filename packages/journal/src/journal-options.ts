// The options of a journal, with their ranges.
import { type Clock, createRedactor, type Redactor } from "@tracebook/core";
import type { RecordClass } from "@tracebook/core/extension";
import { JournalError } from "./errors.ts";
import { type JournalFileSystem, nodeFileSystem } from "./file-system.ts";
import { createProcessProbe, type ProcessProbe } from "./process-identity.ts";

/** Options of {@link createJournal}. Only `dir`, `instanceId` and `clock` have no default. */
export interface JournalOptions {
  /** The folder that gets `data/events` and `logs`; made when missing. */
  readonly dir: string;
  /** Names this writer: on every record, and in file names when it is not the first writer of the folder. */
  readonly instanceId: string;
  /** The clock that the records' `timeMs` belongs to. */
  readonly clock: Clock;
  /** The next `seq` of this instance, for records that the journal makes itself. Default: a counter of its own, from 1. */
  readonly nextSeq?: () => number;
  /** This many waiting records are written as soon as the tick is over. Default 100; range 1 to 65,536. */
  readonly bufferSize?: number;
  /** Fewer than `bufferSize` records wait no longer than this, in milliseconds. Default 100; range 1 to 60,000. */
  readonly flushIntervalMs?: number;
  /**
   * This many records may wait in memory (for a disk that is full); then the lowest class is dropped. Default 65,536; range 16 to
   * 16,777,216.
   */
  readonly maxPendingRecords?: number;
  /** Records of a lower class than this are not recorded, but declared as dropped. Default `market`: everything is recorded. */
  readonly dropBelow?: RecordClass;
  /** All files together, in bytes; the oldest closed files of the lowest class go first. Default 10 GB; at least 1 MiB. */
  readonly maxBytes?: number;
  /** Files of days longer ago than this are removed. Default 30; range 1 to 36,500. */
  readonly retentionDays?: number;
  /** Compress closed files. Default true. */
  readonly compress?: boolean;
  /**
   * `never`: what is written survives the end of the process, also kill -9 (default). `interval`: once a second it is also put
   * on the medium, beside the thread, so that a power loss takes about a second at most.
   */
  readonly fsync?: "never" | "interval";
  /** Which flows get a line in `logs/metrics.jsonl`. Default `kept`; `all` needs the journal among the flow observers. */
  readonly latencies?: "kept" | "all";
  /** Gets one line whenever the journal gets into trouble and when it is out again. Default: nobody hears of it. */
  readonly onProblem?: (line: string) => void;
  /** Removes secrets from data before it is written. Default: the redactor of core. */
  readonly redactor?: Redactor;
  /** The calls to the operating system. Default: this machine's. */
  readonly fileSystem?: JournalFileSystem;
  /** Tells whether the holder of a lock lives. Default: looks at this machine's processes. */
  readonly processProbe?: ProcessProbe;
}

/** The options with every default filled in, checked and frozen. */
export type ResolvedOptions = Readonly<Required<JournalOptions>>;

/** Fills in the defaults. Throws `invalid_option` naming the value and the range. */
export function resolveOptions(options: JournalOptions): ResolvedOptions {
  const { dir, instanceId, clock } = options;
  if (typeof dir !== "string" || dir === "") throw invalid("dir", dir, "a path");
  if (typeof instanceId !== "string" || instanceId === "" || instanceId.length > 128)
    throw invalid("instanceId", instanceId, "1 to 128 characters");
  if (typeof clock?.nowMs !== "function") throw invalid("clock", clock, "a Clock");
  const onProblem = options.onProblem ?? (() => undefined);
  let seq = 0;
  return Object.freeze({
    dir,
    instanceId,
    clock,
    nextSeq: options.nextSeq ?? (() => ++seq),
    bufferSize: integer("bufferSize", options.bufferSize ?? 100, 1, 65_536),
    flushIntervalMs: integer("flushIntervalMs", options.flushIntervalMs ?? 100, 1, 60_000),
    maxPendingRecords: integer("maxPendingRecords", options.maxPendingRecords ?? 65_536, 16, 16_777_216),
    dropBelow: oneOf("dropBelow", options.dropBelow ?? "market", ["market", "event", "evidence"]),
    maxBytes: integer("maxBytes", options.maxBytes ?? 10_000_000_000, 1_048_576, Number.MAX_SAFE_INTEGER),
    retentionDays: integer("retentionDays", options.retentionDays ?? 30, 1, 36_500),
    compress: options.compress ?? true,
    fsync: oneOf("fsync", options.fsync ?? "never", ["never", "interval"]),
    latencies: oneOf("latencies", options.latencies ?? "kept", ["kept", "all"]),
    onProblem: quiet(onProblem),
    redactor: options.redactor ?? createRedactor(),
    fileSystem: options.fileSystem ?? nodeFileSystem,
    processProbe: options.processProbe ?? createProcessProbe(),
  });
}

/** Files are closed at this size, so that a folder can be kept small by removing whole files. */
export function partBytes(maxBytes: number): number {
  return Math.min(Math.max(Math.floor(maxBytes / 16), 65_536), 268_435_456);
}

/** A listener that throws is the host's trouble and must not become the journal's. */
function quiet(onProblem: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      onProblem(line);
    } catch {
      // There is nobody left to tell.
    }
  };
}

function integer(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(name, value, `an integer from ${low} to ${high}`);
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw invalid(name, value, allowed.join(" or "));
}

function invalid(name: string, value: unknown, range: string): JournalError {
  const shown =
    typeof value === "string"
      ? JSON.stringify(value.slice(0, 64))
      : typeof value === "number"
        ? String(value)
        : typeof value;
  return new JournalError("invalid_option", `${name} is ${shown}; it must be ${range}.`);
}
