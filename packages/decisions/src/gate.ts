// Gates: named checks of a score against a threshold, evaluated exactly.
import { type Context, copyContext, cutText } from "./context.ts";
import { compareDecimalTexts, type DecimalInput, toDecimalText } from "./decimal-input.ts";
import { describeFields, describeThrown, describeValue } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";
import {
  BUILT_IN_REASON_CODES,
  type HostReasonCode,
  hostReasonCode,
  type ReasonCode,
  type ReasonCodes,
} from "./reason-code.ts";

/** How a score is held against its threshold: `score >= threshold` unless said otherwise. */
export type Comparison = ">=" | ">" | "<=" | "<";

/**
 * One check: `{ name: "min_confluence", score: 82, threshold: 70 }`, or one the host made itself:
 * `{ name: "book_ready", passed: book.ready }`.
 */
export interface GateInput<Code extends string = ReasonCode> {
  /** 1 to 64 characters; from a small fixed set, since gates are counted by name. */
  readonly name: string;
  readonly score?: DecimalInput;
  readonly threshold?: DecimalInput;
  /** Default `">="`. */
  readonly comparison?: Comparison;
  /** The host's own result. It counts instead of the comparison; score and threshold are then only recorded. */
  readonly passed?: boolean;
  /** The reason code of a verdict this gate decides. Default `gate_failed`. */
  readonly reasonCode?: HostReasonCode<Code>;
  /** A sentence or key=value facts for the record. */
  readonly details?: string | Context;
}

/** A gate evaluated, in the names of the record. Frozen; fields that do not apply are undefined (and absent in JSON). */
export interface GateResult<Code extends string = ReasonCode> {
  readonly gate_name: string;
  readonly passed: boolean;
  /** Why the gate did not pass; undefined where it did. */
  readonly reason_code: Code | undefined;
  readonly score: string | undefined;
  readonly threshold: string | undefined;
  /** Given only where it is not `>=`. */
  readonly comparison: Comparison | undefined;
  readonly details: string | Readonly<Record<string, string | number | boolean>> | undefined;
}

const MAX_NAME_LENGTH = 64;
const GATE_FIELDS = ["name", "score", "threshold", "comparison", "passed", "reasonCode"];

/**
 * Evaluates one gate. Never throws: a gate that cannot be read did not pass, with reason code `invalid_gate` and the
 * explanation in `details`. Numbers are compared at their shortest decimal form. Allocates the result.
 */
export function evaluateGate<Code extends string = ReasonCode>(
  input: GateInput<NoInfer<Code>>,
  codes?: ReasonCodes<Code>,
): GateResult<Code>;
export function evaluateGate(input: GateInput, codes: ReasonCodes = BUILT_IN_REASON_CODES): GateResult {
  try {
    return readGate(input, codes);
  } catch (thrown) {
    return invalidGate(input, thrown);
  }
}

/** Describes a gate as it was given, for the raw input of a verdict. Never throws. */
export function describeGate(input: unknown): string {
  return describeFields(input, GATE_FIELDS);
}

/** Reads every field once: a getter may answer differently the next time. */
function readGate(input: GateInput, codes: ReasonCodes): GateResult {
  const name = requireName(input.name);
  const { score, threshold, passed: given, reasonCode, details } = input;
  const comparison = requireComparison(input.comparison);
  const scoreText = score === undefined ? undefined : toDecimalText(score, "gate.score");
  const thresholdText = threshold === undefined ? undefined : toDecimalText(threshold, "gate.threshold");
  let passed: boolean;
  if (given !== undefined) passed = requireBoolean(given);
  else if (scoreText === undefined || thresholdText === undefined) {
    throw malformed("gate: neither score and threshold nor passed are given");
  } else if (typeof score === "number" && typeof threshold === "number") {
    // Finite, since they have texts; doubles are in the same order as their shortest decimal forms.
    passed = orderPasses(score - threshold, comparison);
  } else passed = orderPasses(compareDecimalTexts(scoreText, thresholdText), comparison);
  const failure = passed ? undefined : failureCode(reasonCode, codes);
  return Object.freeze({
    gate_name: name,
    passed,
    reason_code: failure,
    score: scoreText,
    threshold: thresholdText,
    comparison: comparison === ">=" ? undefined : comparison,
    details: details === undefined && failure !== "other" ? undefined : readDetails(details, failure, reasonCode),
  });
}

/** Whether a score that compares to its threshold as `order` (negative, 0, positive) passes. */
export function orderPasses(order: number, comparison: Comparison): boolean {
  if (comparison === ">=") return order >= 0;
  if (comparison === "<=") return order <= 0;
  return comparison === ">" ? order > 0 : order < 0;
}

function requireName(name: unknown): string {
  if (typeof name === "string" && name.length > 0 && name.length <= MAX_NAME_LENGTH) return name;
  throw malformed(`gate.name: ${describeValue(name)} is not a text of 1 to ${MAX_NAME_LENGTH} characters`);
}

function requireBoolean(passed: unknown): boolean {
  if (typeof passed === "boolean") return passed;
  throw malformed(`gate.passed: ${describeValue(passed)} is not true or false`);
}

function requireComparison(comparison: unknown): Comparison {
  if (comparison === undefined || comparison === ">=") return ">=";
  if (comparison === "<=" || comparison === ">" || comparison === "<") return comparison;
  throw malformed(`gate.comparison: ${describeValue(comparison)} is not >=, >, <= or <`);
}

function failureCode(given: unknown, codes: ReasonCodes): ReasonCode {
  return given === undefined ? "gate_failed" : hostReasonCode(given, codes);
}

/** Copies the details; keeps beside them the text of a code that became `other`. */
function readDetails(given: unknown, failure: ReasonCode | undefined, code: unknown): GateResult["details"] {
  const details = typeof given === "string" ? cutText(given) : copyContext(given);
  if (failure !== "other" || code === "other") return details;
  const facts = typeof details === "string" ? { details } : details;
  return Object.freeze({ ...facts, given_reason_code: describeValue(code) });
}

function invalidGate(input: unknown, thrown: unknown): GateResult {
  return Object.freeze({
    gate_name: nameOf(input),
    passed: false,
    reason_code: "invalid_gate",
    score: undefined,
    threshold: undefined,
    comparison: undefined,
    details:
      thrown instanceof TracebookDecisionError ? thrown.message : `gate: reading it threw ${describeThrown(thrown)}`,
  });
}

/** The name of a gate that is malformed otherwise. */
function nameOf(input: unknown): string {
  try {
    return requireName((input as { name: unknown }).name);
  } catch {
    return "unnamed";
  }
}

function malformed(problem: string): TracebookDecisionError {
  return new TracebookDecisionError("gate_malformed", problem);
}
