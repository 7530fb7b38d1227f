// A what-if in the address: thresholds and costs that decisions are judged by instead, under the names of the API.
import type { CostChange, WhatIfChange } from "@tracebook/decisions";
import { isSameAmount } from "./slider-scale.ts";

/** The costs of an edge, by the names of the record. */
export const COST_NAMES = ["fees_est", "slippage_est", "gas_est", "latency_buffer"] as const;

/** One of them. */
export type CostName = (typeof COST_NAMES)[number];

/** What they are called. */
export const COST_LABELS: Readonly<Record<CostName, string>> = {
  fees_est: "Fees",
  slippage_est: "Slippage",
  gas_est: "Gas",
  latency_buffer: "Latency buffer",
};

/** Another amount, or so much more, or so many times as much. */
export interface AmountSetting {
  readonly mode: "set" | "by" | "times";
  readonly text: string;
}

/** What is changed; what is not there stays as recorded. */
export interface WhatIf {
  readonly threshold: AmountSetting | undefined;
  readonly costs: Readonly<Partial<Record<CostName, AmountSetting>>>;
  /** Thresholds by the name of the gate. */
  readonly gates: readonly (readonly [name: string, threshold: string])[];
}

const GATE = "gate.";
/** As the API has it. */
const DECIMAL = /^-?\d{1,28}(\.\d{1,28})?$/;

/** Whether a text is a decimal that the API takes. */
export function isAmount(text: string): boolean {
  return DECIMAL.test(text);
}

/** Reads the address; what is no decimal does not count, and of two answers to one question the amount that is set does. */
export function whatIfOf(parameters: URLSearchParams): WhatIf {
  const threshold = settingOf(parameters, "min_threshold", "threshold_by", "by");
  const costs: Partial<Record<CostName, AmountSetting>> = {};
  for (const name of COST_NAMES) {
    const setting = settingOf(parameters, name, `${name}_times`, "times");
    if (setting !== undefined) costs[name] = setting;
  }
  const gates = [...parameters]
    .filter(([name, value]) => name.length > GATE.length && name.startsWith(GATE) && isAmount(value))
    .map(([name, value]) => [name.slice(GATE.length), value] as const);
  return { threshold, costs, gates: gates.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The parameters that set a cost or the threshold; an undefined setting takes it out. */
export function parametersOf(
  name: CostName | "min_threshold",
  setting: AmountSetting | undefined,
): Readonly<Record<string, string | undefined>> {
  const relative = name === "min_threshold" ? "threshold_by" : `${name}_times`;
  const isSet = setting?.mode === "set";
  return { [name]: isSet ? setting.text : undefined, [relative]: isSet ? undefined : setting?.text };
}

/** The parameter that sets the threshold of a gate. */
export function gateParameter(name: string): string {
  return `${GATE}${name}`;
}

/** The parameters that take out every change. */
export function noChange(parameters: URLSearchParams): Readonly<Record<string, undefined>> {
  const names = ["min_threshold", "threshold_by", ...COST_NAMES.flatMap((name) => [name, `${name}_times`])];
  const gates = [...parameters.keys()].filter((name) => name.startsWith(GATE));
  return Object.fromEntries([...names, ...gates].map((name) => [name, undefined]));
}

/** True when nothing is changed, or only by nothing: added 0, times 1. */
export function isUnchanged({ threshold, costs, gates }: WhatIf): boolean {
  const isNone = (setting: AmountSetting | undefined) =>
    setting === undefined || (setting.mode !== "set" && isSameAmount(setting.text, setting.mode === "by" ? "0" : "1"));
  return gates.length === 0 && isNone(threshold) && COST_NAMES.every((name) => isNone(costs[name]));
}

/** As the API wants it. */
export function toWhatIfQuery({ threshold, costs, gates }: WhatIf) {
  const cost = (name: CostName, mode: AmountSetting["mode"]) =>
    costs[name]?.mode === mode ? costs[name].text : undefined;
  return {
    min_threshold: threshold?.mode === "set" ? threshold.text : undefined,
    threshold_by: threshold?.mode === "by" ? threshold.text : undefined,
    fees_est: cost("fees_est", "set"),
    fees_est_times: cost("fees_est", "times"),
    slippage_est: cost("slippage_est", "set"),
    slippage_est_times: cost("slippage_est", "times"),
    gas_est: cost("gas_est", "set"),
    gas_est_times: cost("gas_est", "times"),
    latency_buffer: cost("latency_buffer", "set"),
    latency_buffer_times: cost("latency_buffer", "times"),
    gate: gates.length === 0 ? undefined : gates.map(([name, value]) => `${name}:${value}`),
  };
}

/** As `reJudge` wants it; amounts are in `edgeUnit`. */
export function toWhatIfChange({ threshold, costs, gates }: WhatIf, edgeUnit: string | undefined): WhatIfChange {
  const byGates = { gates: Object.fromEntries(gates) };
  if (edgeUnit === undefined) return byGates;
  return {
    ...byGates,
    edgeUnit,
    ...(threshold === undefined
      ? {}
      : threshold.mode === "set"
        ? { minThreshold: threshold.text }
        : { thresholdBy: threshold.text }),
    feesEst: costChange(costs.fees_est),
    slippageEst: costChange(costs.slippage_est),
    gasEst: costChange(costs.gas_est),
    latencyBuffer: costChange(costs.latency_buffer),
  };
}

function costChange(setting: AmountSetting | undefined): CostChange | undefined {
  if (setting === undefined) return undefined;
  return setting.mode === "set" ? { set: setting.text } : { times: setting.text };
}

function settingOf(
  parameters: URLSearchParams,
  set: string,
  relative: string,
  mode: "by" | "times",
): AmountSetting | undefined {
  const text = parameters.get(set);
  if (text !== null && isAmount(text)) return { mode: "set", text };
  const other = parameters.get(relative);
  return other !== null && isAmount(other) ? { mode, text: other } : undefined;
}
