// Judging: gates, vetoes and edge in, one verdict out. Pure, exact, and never throwing.
import { type Context, copyContext, cutText } from "./context.ts";
import { describeFields, describeThrown, describeValue } from "./describe.ts";
import { type EdgeBreakdown, type EdgeInput, edgeBreakdown } from "./edge.ts";
import { describeGate, evaluateGate, type GateInput, type GateResult } from "./gate.ts";
import {
  BUILT_IN_REASON_CODES,
  type HostReasonCode,
  hostReasonCode,
  type ReasonCode,
  type ReasonCodes,
} from "./reason-code.ts";
import { reachesThreshold } from "./reason-sentence.ts";
import { createVerdict, type Verdict } from "./verdict.ts";

/** A rejection the host knows of by itself, judged all the same so that the arithmetic is on record. */
export interface Veto<Code extends string = ReasonCode> {
  readonly code: HostReasonCode<Code>;
  /** A sentence for people, at most 1,024 characters; default: the sentence that describes the code. */
  readonly reason?: string;
  /** Further facts: `{ position: "1.5", limit: "1.5" }`. */
  readonly context?: Context;
}

/** What `judge()` judges: an edge, gates, or both; vetoes beside them. */
export interface JudgeInput<Code extends string = ReasonCode> {
  readonly edge?: EdgeInput;
  /** At most 64, each evaluated and recorded; the first that does not pass decides. */
  readonly gates?: readonly GateInput<Code>[];
  /** At most 64; the first one decides. False, null and undefined are no veto: `[halted && { code: "halted" }]`. */
  readonly vetoes?: readonly (Veto<Code> | false | null | undefined)[];
}

const MAX_ITEMS = 64;
const NO_GATES: readonly GateResult[] = Object.freeze([]);
const EDGE_FIELDS = ["unit", "gross", "fees", "slippage", "gas", "latencyBuffer", "minThreshold"];

/**
 * Judges a trade. ACCEPT exactly when net edge >= threshold, every gate passed and nothing was vetoed; gates alone decide where
 * there is no edge.
 *
 * What decides, in this order: malformed input (`invalid_edge`, then `invalid_gate`), vetoes, gates, the edge. A malformed
 * edge or gate is a REJECT that keeps the raw input; so are an `edge` or `gates` that is there but undefined, and an input with
 * neither (`invalid_edge`). A host's code that is not in `codes` counts as `other` and is kept as `given_reason_code`.
 *
 * Pure: reads no clock, no state, and every field of the input once. Never throws. About half a microsecond for an edge of
 * short decimal strings and two gates; allocates the verdict, the breakdown, the gate results and one short string.
 */
export function judge<Code extends string = ReasonCode>(
  input: JudgeInput<NoInfer<Code>>,
  codes?: ReasonCodes<Code>,
): Verdict<Code | ReasonCode>;
export function judge(input: JudgeInput, codes: ReasonCodes = BUILT_IN_REASON_CODES): Verdict {
  try {
    return judgeInput(input, codes);
  } catch (thrown) {
    // Only an input whose own fields cannot be read gets here.
    const raw = describeFields(input, ["edge", "gates", "vetoes"]);
    return rejected(reject("invalid_edge", `the input of judge could not be read: ${describeThrown(thrown)}`, raw));
  }
}

/** Why a trade is rejected, where that does not follow from the gates and the edge alone. */
interface Rejection {
  readonly reasonCode: ReasonCode;
  readonly reason: string;
  readonly context: Verdict["context"];
  readonly raw: string | undefined;
}

function judgeInput(input: JudgeInput, codes: ReasonCodes): Verdict {
  const { edge: edgeInput, gates: gateInputs, vetoes } = input;
  let edge: EdgeBreakdown | undefined;
  let rejection: Rejection | undefined;
  if (edgeInput !== undefined || "edge" in input) {
    try {
      edge = edgeBreakdown(edgeInput as EdgeInput);
    } catch (thrown) {
      rejection = reject("invalid_edge", (thrown as Error).message, describeFields(edgeInput, EDGE_FIELDS));
    }
  }
  let gates = NO_GATES;
  if (gateInputs !== undefined || "gates" in input) {
    if (isList(gateInputs)) {
      gates = evaluateGates(gateInputs, codes);
      rejection ??= findInvalidGate(gateInputs, gates);
    } else rejection ??= notAList("gates", gateInputs);
  }
  if (vetoes !== undefined) rejection ??= findVeto(vetoes, codes);
  return rejection === undefined ? decide(edge, gates) : rejected(rejection, edge, gates);
}

/** The verdict on well-formed input without a veto: gates in the order given, then the edge. */
function decide(edge: EdgeBreakdown | undefined, gates: readonly GateResult[]): Verdict {
  for (const gate of gates) {
    if (!gate.passed) return createVerdict(gate.reason_code ?? "gate_failed", edge, gates);
  }
  if (edge !== undefined) return createVerdict(reachesThreshold(edge) ? "accepted" : "insufficient_edge", edge, gates);
  if (gates.length > 0) return createVerdict("accepted", edge, gates);
  return rejected(reject("invalid_edge", "there is nothing to judge: neither an edge nor a gate was given"));
}

/** The length is read once: that of a Proxy may grow for ever. */
function evaluateGates(inputs: readonly GateInput[], codes: ReasonCodes): readonly GateResult[] {
  // Sized at once: an array grown by push from nothing takes room for 17.
  const { length } = inputs;
  const results = new Array<GateResult>(length);
  for (let index = 0; index < length; index++) results[index] = evaluateGate(inputs[index] as GateInput, codes);
  return Object.freeze(results);
}

function findInvalidGate(inputs: readonly unknown[], gates: readonly GateResult[]): Rejection | undefined {
  for (let index = 0; index < gates.length; index++) {
    const gate = gates[index];
    if (gate?.reason_code === "invalid_gate") {
      return reject("invalid_gate", `gate ${gate.gate_name}: ${String(gate.details)}`, describeGate(inputs[index]));
    }
  }
  return undefined;
}

function findVeto(vetoes: unknown, codes: ReasonCodes): Rejection | undefined {
  if (!isList(vetoes)) return notAList("vetoes", vetoes);
  const { length } = vetoes;
  for (let index = 0; index < length; index++) {
    const veto: unknown = vetoes[index];
    if (veto !== undefined && veto !== null && veto !== false) return readVeto(veto, codes);
  }
  return undefined;
}

/** A veto that cannot be read is still a veto. */
function readVeto(veto: unknown, codes: ReasonCodes): Rejection {
  const { code, reason, context } = veto as Partial<Record<keyof Veto, unknown>>;
  if (typeof code !== "string") {
    return reject(
      "invalid_gate",
      `veto.code: ${describeValue(code)} is not a reason code`,
      describeFields(veto, ["code", "reason"]),
    );
  }
  const reasonCode = hostReasonCode(code, codes);
  const given = reason === undefined || reason === "" ? (codes.describe(reasonCode) ?? reasonCode) : reason;
  const copied = copyContext(context);
  return {
    reasonCode,
    reason: typeof given === "string" ? cutText(given) : describeValue(given),
    context: reasonCode === code ? copied : Object.freeze({ ...copied, given_reason_code: describeValue(code) }),
    raw: undefined,
  };
}

function isList(value: unknown): value is readonly GateInput[] {
  return Array.isArray(value) && value.length <= MAX_ITEMS;
}

function notAList(name: string, value: unknown): Rejection {
  const given = describeValue(value);
  return reject("invalid_gate", `${name}: ${given} is not an array of at most ${MAX_ITEMS}`, `{${name}: ${given}}`);
}

function reject(reasonCode: ReasonCode, reason: string, raw?: string): Rejection {
  return { reasonCode, reason, context: undefined, raw };
}

function rejected(rejection: Rejection, edge?: EdgeBreakdown, gates: readonly GateResult[] = NO_GATES): Verdict {
  const { reasonCode, reason, context, raw } = rejection;
  return createVerdict(reasonCode, edge, gates, reason, context, raw);
}
