// Records as they lie in a journal.
import { judge } from "@tracebook/decisions";

/** What a test says of a record; the rest is filled in. */
export interface LineFields {
  readonly seq: number;
  readonly event_type?: string;
  readonly instance_id?: string;
  readonly timestamp?: string;
  readonly run_id?: string;
  readonly trace_id?: string;
  readonly symbol?: string;
  readonly data?: object;
}

/** The day of all records, and the files that they belong to. */
const DAY = "2026-11-20";
export const EVENTS = "data/events/20261120/events.jsonl";
export const TELEMETRY = "logs/telemetry.jsonl";
export const TRACE = "0af7651916cd43dd8448eb211c80319c";

const EDGE = { unit: "bps", gross: "4.10", fees: "2.00", slippage: "0.60", gas: "0", latencyBuffer: "0.30" };

/** The data of a decision that is a REJECT: 4.10 - 2.00 - 0.60 - 0 - 0.30 = 1.20, and 1.50 is needed. */
export const REJECT = { strategy: "basis", ...judge({ edge: { ...EDGE, minThreshold: "1.50" } }).toJSON() };

/** The time of a record, so many milliseconds after noon. */
export function atMs(ms: number): string {
  return `${new Date(Date.parse(`${DAY}T12:00:00Z`) + ms).toISOString().slice(0, -1)}000Z`;
}

/** A record; one that is told nothing else is a decision, a second after the record before it. */
export function recordLine({ seq, event_type = "decision", data = REJECT, ...fields }: LineFields): object {
  return {
    seq,
    instance_id: "a-1",
    event_type,
    timestamp: atMs(seq * 1_000),
    run_id: "run-1",
    trace_id: TRACE,
    span_id: "b7ad6b7169203331",
    symbol: "BTC/USDT",
    ...fields,
    data,
  };
}

/** Decisions with these numbers. */
export function decisions(...seqs: readonly number[]): object[] {
  return seqs.map((seq) => recordLine({ seq }));
}
