// Puts verdicts on the record: one call for event, span attributes, counters and journal.
import type { Flow, Redactor } from "@tracebook/core";
import {
  type AttributeSink,
  type EventKind,
  type EventRecord,
  type JsonWriter,
  PlainApi,
  tracebookSlot,
} from "@tracebook/core/extension";
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
  writeSpanAttributes,
  writeLogAttributes,
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
const EDGE_NAMES = /* @__PURE__ */ EDGE_FIELDS.map((field) => `trading.${field}`);
/** The sentence of most rejects; what differs from one to the next is put in. */
const SHORTFALL = ["net edge ", "", " ", "", " is below the threshold of ", "", " ", ""];
const encoder = /* @__PURE__ */ new TextEncoder();
const toBytes = (ascii: string): Uint8Array => encoder.encode(ascii);
const EDGE_KEYS = /* @__PURE__ */ EDGE_FIELDS.map((field) => toBytes(`,"${field}":`));
const FRAGMENTS = /* @__PURE__ */ Object.freeze({
  strategy: toBytes('{"strategy":'),
  acceptAfter: toBytes(',"decision":"ACCEPT","reason_code":'),
  rejectAfter: toBytes(',"decision":"REJECT","reason_code":'),
  acceptFirst: toBytes('{"decision":"ACCEPT","reason_code":'),
  rejectFirst: toBytes('{"decision":"REJECT","reason_code":'),
  reason: toBytes(',"reason":'),
  insufficient: toBytes(',"reason":"net edge '),
  below: toBytes(" is below the threshold of "),
  space: toBytes(" "),
  quote: toBytes('"'),
  unit: toBytes(',"edge_unit":'),
  end: toBytes("}"),
});

/** On the span: what was decided and by how much. The whole breakdown is in the log record and in the journal. */
function writeSpanAttributes(verdict: Verdict<string>, redactor: Redactor, out: AttributeSink): void {
  out.text("trading.decision", verdict.decision);
  writeReason(verdict, redactor, out);
  const edge = verdict.edge;
  if (edge === undefined) return;
  out.text("trading.net_edge", edge.net_edge);
  out.text("trading.min_threshold", edge.min_threshold);
  out.text("trading.edge_unit", redactor.text(edge.edge_unit));
}

/** The attributes of a decision's log record; none for malformed input and vetoes with context, which hold host values. */
function writeLogAttributes(
  verdict: Verdict<string>,
  record: EventRecord,
  redactor: Redactor,
  out: AttributeSink,
): boolean {
  const { edge, gates } = verdict;
  if (verdict.raw !== undefined || verdict.context !== undefined) return false;
  out.text("trading.decision", verdict.decision);
  out.text("trading.reason_code", verdict.reasonCode);
  writeReason(verdict, redactor, out);
  if (record.strategy !== undefined) out.text("trading.strategy", redactor.text(record.strategy));
  if (record.symbol !== undefined) out.text("trading.symbol", redactor.text(record.symbol));
  // Decimals as this package formats them hold no secrets, and their length is bounded by what it parses.
  if (edge !== undefined)
    for (let i = 1; i < EDGE_FIELDS.length; i++)
      out.text(EDGE_NAMES[i] as string, edge[EDGE_FIELDS[i] as (typeof EDGE_FIELDS)[number]]);
  if (edge !== undefined) out.text("trading.edge_unit", redactor.text(edge.edge_unit));
  if (gates.length > 0) out.text("trading.gates", redactor.text(JSON.stringify(gates)));
  return true;
}

/** The reason; of most rejects in pieces, letter by letter what `verdict.reason` says, without making the string. */
function writeReason(verdict: Verdict<string>, redactor: Redactor, out: AttributeSink): void {
  const edge = verdict.edge;
  if (edge === undefined || verdict.reasonCode !== "insufficient_edge" || !isWord(edge.edge_unit))
    return out.text("trading.reason", redactor.text(verdict.reason));
  SHORTFALL[1] = edge.net_edge;
  SHORTFALL[3] = edge.edge_unit;
  SHORTFALL[5] = edge.min_threshold;
  SHORTFALL[7] = edge.edge_unit;
  out.pieces("trading.reason", SHORTFALL);
}

/** The same bytes as `toData` as JSON, without the object: this is written for every tick. */
function writeDecision(verdict: Verdict<string>, record: EventRecord, out: JsonWriter): void {
  if (verdict.raw !== undefined || verdict.context !== undefined)
    return out.value(DECISION_KIND.toData(verdict, record));
  const { strategy } = record;
  if (strategy === undefined) out.fragment(verdict.accepted ? FRAGMENTS.acceptFirst : FRAGMENTS.rejectFirst);
  else {
    out.fragment(FRAGMENTS.strategy);
    out.label(strategy);
    out.fragment(verdict.accepted ? FRAGMENTS.acceptAfter : FRAGMENTS.rejectAfter);
  }
  out.label(verdict.reasonCode);
  const edge = verdict.edge;
  if (edge !== undefined && verdict.reasonCode === "insufficient_edge" && isWord(edge.edge_unit))
    writeShortfall(edge, out);
  else {
    out.fragment(FRAGMENTS.reason);
    out.string(verdict.reason);
  }
  if (edge !== undefined) writeEdge(edge, out);
  if (verdict.gates.length > 0) writeGates(verdict.gates, out);
  out.fragment(FRAGMENTS.end);
}

/** The sentence of most rejects in pieces, letter by letter what `verdict.reason` says, without making the string. */
function writeShortfall(edge: EdgeBreakdown, out: JsonWriter): void {
  out.fragment(FRAGMENTS.insufficient);
  out.raw(edge.net_edge);
  out.fragment(FRAGMENTS.space);
  out.raw(edge.edge_unit);
  out.fragment(FRAGMENTS.below);
  out.raw(edge.min_threshold);
  out.fragment(FRAGMENTS.space);
  out.raw(edge.edge_unit);
  out.fragment(FRAGMENTS.quote);
}

/** True for a unit of a few letters, which needs neither escaping nor a look for secrets. */
function isWord(unit: string): boolean {
  if (unit.length === 0 || unit.length > 8) return false;
  for (let i = 0; i < unit.length; i++) {
    // Letters of either case: setting the bit of lower case leaves them between a and z.
    const letter = unit.charCodeAt(i) | 0x20;
    if (letter < 0x61 || letter > 0x7a) return false;
  }
  return true;
}

function writeEdge(edge: EdgeBreakdown, out: JsonWriter): void {
  out.fragment(FRAGMENTS.unit);
  out.label(edge.edge_unit);
  // The rest are decimals as this package formats them: digits, a point and a sign.
  for (let i = 1; i < EDGE_FIELDS.length; i++) {
    out.fragment(EDGE_KEYS[i] as Uint8Array);
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
