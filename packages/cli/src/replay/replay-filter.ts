// Which records of a journal are played.
import { parseTraceId, toTimestamp } from "@tracebook/core";
import type { JournalRecord, ReadOptions } from "@tracebook/journal";
import { CliError } from "../cli-error.ts";
import { parseInstant } from "../instant.ts";
import { symbolOf } from "./replay-line.ts";

/** The options of the command that choose records, as they were typed. */
export interface TypedFilter {
  readonly type?: readonly string[] | undefined;
  readonly symbol?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly trace?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The choice: what the reader looks at, and what is looked at here. */
export interface ReplayFilter {
  readonly read: Omit<ReadOptions, "report">;
  readonly matches: (record: JournalRecord) => boolean;
}

/** Makes the choice. Throws `CliError` for an instant or a trace id that is none. */
export function createReplayFilter(typed: TypedFilter): ReplayFilter {
  const { symbol, run, trace } = typed;
  const eventTypes = typed.type?.flatMap((list) => list.split(",")).map((type) => type.trim());
  const symbols = symbol && new Set(symbol);
  const traceId = trace === undefined ? undefined : parseTraceId(trace);
  if (trace !== undefined && traceId === undefined)
    throw new CliError(`--trace is "${trace}"; a trace id is 32 hex digits or a UUID`);
  const from = toBound("from", typed.from);
  const to = toBound("to", typed.to);
  if (from !== undefined && to !== undefined && from >= to)
    throw new CliError("--from is not before --to: nothing lies between them");
  return {
    read: {
      ...(eventTypes && { eventTypes }),
      ...(run !== undefined && { runId: run }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    },
    matches: (record) =>
      (symbols === undefined || symbols.has(symbolOf(record) ?? "")) &&
      (traceId === undefined || traceOf(record) === traceId),
  };
}

/** As the recorder writes instants, so that they compare as text. */
function toBound(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const micros = parseInstant(text);
  if (micros !== undefined) return toTimestamp(micros);
  throw new CliError(
    `--${option} is "${text}"; it must be an ISO 8601 instant`,
    "For example 2026-11-20, 2026-11-20T12:30 or 2026-11-20T12:30:00.5Z; without a zone it is UTC.",
  );
}

function traceOf({ trace_id, data }: JournalRecord): string | undefined {
  return parseTraceId(trace_id ?? (Object.hasOwn(data, "trace_id") ? data["trace_id"] : undefined));
}
