// The options of the SQLite store.
import { resolve } from "node:path";
import { createRedactor } from "@tracebook/core";
import { StoreError } from "../errors.ts";
import { RESERVE_BYTES } from "./maintenance/reserve-file.ts";

/** How a database is opened. */
export interface SqliteStoreOptions {
  /** The file. */
  readonly path: string;
  /** The folder of the journal that a damaged database is rebuilt from. Default: it begins empty. */
  readonly journalDir?: string;
  /** How long another program's lock is waited for, in milliseconds; a write is refused after it. Default 5,000; range 0 to 600,000. */
  readonly busyTimeoutMs?: number;
  /** Memory for pages of the file, in KiB, for each of two threads. Default 32,768; range 1,024 to 4,194,304. */
  readonly cacheKib?: number;
  /** Bytes that may wait for the writer; more is refused. Default 64 MiB; range 1 MiB to 4 GiB. */
  readonly maxPendingBytes?: number;
  /** Size of the file that gives way when the disk is full, so that cleaning works then. Default 32 MiB; 0: none; range 0 to 1 GiB. */
  readonly reserveBytes?: number;
  /** Names whose values are secrets in what comes over OTLP, beside those that are known; in any case, and part of longer names. Default: none. */
  readonly redactKeys?: readonly string[];
  /** Hears of what is wrong, one line each. Default: nobody; it is in `health()` as well. */
  readonly onProblem?: (line: string) => void;
}

/** Options that are complete. */
export interface SqliteSettings extends Required<Omit<SqliteStoreOptions, "journalDir">> {
  readonly journalDir: string | undefined;
}

const MIB = 1_048_576;

/** Completes options. Throws `invalid_option`. */
export function toSqliteSettings(options: SqliteStoreOptions): SqliteSettings {
  if (typeof options.path !== "string" || options.path === "")
    throw new StoreError("invalid_option", `path is ${JSON.stringify(options.path)}, not the name of a file.`);
  return Object.freeze({
    path: resolve(options.path),
    journalDir: options.journalDir === undefined ? undefined : resolve(options.journalDir),
    busyTimeoutMs: integer("busyTimeoutMs", options.busyTimeoutMs ?? 5_000, 0, 600_000),
    cacheKib: integer("cacheKib", options.cacheKib ?? 32_768, 1_024, 4_194_304),
    maxPendingBytes: integer("maxPendingBytes", options.maxPendingBytes ?? 64 * MIB, MIB, 4_096 * MIB),
    reserveBytes: integer("reserveBytes", options.reserveBytes ?? RESERVE_BYTES, 0, 1_024 * MIB),
    redactKeys: names("redactKeys", options.redactKeys ?? []),
    onProblem: options.onProblem ?? (() => {}),
  });
}

function names(name: string, keys: readonly string[]): readonly string[] {
  try {
    createRedactor({ keys });
    return [...keys];
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("invalid_option", `${name} is not a list of names: ${problem}.`, { cause });
  }
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new StoreError("invalid_option", `${name} is ${String(value)}, not a whole number from ${min} to ${max}.`);
}
