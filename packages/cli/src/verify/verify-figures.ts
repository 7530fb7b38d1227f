// Figures that the verdict shows and the result does not carry as such.
import type { VerifyProblemCode, VerifyResult } from "@tracebook/journal";

/** Places that hold no record, torn lines aside. */
export function damagedCount(result: VerifyResult): number {
  return result.problemCounts.damage ?? 0;
}

/** All problems, also those beyond the list. */
export function problemCount(result: VerifyResult): number {
  return Object.values(result.problemCounts).reduce((sum, count) => sum + count, 0);
}

/** What a kind of problem is called, for one and for several. */
export const PROBLEM_WORDS: Readonly<Record<VerifyProblemCode, readonly [string, string]>> = {
  gap: ["gap", "gaps"],
  duplicate_seq: ["duplicate", "duplicates"],
  damage: ["damaged place", "damaged places"],
  wrong_id: ["wrong id", "wrong ids"],
  wrong_timestamp: ["wrong timestamp", "wrong timestamps"],
  wrong_day: ["record under the wrong day", "records under the wrong day"],
  wrong_declaration: ["wrong declaration of dropped records", "wrong declarations of dropped records"],
  wrong_decision: ["wrong decision", "wrong decisions"],
  wrong_edge: ["wrong edge", "wrong edges"],
};
