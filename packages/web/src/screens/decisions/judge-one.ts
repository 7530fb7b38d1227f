// A what-if for one decision, worked out in the page.
import { type RecordedDecision, type ReJudged, reJudge } from "@tracebook/decisions";
import { isUnchanged, toWhatIfChange, type WhatIf } from "./what-if-parameters.ts";

/** What would have been decided; undefined while nothing is changed. A text says why it cannot be said. */
export type OneJudged = ReJudged | string | undefined;

/** Judges it again, in the unit of the record. */
export function judgeOne(record: RecordedDecision, whatIf: WhatIf): OneJudged {
  if (isUnchanged(whatIf)) return undefined;
  try {
    const judged = reJudge(record, toWhatIfChange(whatIf, record.edge_unit || undefined));
    return judged.outcome === "not_judgeable" ? (judged.problem ?? "it cannot be judged again") : judged;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
