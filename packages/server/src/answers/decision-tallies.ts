// Decisions as they are told apart: by how they came out, whatever their reason code says of it.
import type { ReasonTally } from "@tracebook/decisions";
import type { DecisionCount } from "@tracebook/store";

const ACCEPTED = "accepted";
const NO_REASON = "no_reason";

/** True for decisions to go ahead. What says neither is none. */
export function isAccept({ decision }: Pick<DecisionCount, "decision">): boolean {
  return decision === "ACCEPT";
}

/**
 * The same for what knows decisions by their reason code alone: all decisions to go ahead are `accepted` there, with whatever code they came,
 * and no other is: a reject that calls itself so has given no reason.
 */
export function toTallies(counts: readonly DecisionCount[]): readonly ReasonTally[] {
  const tallies = new Map<string, number>();
  for (const one of counts) {
    const code = isAccept(one) ? ACCEPTED : one.reason_code === ACCEPTED ? NO_REASON : one.reason_code;
    tallies.set(code, (tallies.get(code) ?? 0) + one.count);
  }
  return [...tallies].map(([reason_code, count]) => ({ reason_code, count }));
}
