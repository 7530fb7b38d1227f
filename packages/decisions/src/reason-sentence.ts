// The sentence that tells people why a verdict is as it is.
import { compareDecimalTexts } from "./decimal-input.ts";
import type { EdgeBreakdown } from "./edge.ts";
import { type Comparison, type GateResult, orderPasses } from "./gate.ts";

/** Says what decided: the first gate that did not pass, otherwise the edge, otherwise the gates that all passed. */
export function reasonSentence(edge: EdgeBreakdown | undefined, gates: readonly GateResult<string>[]): string {
  const failed = gates.find((gate) => !gate.passed);
  if (failed !== undefined) return failedGateSentence(failed);
  if (edge === undefined) return passedGates(gates);
  const sentence = edgeSentence(edge);
  return gates.length === 0 || !reachesThreshold(edge) ? sentence : `${sentence} and ${passedGates(gates)}`;
}

/** Whether `net_edge >= min_threshold`, exactly. */
export function reachesThreshold(edge: EdgeBreakdown): boolean {
  return compareDecimalTexts(edge.net_edge, edge.min_threshold) >= 0;
}

function edgeSentence(edge: EdgeBreakdown): string {
  const relation = reachesThreshold(edge) ? "reaches" : "is below";
  const unit = edge.edge_unit;
  return `net edge ${edge.net_edge} ${unit} ${relation} the threshold of ${edge.min_threshold} ${unit}`;
}

function passedGates(gates: readonly GateResult<string>[]): string {
  const [only] = gates;
  return gates.length === 1 && only !== undefined
    ? `gate ${only.gate_name} passed`
    : `all ${gates.length} gates passed`;
}

const FAILED_RELATION: Readonly<Record<Comparison, string>> = {
  ">=": "is below",
  ">": "is not above",
  "<=": "is above",
  "<": "is not below",
};

function failedGateSentence(gate: GateResult<string>): string {
  const { gate_name: name, score, threshold, comparison = ">=", details } = gate;
  if (
    score !== undefined &&
    threshold !== undefined &&
    !orderPasses(compareDecimalTexts(score, threshold), comparison)
  ) {
    return `gate ${name}: score ${score} ${FAILED_RELATION[comparison]} the threshold of ${threshold}`;
  }
  return typeof details === "string" ? `gate ${name} did not pass: ${details}` : `gate ${name} did not pass`;
}
