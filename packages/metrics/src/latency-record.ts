// Stage latencies measured by the host itself: into the stage histogram, and back as the record to be written.

import { END_TO_END } from "@tracebook/core/extension";
import { formatFixed, parseFixed } from "./fixed-decimal.ts";
import type { Histogram } from "./histogram.ts";

/** The latencies of one pass, in milliseconds; each field that ends in `_ms` is a stage, in the order given. */
export interface LatencyInput {
  readonly trace_id?: string | undefined;
  /** The flow they belong to. Default `tick`. */
  readonly flow?: string | undefined;
  readonly ws_to_book_update_ms?: number | undefined;
  readonly book_to_signal_ms?: number | undefined;
  readonly signal_to_risk_ms?: number | undefined;
  readonly risk_to_send_ms?: number | undefined;
  readonly [stage: `${string}_ms`]: number | undefined;
}

/** What was recorded: the stages that were given and, from the second on, `end_to_end_ms`, their exact decimal sum. */
export interface LatencyRecord {
  readonly trace_id?: string;
  readonly end_to_end_ms?: number;
  readonly [stage: `${string}_ms`]: number;
}

const SUFFIX = "_ms";
const DEFAULT_FLOW = "tick";
/** As many as a flow can have marks. */
const MAX_STAGES = 30;

/** Hears of latencies that a host measured itself, and of the flow they belong to. */
export type LatencyListener = (record: LatencyRecord, flow: string) => void;

/**
 * Records each stage and their sum, and tells the listeners. Values that are not finite numbers of at least 0 are refused and
 * counted. Never throws.
 */
export function recordLatency(
  stageDuration: Histogram<"flow" | "stage">,
  input: LatencyInput,
  listeners: Iterable<LatencyListener> = [],
): LatencyRecord {
  const { flow, traceId, given } = readInput(input);
  const record = recordStages(stageDuration, flow, traceId, given);
  for (const hear of listeners) {
    try {
      hear(record, flow);
    } catch {
      // A listener's trouble is not the trouble of who measures.
    }
  }
  return record;
}

function recordStages(
  stageDuration: Histogram<"flow" | "stage">,
  flow: string,
  traceId: string | undefined,
  given: ReadInput["given"],
): LatencyRecord {
  const stages: [string, number][] = [];
  let sum = 0n;
  for (const [stage, ms] of given) {
    const exact = typeof ms === "number" && ms >= 0 ? parseFixed(ms) : undefined;
    // Refused by the histogram as well, which counts it.
    stageDuration.record(exact === undefined ? Number.NaN : ms / 1000, { flow, stage });
    if (exact === undefined) continue;
    sum += exact;
    stages.push([stage + SUFFIX, ms]);
  }
  const id = traceId === undefined ? [] : [["trace_id", traceId]];
  if (stages.length < 2) return Object.fromEntries([...id, ...stages]);
  const endToEndMs = Number(formatFixed(sum));
  stageDuration.record(endToEndMs / 1000, { flow, stage: END_TO_END });
  return Object.fromEntries([...id, ...stages, [END_TO_END + SUFFIX, endToEndMs]]);
}

interface ReadInput {
  readonly flow: string;
  readonly traceId: string | undefined;
  readonly given: readonly (readonly [string, number])[];
}

/** Reads the host's object once; what throws on the way ends the reading. */
function readInput(input: LatencyInput): ReadInput {
  const given: [string, number][] = [];
  let flow = DEFAULT_FLOW;
  let traceId: string | undefined;
  try {
    if (typeof input.flow === "string") flow = input.flow;
    if (typeof input.trace_id === "string") traceId = input.trace_id;
    for (const key of Object.keys(input) as `${string}_ms`[]) {
      if (!key.endsWith(SUFFIX) || key === END_TO_END + SUFFIX) continue;
      const value = input[key];
      if (value !== undefined && given.length < MAX_STAGES) given.push([key.slice(0, -SUFFIX.length), value]);
    }
  } catch {
    // A Proxy or getter of the host's: what was read so far counts.
  }
  return { flow, traceId, given };
}
