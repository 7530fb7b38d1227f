// Why a list of decisions is empty, and what to do about it.
import { Link } from "wouter";
import { useAnswer } from "../../api/use-answer.ts";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { type DecisionFilters, scopeOf } from "./decision-filters.ts";

/** The words. Flows that were never judged have a reason and no decision: they are found as traces. */
export function NoDecisions({ filters }: { readonly filters: DecisionFilters }) {
  const [parameters] = useParameters();
  const { range } = useTimeRange();
  const { reasonCode } = filters;
  const known = useAnswer("/api/telemetry/decisions/reasons", scopeOf(range, filters), {
    enabled: reasonCode !== undefined,
    freshMs: 30_000,
  });
  if (reasonCode === undefined) return <p>No decision matches. Choose a longer range, or take filters out.</p>;
  const isJudged = known.data?.reasons.some(({ reason_code: code }) => code === reasonCode) ?? true;
  if (isJudged) return <p>No decision with the reason {reasonCode} matches the other filters.</p>;
  return (
    <p>
      No decision has the reason {reasonCode}: flows that ended so were not judged.{" "}
      <Link href={sharedAddress("/traces", parameters, { reason_code: reasonCode })}>See their traces</Link>
    </p>
  );
}
