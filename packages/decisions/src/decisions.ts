// Puts verdicts on the record: one call for event, span attributes, counters and journal.
import type { Flow } from "@tracebook/core";
import { type EventKind, type EventRecord, type JsonWriter, PlainApi, tracebookSlot } from "@tracebook/core/extension";
import type { EdgeBreakdown } from "./edge.ts";
import type { GateResult } from "./gate.ts";
import { type Verdict, verdictFields } from "./verdict.ts";

/** Whose decision it is. Hoist the object out of the loop when it does not change. */
export interface DecisionOptions {
  /** A label of metrics: bounded. */
  readonly strategy?: string | undefined;
  /** The instrument; default: the flow's. */
  readonly symbol?: string | undefined;
  /** The flow it belongs to; default: the active one. */
  readonly flow?: Flow | undefined;
  /** A trace id (UUID or 32 hex digits) it belongs to; wins over `flow`. */
  readonly traceId?: string | undefined;
  /** The run; default: the flow's. */
  readonly runId?: string | undefined;
}

/** The event of a decision: evidence, in the journal's `events.jsonl`, dropped last. */
export const DECISION_KIND: EventKind<Verdict<string>> = Object.freeze({
  eventType: "decision",
  recordClass: "evidence",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: (verdict: Verdict<string>, record: EventRecord) => ({
    ...(record.strategy === undefined ? undefined : { strategy: record.strategy }),
    ...verdictFields(verdict),
  }),
  toAttributes: attributesOf,
  writeData: writeDecision,
});

const EDGE_FIELDS = [
  "edge_unit",
  "gross_edge",
  "fees_est",
  "slippage_est",
  "gas_est",
  "latency_buffer",
  "net_edge",
  "min_threshold",
] as const satisfies readonly (keyof EdgeBreakdown)[];
const EDGE_KEYS = EDGE_FIELDS.map((field) => `,"${field}":`);

function attributesOf(verdict: Verdict<string>): Record<string, string | boolean> {
  const attributes: Record<string, string | boolean> = {
    "trading.decision": verdict.decision,
    "trading.reason": verdict.reason,
  };
  const edge = verdict.edge;
  if (edge !== undefined) for (const field of EDGE_FIELDS) attributes[`trading.${field}`] = edge[field];
  return attributes;
}

/** The same bytes as `toData` as JSON, without the object: this is written for every tick. */
function writeDecision(verdict: Verdict<string>, record: EventRecord, out: JsonWriter): void {
  if (verdict.raw !== undefined || verdict.context !== undefined)
    return out.value(DECISION_KIND.toData(verdict, record));
  out.raw("{");
  if (record.strategy !== undefined) {
    out.raw('"strategy":');
    out.string(record.strategy);
    out.raw(",");
  }
  out.raw(verdict.accepted ? '"decision":"ACCEPT","reason_code":"' : '"decision":"REJECT","reason_code":"');
  // A reason code is a name of the closed vocabulary: plain by definition.
  out.raw(verdict.reasonCode);
  out.raw('","reason":');
  out.string(verdict.reason);
  const edge = verdict.edge;
  if (edge !== undefined) writeEdge(edge, out);
  if (verdict.gates.length > 0) writeGates(verdict.gates, out);
  out.raw("}");
}

function writeEdge(edge: EdgeBreakdown, out: JsonWriter): void {
  out.raw(',"edge_unit":');
  out.string(edge.edge_unit);
  // The rest are decimals as this package formats them: digits, a point and a sign.
  for (let i = 1; i < EDGE_FIELDS.length; i++) {
    out.raw(EDGE_KEYS[i] as string);
    out.plain(edge[EDGE_FIELDS[i] as (typeof EDGE_FIELDS)[number]]);
  }
}

function writeGates(gates: readonly GateResult<string>[], out: JsonWriter): void {
  let separator = ',"gates":[';
  for (const gate of gates) {
    out.raw(separator);
    separator = ",";
    writeGate(gate, out);
  }
  out.raw("]");
}

function writeGate(gate: GateResult<string>, out: JsonWriter): void {
  out.raw('{"gate_name":');
  out.string(gate.gate_name);
  out.raw(gate.passed ? ',"passed":true' : ',"passed":false');
  if (gate.reason_code !== undefined) {
    out.raw(',"reason_code":');
    out.plain(gate.reason_code);
  }
  if (gate.score !== undefined) {
    out.raw(',"score":');
    out.plain(gate.score);
  }
  if (gate.threshold !== undefined) {
    out.raw(',"threshold":');
    out.plain(gate.threshold);
  }
  if (gate.comparison !== undefined) {
    out.raw(',"comparison":');
    out.plain(gate.comparison);
  }
  if (gate.details !== undefined) {
    out.raw(',"details":');
    out.value(gate.details);
  }
  out.raw("}");
}

/** The decision logger: nothing to set up, `decisions.record(verdict)` is all. */
export interface Decisions {
  /**
   * Puts a verdict on the record of the active flow: an event `decision`, the attributes of the flow's span, the counters, a
   * journal line. Decides how the flow ends unless the flow says so itself, and an accepted one is always kept.
   *
   * Changes nothing about the verdict, never throws, and does nothing while telemetry is off. Cost: a clock read and one
   * object; everything else happens after the tick.
   */
  record(verdict: Verdict<string>, options?: DecisionOptions): void;
}

const slot = /* @__PURE__ */ tracebookSlot();
const plain = /* @__PURE__ */ new PlainApi();

/** The decision logger. */
export const decisions: Decisions = Object.freeze({
  record(verdict: Verdict<string>, options?: DecisionOptions) {
    const runtime = slot.runtime;
    if (runtime !== undefined) runtime.emitVerdict(DECISION_KIND as EventKind, verdict, options);
    else plain.signals()?.emitVerdict(DECISION_KIND as EventKind, verdict, options);
  },
});
