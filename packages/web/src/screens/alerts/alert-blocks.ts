// Alerts of the same rule as one block: a rule with groups has one alert for each of them.
import type { Alert } from "../../api/client.ts";
import { beganAt, worstFirst } from "./alert-words.ts";

/** Alerts of one rule that stand together. */
export interface AlertBlock {
  readonly ruleId: string;
  /** As they are shown; at least one. */
  readonly alerts: readonly Alert[];
  /** They are of several groups: the block has a head, and can be folded. */
  readonly hasHead: boolean;
}

/** What stands in the head of a block. */
export interface BlockFigures {
  /** The worst of its alerts. */
  readonly worst: Alert;
  readonly states: readonly (readonly [Alert["state"], number])[];
  readonly groups: number;
  /** When the last one began. */
  readonly newest: string;
}

/** More rows than these are folded unless somebody opens them. */
const MAX_OPEN = 12;

/** The worst first, but all of a rule behind its worst one. */
export function byRule(alerts: readonly Alert[]): readonly Alert[] {
  const rules = new Map<string, Alert[]>();
  for (const alert of worstFirst(alerts)) rules.set(alert.rule_id, [...(rules.get(alert.rule_id) ?? []), alert]);
  return [...rules.values()].flat();
}

/** The alerts in their order; those of one rule that follow each other are a block. */
export function alertBlocks(alerts: readonly Alert[]): readonly AlertBlock[] {
  const runs: Alert[][] = [];
  for (const alert of alerts) {
    const last = runs.at(-1);
    if (last?.[0]?.rule_id === alert.rule_id) last.push(alert);
    else runs.push([alert]);
  }
  return runs.map((run) => ({
    ruleId: run[0]?.rule_id ?? "",
    alerts: run,
    hasHead: new Set(run.map(({ fingerprint }) => fingerprint)).size > 1,
  }));
}

/** Whether a block shows its head alone; `turned`: the rules that somebody has folded or opened. */
export function isFolded({ ruleId, alerts, hasHead }: AlertBlock, turned: readonly string[]): boolean {
  return hasHead && alerts.length > MAX_OPEN !== turned.includes(ruleId);
}

/** The figures of a block. */
export function blockFigures({ alerts }: AlertBlock): BlockFigures | undefined {
  const [worst] = worstFirst(alerts);
  if (worst === undefined) return undefined;
  const states = new Map<Alert["state"], number>();
  for (const { state } of alerts) states.set(state, (states.get(state) ?? 0) + 1);
  return {
    worst,
    states: STATES.flatMap((state) => (states.has(state) ? [[state, states.get(state) ?? 0] as const] : [])),
    groups: new Set(alerts.map(({ fingerprint }) => fingerprint)).size,
    newest: alerts.map(beganAt).sort().at(-1) ?? "",
  };
}

const STATES: readonly Alert["state"][] = ["firing", "acknowledged", "pending", "resolved"];
