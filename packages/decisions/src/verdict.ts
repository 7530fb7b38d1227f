// The verdict: what judging answers, immutable, and its flat form for the record.
import type { EdgeBreakdown } from "./edge.ts";
import type { GateResult } from "./gate.ts";
import type { ReasonCode } from "./reason-code.ts";
import { reasonSentence } from "./reason-sentence.ts";

/** ACCEPT exactly when net edge >= threshold and every gate passed. */
export type DecisionWord = "ACCEPT" | "REJECT";

/** The result of judging. Immutable; the same fields in the same order for every verdict. */
export interface Verdict<Code extends string = ReasonCode> {
  /** Whether the trade may go ahead. */
  readonly accepted: boolean;
  /** The same as a word for the record. */
  readonly decision: DecisionWord;
  /** The label: `accepted` exactly when accepted. */
  readonly reasonCode: Code;
  /** The sentence for people: `net edge 1.20 bps is below the threshold of 1.50 bps`. Built when it is first read. */
  readonly reason: string;
  /** The edge worked out; undefined where none was given or it was malformed. */
  readonly edge: EdgeBreakdown | undefined;
  /** Every gate in the order given, evaluated. */
  readonly gates: readonly GateResult<Code>[];
  /** The context of the veto that decided. */
  readonly context: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The malformed input as it was given, described field by field, 64 characters each; undefined for well-formed input. */
  readonly raw: string | undefined;
  /** The data of the record (`JSON.stringify(verdict)` gives a decision's `data`). */
  toJSON(): VerdictFields;
}

/** The data of a decision on the record, flat and in its order; fields that do not apply are absent. */
export interface VerdictFields extends Partial<EdgeBreakdown> {
  readonly decision: DecisionWord;
  readonly reason_code: string;
  readonly reason: string;
  readonly gates?: readonly GateResult<string>[];
  /** What the malformed input looked like. */
  readonly raw_input?: string;
  /** The context of a veto; a name that is taken gets `context_` in front. */
  readonly [context: string]: unknown;
}

/**
 * Makes a verdict; it is accepted exactly when the reason code is `accepted`. `reason` is left out where the sentence follows
 * from the gates and the edge. Positional, since it is called every tick.
 */
export function createVerdict<Code extends string>(
  reasonCode: Code,
  edge: EdgeBreakdown | undefined,
  gates: readonly GateResult<Code>[],
  reason?: string,
  context?: Verdict["context"],
  raw?: string,
): Verdict<Code> {
  return new JudgedVerdict(reasonCode, edge, gates, reason, context, raw);
}

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

class JudgedVerdict<Code extends string> implements Verdict<Code> {
  readonly accepted: boolean;
  readonly decision: DecisionWord;
  readonly reasonCode: Code;
  readonly edge: EdgeBreakdown | undefined;
  readonly gates: readonly GateResult<Code>[];
  readonly context: Verdict["context"];
  readonly raw: string | undefined;
  #reason: string | undefined;

  constructor(
    reasonCode: Code,
    edge: EdgeBreakdown | undefined,
    gates: readonly GateResult<Code>[],
    reason: string | undefined,
    context: Verdict["context"],
    raw: string | undefined,
  ) {
    this.accepted = reasonCode === "accepted";
    this.decision = this.accepted ? "ACCEPT" : "REJECT";
    this.reasonCode = reasonCode;
    this.edge = edge;
    this.gates = gates;
    this.context = context;
    this.raw = raw;
    this.#reason = reason;
    Object.freeze(this);
  }

  /** Built when first read: on most ticks nobody does, or the recorder does after the tick. */
  get reason(): string {
    this.#reason ??= reasonSentence(this.edge, this.gates);
    return this.#reason;
  }

  toJSON(): VerdictFields {
    return verdictFields(this);
  }

  /** What Node's `console.log` shows. */
  [INSPECT](): object {
    return { ...this, reason: this.reason };
  }
}

/** The data of a decision on the record. Allocates; call it after the tick. */
export function verdictFields(verdict: Verdict<string>): VerdictFields {
  const fields: VerdictFields = {
    decision: verdict.decision,
    reason_code: verdict.reasonCode,
    reason: verdict.reason,
    ...verdict.edge,
    ...(verdict.gates.length > 0 ? { gates: verdict.gates } : undefined),
    ...(verdict.raw !== undefined ? { raw_input: verdict.raw } : undefined),
  };
  if (verdict.context === undefined) return fields;
  const context = Object.entries(verdict.context).map(([key, value]) => [
    key in fields ? `context_${key}` : key,
    value,
  ]);
  return { ...fields, ...Object.fromEntries(context) };
}
