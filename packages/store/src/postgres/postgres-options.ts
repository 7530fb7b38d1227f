// The options of the PostgreSQL store.
import { resolve } from "node:path";
import { createRedactor } from "@tracebook/core";
import { StoreError } from "../errors.ts";
import { storeLocationOf } from "../store-location.ts";

/** How a database is opened. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database`. The password is never printed. */
  readonly url: string;
  /** What the tables lie in; made when it is not there. Default `tracebook`. A name of 1 to 63 small letters, digits and `_`. */
  readonly schema?: string;
  /** Connections for questions, beside the one that writes. Default 4; range 1 to 100. */
  readonly poolSize?: number;
  /** Bytes that may wait for the writer; more is refused. Default 64 MiB; range 1 MiB to 4 GiB. */
  readonly maxPendingBytes?: number;
  /** How long a statement may take, the wait for locks included, in milliseconds. Default 30,000; range 100 to 3,600,000. */
  readonly statementTimeoutMs?: number;
  /**
   * The folder of the journal from which is brought in what was recorded while the database could not be reached, by this process or by those
   * before it. Default: none.
   */
  readonly journalDir?: string;
  /** Names whose values are secrets in what comes over OTLP, beside those that are known; in any case, and part of longer names. Default: none. */
  readonly redactKeys?: readonly string[];
  /** Hears of what is wrong, one line each. Default: nobody; it is in `health()` as well. */
  readonly onProblem?: (line: string) => void;
}

/** Options that are complete. */
export interface PostgresSettings extends Required<Omit<PostgresStoreOptions, "journalDir">> {
  readonly journalDir: string | undefined;
  /** The URL without a password and parameters: for messages. */
  readonly place: string;
}

const MIB = 1_048_576;
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Completes options. Throws `invalid_option`. */
export function toPostgresSettings(options: PostgresStoreOptions): PostgresSettings {
  const schema = options.schema ?? "tracebook";
  if (typeof schema !== "string" || !SCHEMA_NAME.test(schema) || schema.startsWith("pg_"))
    throw new StoreError(
      "invalid_option",
      `schema is ${JSON.stringify(schema)}, not a name of 1 to 63 small letters, digits and "_".`,
    );
  return Object.freeze({
    url: options.url,
    place: placeOf(options.url),
    schema,
    journalDir: options.journalDir === undefined ? undefined : resolve(options.journalDir),
    poolSize: integer("poolSize", options.poolSize ?? 4, 1, 100),
    maxPendingBytes: integer("maxPendingBytes", options.maxPendingBytes ?? 64 * MIB, MIB, 4_096 * MIB),
    statementTimeoutMs: integer("statementTimeoutMs", options.statementTimeoutMs ?? 30_000, 100, 3_600_000),
    redactKeys: names("redactKeys", options.redactKeys ?? []),
    onProblem: options.onProblem ?? (() => {}),
  });
}

/** What of a URL may be shown. What is wrong with one is said without it: it may hold a password. */
function placeOf(url: string): string {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !["postgres:", "postgresql:"].includes(parsed.protocol))
    throw new StoreError("invalid_option", "url is not of the form postgres://user:password@host:5432/database.");
  return storeLocationOf(url).shown;
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
