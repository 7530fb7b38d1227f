// What a what-if changes, as it was typed.
import { reJudge, type WhatIfChange } from "@tracebook/decisions";
import { CliError } from "../cli-error.ts";
import type { CommandOptions } from "../command.ts";

/** The options that say what changes. */
export const CHANGE_OPTIONS = {
  unit: { type: "string", valueName: "UNIT", doc: "the unit of all amounts here: bps, USD; others are left alone" },
  "min-threshold": { type: "string", valueName: "X", doc: "another threshold" },
  "threshold-by": { type: "string", valueName: "X", doc: "added to each threshold: 0.10, =-0.10, or =-10%" },
  fees: { type: "string", valueName: "X", doc: "other fees" },
  "fees-times": { type: "string", valueName: "X", doc: "so many times the fees: 0.8" },
  slippage: { type: "string", valueName: "X", doc: "other slippage" },
  "slippage-times": { type: "string", valueName: "X", doc: "so many times the slippage" },
  gas: { type: "string", valueName: "X", doc: "other gas" },
  "gas-times": { type: "string", valueName: "X", doc: "so many times the gas" },
  "latency-buffer": { type: "string", valueName: "X", doc: "another latency buffer" },
  "latency-buffer-times": { type: "string", valueName: "X", doc: "so many times the latency buffer" },
  gate: {
    type: "string",
    multiple: true,
    valueName: "NAME=X",
    doc: "another threshold of a gate, or NAME=-5% (several: again)",
  },
} as const satisfies CommandOptions;

type ChangeName = keyof typeof CHANGE_OPTIONS;

/** What was typed. */
export type TypedChange = Readonly<Partial<Record<Exclude<ChangeName, "gate">, string>>> & {
  readonly gate?: readonly string[] | undefined;
};

const COSTS = [
  ["fees", "feesEst"],
  ["slippage", "slippageEst"],
  ["gas", "gasEst"],
  ["latency-buffer", "latencyBuffer"],
] as const;

/** Reads the change. Throws `CliError` for amounts that are none, for amounts without a unit, and where nothing changes. */
export function readChange(typed: TypedChange): WhatIfChange {
  const { unit, "min-threshold": minThreshold, "threshold-by": thresholdBy } = typed;
  if (minThreshold !== undefined && thresholdBy !== undefined)
    throw new CliError("--min-threshold and --threshold-by exclude each other");
  const costs = Object.fromEntries(COSTS.flatMap(([option, field]) => readCost(typed, option, field)));
  const gates = readGates(typed.gate);
  const hasAmounts = minThreshold !== undefined || thresholdBy !== undefined || Object.keys(costs).length > 0;
  if (!hasAmounts && gates === undefined)
    throw new CliError(
      "nothing changes: give a threshold, a cost or a gate",
      "For example: tracebook whatif --unit bps --threshold-by=-0.10 --fees-times 0.8",
    );
  if (hasAmounts && unit === undefined)
    throw new CliError("--unit is missing: amounts of different units are never compared", "For example: --unit bps");
  const change = { edgeUnit: unit, minThreshold, thresholdBy, ...costs, gates };
  checkAmounts(change);
  return change;
}

/** `threshold -0.10 bps, fees x 0.8, gate min_confluence 65`. */
export function describeChange({ edgeUnit = "", minThreshold, thresholdBy, gates, ...costs }: WhatIfChange): string {
  const parts: string[] = [];
  if (minThreshold !== undefined) parts.push(`threshold ${minThreshold} ${edgeUnit}`);
  if (thresholdBy !== undefined)
    parts.push(`threshold ${signed(thresholdBy)}${thresholdBy.endsWith("%") ? "" : ` ${edgeUnit}`}`);
  for (const [option, field] of COSTS) {
    const cost = costs[field];
    const words = option.replace("-", " ");
    if (cost !== undefined) parts.push("set" in cost ? `${words} ${cost.set} ${edgeUnit}` : `${words} x ${cost.times}`);
  }
  for (const [name, threshold] of Object.entries(gates ?? {})) parts.push(`gate ${name} ${threshold}`);
  return parts.join(", ");
}

function readCost(typed: TypedChange, option: (typeof COSTS)[number][0], field: string): [string, object][] {
  const [set, times] = [typed[option], typed[`${option}-times`]];
  if (set !== undefined && times !== undefined)
    throw new CliError(`--${option} and --${option}-times exclude each other`);
  if (set !== undefined) return [[field, { set }]];
  return times === undefined ? [] : [[field, { times }]];
}

/** The last `=` divides: the name of a gate may have others. */
function readGates(typed: readonly string[] | undefined): Record<string, string> | undefined {
  if (typed === undefined) return undefined;
  const entries = typed.map((text) => {
    const place = text.lastIndexOf("=");
    if (place < 1)
      throw new CliError(`--gate is "${text}"; it must be NAME=THRESHOLD`, "For example: --gate min_confluence=65");
    return [text.slice(0, place), text.slice(place + 1)] as const;
  });
  const names = new Set(entries.map(([name]) => name));
  if (names.size < entries.length) throw new CliError("--gate names the same gate twice");
  return Object.fromEntries(entries);
}

/** What judging says of a change holds for any record, so none is needed to hear it. */
function checkAmounts(change: WhatIfChange): void {
  try {
    reJudge({ decision: "REJECT", reason_code: "no_reason" }, change);
  } catch (error) {
    throw new CliError((error as Error).message.replace(/^change\./, ""));
  }
}

function signed(text: string): string {
  return /^[+-]/.test(text) ? text : `+${text}`;
}
