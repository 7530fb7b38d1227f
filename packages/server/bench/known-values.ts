// Values that questions are asked with, so that no two are the same and each has something to find.
import type { Asker } from "./asker.ts";
import type { SampleDatabase } from "./samples.ts";

/** A range of time as parameters. */
export interface RangeParameters extends Readonly<Record<string, string>> {
  readonly start_time: string;
  readonly end_time: string;
}

/** The values; `i` says which of many. */
export interface KnownValues {
  /** The highest id of an event. */
  readonly lastId: number;
  symbol(i: number): string;
  /** One that lies within `day(i)`. */
  run(i: number): string;
  decision(i: number): number;
  trace(i: number): string;
  /** A day, and a week, somewhere in the month of the records; the ends within minutes. */
  day(i: number): RangeParameters;
  week(i: number): RangeParameters;
  /** The last day: what `the last 24 h` are to a desk whose records end now. */
  lastDay(i: number): RangeParameters;
  /** All of it, without some seconds at its end. */
  month(i: number): RangeParameters;
}

const DAY_MICROS = 86_400e6;
/** Runs of a sample are scans, numbered from its beginning, one each hour. */
const RUN_MICROS = 3_600e6;
/** Far from another, the same in each run. */
const STRIDE = 0.618_034;

/** Asks the desk for them. */
export async function askKnownValues(asker: Asker, { fromMicros, toMicros }: SampleDatabase): Promise<KnownValues> {
  const recent = await asker.json<{ events: { id: number }[] }>("/api/telemetry/recent?limit=1");
  const facets = await asker.json<{ symbols: { value: string }[] }>("/api/telemetry/facets");
  const decisions = await asker.json<{ decisions: { event_id: number }[] }>("/api/telemetry/decisions?limit=1000");
  const traces = await asker.json<{ traces: { trace_id: string }[] }>("/api/telemetry/traces?limit=500");
  const startOf = (i: number, lengthMicros: number) =>
    fromMicros + ((i * STRIDE) % 1) * (toMicros - fromMicros - lengthMicros);
  const inMonth = (i: number, lengthMicros: number): RangeParameters =>
    rangeOf(startOf(i, lengthMicros), startOf(i, lengthMicros) + lengthMicros);
  return {
    lastId: recent.events[0]?.id ?? 0,
    symbol: (i) => pick(facets.symbols, i, "a symbol").value,
    run: (i) => `scan-${Math.floor((startOf(i, DAY_MICROS) - fromMicros) / RUN_MICROS) + 12}`,
    decision: (i) => pick(decisions.decisions, i * 7, "a decision").event_id,
    trace: (i) => pick(traces.traces, i * 7, "a trace").trace_id,
    day: (i) => inMonth(i, DAY_MICROS),
    week: (i) => inMonth(i, 7 * DAY_MICROS),
    lastDay: (i) => rangeOf(toMicros - DAY_MICROS + i * 1_234_567, toMicros - i * 1_111_111),
    month: (i) => rangeOf(fromMicros, toMicros - i * 1_111_111),
  };
}

function rangeOf(startMicros: number, endMicros: number): RangeParameters {
  const text = (micros: number) => new Date(micros / 1e3).toISOString();
  return { start_time: text(startMicros), end_time: text(endMicros) };
}

function pick<T>(list: readonly T[], i: number, what: string): T {
  const one = list[i % list.length];
  if (one === undefined)
    throw new Error(`the database has not even ${what}; give --database one that was made by this benchmark`);
  return one;
}
