// Near misses: rejects that one threshold, moved by a few percent, would have accepted.
import { type Decimal, formatDecimal, parseDecimal, readCanonical } from "./decimal.ts";
import { compareDecimalTexts } from "./decimal-input.ts";
import { TracebookDecisionError } from "./errors.ts";
import { type Comparison, orderPasses } from "./gate.ts";
import { movedByPercent, subtractTexts } from "./what-if-amount.ts";
import { edgeReaches, type JudgedRecord, type RecordedDecision, readRecord } from "./what-if-record.ts";

/** What a reject was short of. */
export interface NearMiss {
  /** The name of the gate that alone did not pass, or `edge`. */
  readonly gate: string;
  /** The unit of the margin: that of the edge; undefined for a gate, whose scores have none. */
  readonly edge_unit: string | undefined;
  /** How far from its threshold, exact: `net_edge - min_threshold`, or the score's distance; below 0, or 0 where it had to be exceeded. */
  readonly margin: string;
  /** The margin in percent of the threshold's absolute value, to two places, rounded up; what is compared is exact. */
  readonly percent: string;
}

/**
 * Whether a REJECT was a near miss: one thing alone stood against it, the edge or one gate, and it is an ACCEPT with that threshold moved
 * by `withinPercent` % of its absolute value. So `near misses within x % = what-if flips with that threshold moved by x %`, exactly:
 * `thresholdBy: "-x%"` for the edge; `"-x%"` for a gate that needs `>=` or `>`, and `"+x%"` for one that needs `<=` or `<`. A threshold of
 * 0 does not move by any percentage. Undefined for all other decisions, and for those that cannot be read.
 * Throws for a `withinPercent` that is no decimal from 0 on. Cost: about 2 us.
 */
export function nearMiss(record: RecordedDecision, withinPercent: string): NearMiss | undefined {
  const percent = parseDecimal(withinPercent, "withinPercent");
  if (percent.coefficient < 0n)
    throw new TracebookDecisionError("what_if_malformed", `withinPercent: ${withinPercent} is below 0`);
  const read = readRecord(record);
  if (typeof read === "string" || read.decision !== "REJECT" || read.isFixed) return undefined;
  try {
    return ofEdge(read, percent) ?? ofGate(read, percent);
  } catch {
    // A moved threshold that is longer than any amount.
    return undefined;
  }
}

function ofEdge({ edge, gates }: JudgedRecord, percent: Decimal): NearMiss | undefined {
  if (edge === undefined || edgeReaches(edge) || gates.some((gate) => !gate.passed)) return undefined;
  const { net, threshold, unit } = edge;
  if (!edgeReaches({ net, threshold: eased(threshold, percent, ">=") })) return undefined;
  const margin = subtractTexts(net, threshold);
  return { gate: "edge", edge_unit: unit, margin, percent: percentOf(margin, threshold) };
}

function ofGate({ edge, gates }: JudgedRecord, percent: Decimal): NearMiss | undefined {
  const failed = gates.filter((gate) => !gate.passed);
  const [gate] = failed;
  if (!edgeReaches(edge) || failed.length !== 1 || gate?.compared === undefined) return undefined;
  const { score, threshold, comparison } = gate.compared;
  const order = compareDecimalTexts(score, eased(threshold, percent, comparison));
  if (!orderPasses(order, comparison)) return undefined;
  const margin = isUpward(comparison) ? subtractTexts(score, threshold) : subtractTexts(threshold, score);
  return { gate: gate.name, edge_unit: undefined, margin, percent: percentOf(margin, threshold) };
}

/** The threshold made easier by a percentage of its absolute value. */
function eased(threshold: string, percent: Decimal, comparison: Comparison): string {
  const { coefficient, scale } = percent;
  return movedByPercent(isUpward(comparison) ? { coefficient: -coefficient, scale } : percent, "threshold")(threshold);
}

/** Whether more is better. */
function isUpward(comparison: Comparison): boolean {
  return comparison === ">=" || comparison === ">";
}

/** `100 * |margin| / |threshold|`, rounded up: a threshold that is moved by so much is reached. */
function percentOf(margin: string, threshold: string): string {
  const part = readCanonical(margin);
  const whole = readCanonical(threshold);
  const size = (value: bigint) => (value < 0n ? -value : value);
  const dividend = size(part.coefficient) * 10n ** BigInt(whole.scale) * 10_000n;
  const divisor = size(whole.coefficient) * 10n ** BigInt(part.scale);
  const isNone = dividend === 0n || divisor === 0n;
  return formatDecimal({ coefficient: isNone ? 0n : (dividend + divisor - 1n) / divisor, scale: 2 });
}
