// The options of the ClickHouse store.
import { createRedactor } from "@tracebook/core";
import { StoreError } from "../errors.ts";

/** How a database is opened. */
export interface ClickhouseStoreOptions {
  /** Where the server listens for HTTP. Default `http://localhost:8123`. */
  readonly url?: string;
  /** Made where it is not there. Letters, digits and `_`. Default `tracebook`. */
  readonly database?: string;
  /** Default `default`. */
  readonly username?: string;
  /** Default: none. */
  readonly password?: string;
  /** The name of a cluster in the server's configuration, over which tables are spread. Default: none, one node. */
  readonly cluster?: string;
  /** Days that the server keeps rows for, counted from their own time; it drops what is older by itself. Default: all; range 1 to 36,500. */
  readonly keepEventsDays?: number;
  readonly keepTracesDays?: number;
  readonly keepMetricsDays?: number;
  /** How long requests are gathered before they are inserted together, in milliseconds: each insert is a file of its own. Default 100; range 0 to 10,000. */
  readonly gatherMs?: number;
  /** How long an answer is waited for, in milliseconds. Default 30,000; range 100 to 600,000. */
  readonly requestTimeoutMs?: number;
  /** Bytes that may wait to be written; more is refused. Default 64 MiB; range 1 MiB to 4 GiB. */
  readonly maxPendingBytes?: number;
  /**
   * How old an event must be before who asks with the last id it has seen is given it, in milliseconds. With one writer 0 misses none; with
   * several it must be longer than an insert takes, since what began first may end last. Where tables are replicated or spread, the alert engine
   * is told of rows as old as that, 10 s where it is 0. Default 0; range 0 to 600,000.
   */
  readonly pollLagMs?: number;
  /** Names whose values are secrets in what comes over OTLP, beside those that are known; in any case, and part of longer names. Default: none. */
  readonly redactKeys?: readonly string[];
  /** Hears of what is wrong, one line each. Default: nobody; it is in `health()` as well. */
  readonly onProblem?: (line: string) => void;
}

type Optional = "cluster" | "keepEventsDays" | "keepTracesDays" | "keepMetricsDays";

/** Options that are complete. */
export interface ClickhouseSettings extends Required<Omit<ClickhouseStoreOptions, Optional>> {
  readonly cluster: string | undefined;
  readonly keepEventsDays: number | undefined;
  readonly keepTracesDays: number | undefined;
  readonly keepMetricsDays: number | undefined;
}

const MIB = 1_048_576;
/** What needs no quotes: names are part of statements. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Completes options. Throws `invalid_option`. */
export function toClickhouseSettings(options: ClickhouseStoreOptions): ClickhouseSettings {
  return Object.freeze({
    url: address(options.url ?? "http://localhost:8123"),
    database: identifier("database", options.database ?? "tracebook"),
    username: options.username ?? "default",
    password: options.password ?? "",
    cluster: options.cluster === undefined ? undefined : identifier("cluster", options.cluster),
    keepEventsDays: days("keepEventsDays", options.keepEventsDays),
    keepTracesDays: days("keepTracesDays", options.keepTracesDays),
    keepMetricsDays: days("keepMetricsDays", options.keepMetricsDays),
    gatherMs: integer("gatherMs", options.gatherMs ?? 100, 0, 10_000),
    requestTimeoutMs: integer("requestTimeoutMs", options.requestTimeoutMs ?? 30_000, 100, 600_000),
    maxPendingBytes: integer("maxPendingBytes", options.maxPendingBytes ?? 64 * MIB, MIB, 4_096 * MIB),
    pollLagMs: integer("pollLagMs", options.pollLagMs ?? 0, 0, 600_000),
    redactKeys: keys("redactKeys", options.redactKeys ?? []),
    onProblem: options.onProblem ?? (() => {}),
  });
}

function address(url: string): string {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? "")) return url;
  throw new StoreError("invalid_option", `url is ${JSON.stringify(url)}, not an address as http://localhost:8123.`);
}

function identifier(name: string, value: string): string {
  if (NAME.test(value)) return value;
  throw new StoreError("invalid_option", `${name} is ${JSON.stringify(value)}, not a name of letters, digits and _.`);
}

function days(name: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : integer(name, value, 1, 36_500);
}

function keys(name: string, names: readonly string[]): readonly string[] {
  try {
    createRedactor({ keys: names });
    return [...names];
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("invalid_option", `${name} is not a list of names: ${problem}.`, { cause });
  }
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new StoreError("invalid_option", `${name} is ${String(value)}, not a whole number from ${min} to ${max}.`);
}
