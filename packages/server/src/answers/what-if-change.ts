// What a what-if changes, read from the parameters of its route.
import type { CostChange, WhatIfChange } from "@tracebook/decisions";
import { ProblemError } from "../http/problem.ts";

/** The parameters; decimals were checked. */
export interface GivenChange {
  readonly edge_unit: string;
  readonly min_threshold?: string | undefined;
  readonly threshold_by?: string | undefined;
  readonly fees_est?: string | undefined;
  readonly fees_est_times?: string | undefined;
  readonly slippage_est?: string | undefined;
  readonly slippage_est_times?: string | undefined;
  readonly gas_est?: string | undefined;
  readonly gas_est_times?: string | undefined;
  readonly latency_buffer?: string | undefined;
  readonly latency_buffer_times?: string | undefined;
  readonly gate: readonly string[];
}

const MAX_GATES = 50;
const LONGEST = 256;
const DECIMAL = /^-?\d{1,28}(?:\.\d{1,28})?$/;

/** The change. Throws for two answers to one question, and for a gate that is none. */
export function toChange(given: GivenChange): WhatIfChange {
  if (given.min_threshold !== undefined && given.threshold_by !== undefined)
    throw wrong("threshold_by", given.threshold_by, "it does not go with min_threshold");
  return {
    edgeUnit: given.edge_unit,
    minThreshold: given.min_threshold,
    thresholdBy: given.threshold_by,
    feesEst: costOf(given, "fees_est"),
    slippageEst: costOf(given, "slippage_est"),
    gasEst: costOf(given, "gas_est"),
    latencyBuffer: costOf(given, "latency_buffer"),
    gates: given.gate.length === 0 ? undefined : gatesOf(given.gate),
  };
}

function costOf(given: GivenChange, name: "fees_est" | "slippage_est" | "gas_est" | "latency_buffer") {
  const { [name]: set, [`${name}_times` as const]: times } = given;
  if (set !== undefined && times !== undefined) throw wrong(`${name}_times`, times, `it does not go with ${name}`);
  if (set !== undefined) return { set } satisfies CostChange;
  return times === undefined ? undefined : ({ times } satisfies CostChange);
}

/** `name:threshold`; a name may have a colon, a threshold has none. */
function gatesOf(given: readonly string[]): Readonly<Record<string, string>> {
  if (given.length > MAX_GATES)
    throw wrong("gate", `given ${given.length} times`, `it may be given ${MAX_GATES} times`);
  const gates = new Map<string, string>();
  for (const text of given) {
    const colon = text.lastIndexOf(":");
    const [name, threshold] = [text.slice(0, colon), text.slice(colon + 1)];
    if (colon <= 0 || !DECIMAL.test(threshold) || text.length > LONGEST || gates.has(name))
      throw wrong("gate", text, "it must be name:threshold, the threshold a decimal, each name once");
    gates.set(name, threshold);
  }
  return Object.fromEntries(gates);
}

function wrong(parameter: string, value: string, rule: string): ProblemError {
  return new ProblemError("invalid_parameter", `${parameter} is ${value.slice(0, 100)}: ${rule}.`, { parameter });
}
