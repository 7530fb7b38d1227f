// Checking recorded decisions: does the arithmetic of a record hold, and does its decision follow from it?
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  formatDecimal,
  parseDecimal,
  subtractDecimals,
} from "./decimal.ts";
import { describeThrown, describeValue } from "./describe.ts";

const COSTS = ["fees_est", "slippage_est", "gas_est", "latency_buffer"] as const;
const MONEY = ["gross_edge", ...COSTS, "net_edge", "min_threshold"] as const;

/**
 * Checks the data of a record: every amount is decimal text, `gross - fees - slippage - gas - buffer = net, exact`, an ACCEPT has
 * net >= threshold and no failed gate, and an `insufficient_edge` has net < threshold. A cost that is not there counts as 0;
 * data without both `gross_edge` and `net_edge` has no arithmetic to check. Returns what is wrong, or undefined. Never throws.
 */
export function checkEdge(data: Readonly<Record<string, unknown>>): string | undefined {
  try {
    if (!isRecord(data)) return `${describeValue(data)} is not a record's data`;
    return checkGates(data) ?? checkAmounts(data);
  } catch (thrown) {
    return `the record could not be read: ${describeThrown(thrown)}`;
  }
}

function checkAmounts(data: Readonly<Record<string, unknown>>): string | undefined {
  if (data.gross_edge === undefined || data.net_edge === undefined) return undefined;
  const amounts: Partial<Record<(typeof MONEY)[number], Decimal>> = {};
  for (const name of MONEY) {
    const value = data[name];
    if (value === undefined) continue;
    if (typeof value !== "string") return `${name}: ${describeValue(value)} is not a string`;
    try {
      amounts[name] = parseDecimal(value, name);
    } catch (thrown) {
      return (thrown as Error).message;
    }
  }
  const { gross_edge: gross = ZERO, net_edge: net = ZERO, min_threshold: threshold } = amounts;
  const costs = COSTS.reduce((sum, name) => addDecimals(sum, amounts[name] ?? ZERO), ZERO);
  const due = subtractDecimals(gross, costs);
  if (compareDecimals(due, net) !== 0) {
    return `net_edge: ${formatDecimal(net)} is not gross_edge less costs, which is ${formatDecimal(due)}`;
  }
  return checkDecision(data, net, threshold);
}

const ZERO: Decimal = { coefficient: 0n, scale: 0 };

function checkDecision(
  data: Readonly<Record<string, unknown>>,
  net: Decimal,
  threshold: Decimal | undefined,
): string | undefined {
  const against = (limit: Decimal) => `net_edge ${formatDecimal(net)}, min_threshold ${formatDecimal(limit)}`;
  if (data.decision === "ACCEPT" && threshold !== undefined && compareDecimals(net, threshold) < 0) {
    return `decision: ACCEPT below the threshold (${against(threshold)})`;
  }
  const limit = threshold ?? ZERO;
  if (data.reason_code === "insufficient_edge" && compareDecimals(net, limit) >= 0) {
    return `reason_code: insufficient_edge although the threshold is reached (${against(limit)})`;
  }
  return undefined;
}

function checkGates(data: Readonly<Record<string, unknown>>): string | undefined {
  if (data.decision !== "ACCEPT" || !Array.isArray(data.gates)) return undefined;
  const failed: unknown = data.gates.find((gate: unknown) => isRecord(gate) && gate.passed === false);
  return isRecord(failed)
    ? `decision: ACCEPT although gate ${describeValue(failed.gate_name)} did not pass`
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
