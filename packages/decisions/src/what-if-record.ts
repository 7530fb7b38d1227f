// A recorded decision as judging it again needs it: what decided, by which figures, and whether the one follows from the other.
import { compareDecimalTexts, toDecimalText } from "./decimal-input.ts";
import { describeThrown, describeValue } from "./describe.ts";
import { calculateNetEdge } from "./edge.ts";
import { type Comparison, orderPasses } from "./gate.ts";
import type { DecisionWord } from "./verdict.ts";

/** A text of a record, or nothing, as journals (absent) and stores (null) have it. */
type RecordedText = string | null | undefined;

/** A gate as it is on the record. */
export interface RecordedGate {
  readonly gate_name: string;
  readonly passed: boolean;
  readonly score?: RecordedText;
  readonly threshold?: RecordedText;
  /** Nothing: `>=`. */
  readonly comparison?: RecordedText;
  readonly reason_code?: RecordedText;
}

/** A decision as it is on the record: the `data` of an event `decision`, or a row of a store. Other fields do not matter. */
export interface RecordedDecision {
  readonly decision: string;
  readonly reason_code: string;
  /** Tells a veto from a gate that had the same code; without it such a decision counts as the gate's. */
  readonly reason?: RecordedText;
  readonly edge_unit?: RecordedText;
  readonly gross_edge?: RecordedText;
  readonly fees_est?: RecordedText;
  readonly slippage_est?: RecordedText;
  readonly gas_est?: RecordedText;
  readonly latency_buffer?: RecordedText;
  readonly net_edge?: RecordedText;
  readonly min_threshold?: RecordedText;
  readonly gates?: readonly RecordedGate[] | null | undefined;
  /** True where the gates were on the record and could not be read: then it cannot be judged again. */
  readonly gates_unreadable?: boolean | undefined;
}

/** The costs by the names of the record. */
export const COST_FIELDS = ["fees_est", "slippage_est", "gas_est", "latency_buffer"] as const;

/** Costs as canonical texts. */
export type Costs = Readonly<Record<(typeof COST_FIELDS)[number], string>>;

/** An edge that was read. Texts are canonical. */
export interface JudgedEdge {
  readonly unit: string;
  /** Undefined: the record has the net edge alone. */
  readonly gross: string | undefined;
  readonly costs: Costs;
  readonly net: string;
  readonly threshold: string;
}

/** A gate that was read. */
export interface JudgedGate {
  readonly name: string;
  readonly passed: boolean;
  readonly reasonCode: string;
  /** What was compared, canonical; undefined where the host gave the result itself. */
  readonly compared:
    | { readonly score: string; readonly threshold: string; readonly comparison: Comparison }
    | undefined;
}

/** A record that was read. */
export interface JudgedRecord {
  readonly decision: DecisionWord;
  readonly reasonCode: string;
  /** A veto, an error or malformed input decided: it is a REJECT whatever the thresholds are. */
  readonly isFixed: boolean;
  readonly edge: JudgedEdge | undefined;
  readonly gates: readonly JudgedGate[];
}

const AMOUNT_FIELDS = ["gross_edge", ...COST_FIELDS, "net_edge", "min_threshold"] as const;
const NO_GATES: readonly JudgedGate[] = Object.freeze([]);

/**
 * Reads a record; a text says why it cannot be judged again: an amount is no decimal, gross edge less costs is not the net edge, or the
 * decision does not follow from its own figures. Never throws.
 */
export function readRecord(record: RecordedDecision): JudgedRecord | string {
  try {
    const gates = readGates(record);
    const edge = readEdge(record);
    return checkDecision(record, edge, gates);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : `the record could not be read: ${describeThrown(thrown)}`;
  }
}

/** Whether the edge reaches its threshold; where there is none, nothing speaks against it. */
export function edgeReaches(edge: Pick<JudgedEdge, "net" | "threshold"> | undefined): boolean {
  return edge === undefined || compareDecimalTexts(edge.net, edge.threshold) >= 0;
}

function readEdge(record: RecordedDecision): JudgedEdge | undefined {
  if (AMOUNT_FIELDS.every((field) => isAbsent(record[field]))) return undefined;
  const unit = record.edge_unit;
  if (typeof unit !== "string" || unit === "") throw new Error(`edge_unit: ${describeValue(unit)} is not a unit`);
  const net = amount(record, "net_edge");
  const threshold = amount(record, "min_threshold");
  const costs = {
    fees_est: cost(record, "fees_est"),
    slippage_est: cost(record, "slippage_est"),
    gas_est: cost(record, "gas_est"),
    latency_buffer: cost(record, "latency_buffer"),
  };
  const gross = isAbsent(record.gross_edge) ? undefined : amount(record, "gross_edge");
  if (gross !== undefined) {
    const due = netEdge(gross, costs);
    if (compareDecimalTexts(due, net) !== 0)
      throw new Error(`net_edge: ${net} is not gross_edge less costs, which is ${due}`);
  }
  return { unit, gross, costs, net, threshold };
}

/** `gross - fees - slippage - gas - buffer`, exact. */
export function netEdge(gross: string, costs: Costs): string {
  const { fees_est: fees, slippage_est: slippage, gas_est: gas, latency_buffer: latencyBuffer } = costs;
  return calculateNetEdge({ gross, fees, slippage, gas, latencyBuffer });
}

function amount(record: RecordedDecision, field: (typeof AMOUNT_FIELDS)[number]): string {
  const value: unknown = record[field];
  if (typeof value !== "string") throw new Error(`${field}: ${describeValue(value)} is not a decimal text`);
  return toDecimalText(value, field);
}

/** A cost that is not on the record was none. */
function cost(record: RecordedDecision, field: (typeof COST_FIELDS)[number]): string {
  return isAbsent(record[field]) ? "0" : amount(record, field);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function readGates({ gates, gates_unreadable: isUnreadable }: RecordedDecision): readonly JudgedGate[] {
  if (isUnreadable === true) throw new Error("gates: they could not be read");
  if (gates === undefined || gates === null) return NO_GATES;
  if (!Array.isArray(gates)) throw new Error(`gates: ${describeValue(gates)} is not a list`);
  return gates.map(readGate);
}

function readGate(gate: RecordedGate, index: number): JudgedGate {
  const { gate_name: name, passed, reason_code: code } = gate;
  if (typeof name !== "string" || typeof passed !== "boolean")
    throw new Error(`gates[${index}]: ${describeValue(name)}, passed ${describeValue(passed)}, is not a gate`);
  const reasonCode = isAbsent(code) ? "gate_failed" : String(code);
  return { name, passed, reasonCode, compared: readComparison(gate) };
}

/** Where score and threshold do not give the result that is on the record, it was the host's own. */
function readComparison(gate: RecordedGate): JudgedGate["compared"] {
  const { passed } = gate;
  const score = comparable(gate.score);
  const threshold = comparable(gate.threshold);
  if (score === undefined || threshold === undefined) return undefined;
  const comparison = isAbsent(gate.comparison) ? ">=" : gate.comparison;
  if (comparison !== ">=" && comparison !== ">" && comparison !== "<=" && comparison !== "<") return undefined;
  const compared = {
    score: toDecimalText(score, `gate ${gate.gate_name}: score`),
    threshold: toDecimalText(threshold, `gate ${gate.gate_name}: threshold`),
  };
  const order = compareDecimalTexts(compared.score, compared.threshold);
  return orderPasses(order, comparison) === passed ? { ...compared, comparison } : undefined;
}

/** Scores are no money: other writers have them as numbers, which count at their shortest decimal form, as in `judge()`. */
function comparable(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function checkDecision(
  { decision, reason_code: reasonCode, reason }: RecordedDecision,
  edge: JudgedEdge | undefined,
  gates: readonly JudgedGate[],
): JudgedRecord | string {
  const failed = gates.find((gate) => !gate.passed);
  const reaches = edgeReaches(edge);
  if (decision === "ACCEPT") {
    if (failed !== undefined) return `decision: ACCEPT although gate ${describeValue(failed.name)} did not pass`;
    if (!reaches) return `decision: ACCEPT although ${edge?.net} is below the threshold of ${edge?.threshold}`;
    return { decision, reasonCode, isFixed: false, edge, gates };
  }
  if (decision !== "REJECT") return `decision: ${describeValue(decision)} is not ACCEPT or REJECT`;
  if (reasonCode === "insufficient_edge") {
    if (edge === undefined) return "reason_code: insufficient_edge, and there is no edge";
    if (reaches)
      return `reason_code: insufficient_edge although ${edge.net} reaches the threshold of ${edge.threshold}`;
    return { decision, reasonCode, isFixed: false, edge, gates };
  }
  const isByGate = failed !== undefined && failed.reasonCode === reasonCode && isToldOf(failed, reason);
  // A gate that could not be read decides before all others, wherever it stands.
  return { decision, reasonCode, isFixed: !isByGate || reasonCode === "invalid_gate", edge, gates };
}

/** A veto with the code of a gate that did not pass decides before it, and has a reason of its own. */
function isToldOf(gate: JudgedGate, reason: RecordedText): boolean {
  return typeof reason !== "string" || reason.startsWith(`gate ${gate.name}`);
}
