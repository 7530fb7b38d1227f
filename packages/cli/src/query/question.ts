// What a question to a store is made of.
import { toTimestamp } from "@tracebook/core";
import type { StoreQueries } from "@tracebook/store";
import { CliError } from "../cli-error.ts";
import type { CommandOptions } from "../command.ts";
import { parseInstant } from "../instant.ts";
import type { Paint } from "../paint.ts";
import { FROM_DOC, readTimeSpan, type TimeSpan, TO_DOC } from "../time-range.ts";
import { DB_OPTION } from "../with-store.ts";

/** All options; each question takes some of them. */
export const QUERY_OPTIONS = {
  db: DB_OPTION,
  limit: { type: "string", valueName: "N", doc: "at most so many" },
  offset: { type: "string", valueName: "N", doc: "events: so many of the newest are left out" },
  "since-id": { type: "string", valueName: "ID", doc: "recent: only those of a higher id, rising" },
  "before-id": { type: "string", valueName: "ID", doc: "decisions: continue behind the last one of a page" },
  type: { type: "string", valueName: "TYPE", doc: "only this event type" },
  symbol: { type: "string", valueName: "SYMBOL", doc: "only this symbol" },
  run: { type: "string", valueName: "RUN_ID", doc: "only this run" },
  strategy: { type: "string", valueName: "NAME", doc: "only this strategy" },
  decision: { type: "string", valueName: "WORD", doc: "only these: ACCEPT or REJECT" },
  reason: { type: "string", valueName: "CODE", doc: "only this reason code" },
  unit: { type: "string", valueName: "UNIT", doc: "only edges in this unit" },
  service: { type: "string", valueName: "NAME", doc: "traces: only this service" },
  operation: { type: "string", valueName: "NAME", doc: "traces: only this operation, such as the name of a flow" },
  "min-ms": { type: "string", valueName: "MS", doc: "traces: only those that took at least so long" },
  errors: { type: "boolean", doc: "traces: only those with an error" },
  slowest: { type: "boolean", doc: "traces: longest first" },
  compare: { type: "boolean", doc: "summary: beside the range of the same length before it" },
  from: { type: "string", valueName: "TIME", doc: FROM_DOC },
  to: { type: "string", valueName: "TIME", doc: TO_DOC },
  json: { type: "boolean", doc: "the JSON of the API" },
} as const satisfies CommandOptions;

/** The name of an option. */
export type QueryOption = keyof typeof QUERY_OPTIONS;

/** What was typed. */
export type TypedQuery = {
  readonly [Option in QueryOption]?: (typeof QUERY_OPTIONS)[Option]["type"] extends "boolean" ? boolean : string;
};

/** What a question is asked with. */
export interface Asking {
  readonly typed: TypedQuery;
  readonly nowMs: number;
}

/** The answer. */
export interface Answer {
  /** As the API has it. */
  readonly json: unknown;
  /** For people; lines. */
  readonly text: (paint: Paint) => readonly string[];
  /** What is not in the answer, on stderr. */
  readonly note?: string | undefined;
}

/** A question. */
export interface Question {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Besides `db` and `json`. */
  readonly options: readonly QueryOption[];
  /** Reads what was typed, and gives what is done with the store, at the path it was given by. Throws `CliError`. */
  readonly ask: (asking: Asking) => (store: StoreQueries, path: string) => Promise<Answer>;
}

const DAY_MICROS = 86_400e6;

/** The range that was asked for; with nothing said, the last 24 hours. Throws `CliError` for one that is none. */
export function dayRange({ typed, nowMs }: Asking): { readonly from: string; readonly to: string } {
  const given = readTimeSpan(typed, nowMs);
  const to = given.to ?? toTimestamp(nowMs * 1_000);
  const from = given.from ?? toTimestamp(parseInstant(to)! - DAY_MICROS);
  if (from < to) return { from, to };
  throw new CliError(`--from is ${from}, which is not before ${to}: nothing lies between them`);
}

/** The range that was asked for, open where nothing was said. */
export function openRange({ typed, nowMs }: Asking): TimeSpan {
  return readTimeSpan(typed, nowMs);
}
