// What is usual on the record: amounts and gates of recent decisions, from which sliders take their scales.
import { compareDecimals, parseDecimal } from "@tracebook/decisions";
import type { Decision } from "../../api/client.ts";
import { amountText } from "../../format/decimal-text.ts";
import { shownGates } from "./gate-reading.ts";
import { COST_NAMES, type CostName, isAmount } from "./what-if-parameters.ts";

/** Amounts by what they are; texts as recorded, rising. */
export type RecordedAmounts = Readonly<Record<CostName | "min_threshold", readonly string[]>>;

/** A gate by its name. */
export interface RecordedThresholds {
  readonly name: string;
  readonly comparison: string;
  /** As recorded, rising. */
  readonly thresholds: readonly string[];
}

/** More gates have no slider. */
const MOST_GATES = 12;

/** The amounts of some decisions. */
export function recordedAmounts(decisions: readonly Decision[]): RecordedAmounts {
  const of = (name: CostName | "min_threshold") => rising(decisions.map((decision) => decision[name]));
  const costs = Object.fromEntries(COST_NAMES.map((name) => [name, of(name)])) as Record<CostName, readonly string[]>;
  return { ...costs, min_threshold: of("min_threshold") };
}

/** The gates of some decisions, of which there are those that have a threshold. `gates`: what each event has for them. */
export function recordedThresholds(gates: readonly unknown[]): readonly RecordedThresholds[] {
  const known = new Map<string, { comparison: string; thresholds: string[] }>();
  for (const gate of gates.flatMap(shownGates)) {
    if (gate.threshold === undefined || gate.score === undefined || !isAmount(gate.threshold)) continue;
    const one = known.get(gate.name) ?? { comparison: gate.comparison, thresholds: [] };
    one.thresholds.push(gate.threshold);
    known.set(gate.name, one);
  }
  return [...known]
    .slice(0, MOST_GATES)
    .map(([name, { comparison, thresholds }]) => ({ name, comparison, thresholds: rising(thresholds) }));
}

/** The one in the middle; `0` where there are none. */
export function middleOf(amounts: readonly string[]): string {
  return amounts[Math.floor(amounts.length / 2)] ?? "0";
}

/** `recorded 2.00 to 2.50 bps`. */
export function recordedText(amounts: readonly string[], unit: string | undefined): string {
  const [least, most] = [amounts[0], amounts.at(-1)];
  if (least === undefined || most === undefined) return "none recorded";
  return `recorded ${least === most ? amountText(least, unit) : `${amountText(least, undefined)} to ${amountText(most, unit)}`}`;
}

function rising(amounts: readonly (string | null)[]): readonly string[] {
  const known = amounts.filter((amount) => amount !== null && isAmount(amount)) as string[];
  return known.toSorted((a, b) => compareDecimals(parseDecimal(a), parseDecimal(b)));
}
