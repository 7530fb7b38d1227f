// What a what-if changes: thresholds and costs, checked once before records are judged by it.
import { describeThrown, describeValue } from "./describe.ts";
import { TracebookDecisionError } from "./errors.ts";
import { type AmountChange, increasedBy, multipliedBy, setTo, setToOrMoved } from "./what-if-amount.ts";
import type { COST_FIELDS } from "./what-if-record.ts";

/** Another cost, or so many times what it was; decimal texts, exact. */
export type CostChange = { readonly set: string } | { readonly times: string };

/** What is judged by instead; what is left out stays as it was. Amounts are decimal texts. */
export interface WhatIfChange {
  /** The unit of every amount here. Records of another unit are left alone. Needed where anything but `gates` is given. */
  readonly edgeUnit?: string | undefined;
  /** Another threshold. */
  readonly minThreshold?: string | undefined;
  /** Added to the threshold of each record: `"-0.10"`, or with `"-10%"` so much of its absolute value. Not beside `minThreshold`. */
  readonly thresholdBy?: string | undefined;
  readonly feesEst?: CostChange | undefined;
  readonly slippageEst?: CostChange | undefined;
  readonly gasEst?: CostChange | undefined;
  readonly latencyBuffer?: CostChange | undefined;
  /**
   * Other thresholds of gates by name: `{ min_confluence: "65" }`, or moved by a percentage: `{ min_confluence: "-5%" }`. A gate
   * whose result the host gave itself keeps it.
   */
  readonly gates?: Readonly<Record<string, string>> | undefined;
}

/** A change that was checked. */
export interface CheckedChange {
  readonly edgeUnit: string | undefined;
  readonly threshold: AmountChange | undefined;
  /** Undefined: no cost changes. */
  readonly costs: ReadonlyMap<(typeof COST_FIELDS)[number], AmountChange> | undefined;
  readonly gates: ReadonlyMap<string, AmountChange>;
}

const COSTS = [
  ["feesEst", "fees_est"],
  ["slippageEst", "slippage_est"],
  ["gasEst", "gas_est"],
  ["latencyBuffer", "latency_buffer"],
] as const;
const FIELDS: ReadonlySet<string> = new Set([
  "edgeUnit",
  "minThreshold",
  "thresholdBy",
  ...COSTS.map(([field]) => field),
  "gates",
]);

/**
 * Checks a change. Throws `what_if_malformed` for a field that there is not, for amounts without their unit, and for two answers to one
 * question; and what `toDecimalText` throws, naming the field.
 */
export function checkChange(change: WhatIfChange): CheckedChange {
  try {
    return readChange(change);
  } catch (thrown) {
    if (thrown instanceof TracebookDecisionError) throw thrown;
    throw new TracebookDecisionError("what_if_malformed", `change: reading it threw ${describeThrown(thrown)}`, {
      cause: thrown,
    });
  }
}

function readChange(change: WhatIfChange): CheckedChange {
  requireObject(change, "change");
  // A field that is misspelt would change nothing, and nobody would know.
  const unknown = Object.keys(change).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) throw malformed(`change.${unknown}: there is no such field`);
  const threshold = readThreshold(change);
  const costs = new Map<(typeof COST_FIELDS)[number], AmountChange>();
  for (const [field, recorded] of COSTS) {
    const cost = change[field];
    if (cost !== undefined) costs.set(recorded, readCost(cost, `change.${field}`));
  }
  const gates = readGates(change.gates);
  const { edgeUnit } = change;
  if (edgeUnit === undefined && (threshold !== undefined || costs.size > 0))
    throw malformed("change.edgeUnit: it is undefined, and amounts without a unit cannot be compared");
  if (edgeUnit !== undefined && (typeof edgeUnit !== "string" || edgeUnit === ""))
    throw malformed(`change.edgeUnit: ${describeValue(edgeUnit)} is not a unit`);
  return { edgeUnit, threshold, costs: costs.size === 0 ? undefined : costs, gates };
}

function readThreshold({ minThreshold, thresholdBy }: WhatIfChange): AmountChange | undefined {
  if (minThreshold !== undefined && thresholdBy !== undefined)
    throw malformed("change.thresholdBy: there is change.minThreshold as well, and only one of them can count");
  if (minThreshold !== undefined) return setTo(requireText(minThreshold, "change.minThreshold"), "change.minThreshold");
  if (thresholdBy === undefined) return undefined;
  return increasedBy(requireText(thresholdBy, "change.thresholdBy"), "change.thresholdBy");
}

function readCost(cost: CostChange, field: string): AmountChange {
  requireObject(cost, field);
  const { set, times } = cost as { readonly set?: string; readonly times?: string };
  if ((set === undefined) === (times === undefined))
    throw malformed(`${field}: either { set: "0.50" } or { times: "0.8" } is a change`);
  return set === undefined
    ? multipliedBy(requireText(times, `${field}.times`), `${field}.times`)
    : setTo(requireText(set, `${field}.set`), `${field}.set`);
}

function readGates(gates: WhatIfChange["gates"]): ReadonlyMap<string, AmountChange> {
  if (gates === undefined) return new Map();
  requireObject(gates, "change.gates");
  return new Map(
    Object.entries(gates).map(([name, threshold]) => {
      const field = `change.gates.${name}`;
      return [name, setToOrMoved(requireText(threshold, field), field)];
    }),
  );
}

function requireText(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw malformed(`${field}: ${describeValue(value)} is not a decimal text`);
}

function requireObject(value: unknown, field: string): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw malformed(`${field}: ${describeValue(value)} is not an object`);
}

function malformed(problem: string): TracebookDecisionError {
  return new TracebookDecisionError("what_if_malformed", problem);
}
