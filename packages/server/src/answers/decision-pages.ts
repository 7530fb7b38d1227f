// Recorded decisions with what it takes to judge them again, a page at a time: memory stays bounded, and others get their turn in between.
import type { DecisionFilter, JudgedDecision, StoreQueries } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";

/** How many there are to be. */
export interface PageWish {
  readonly filter: DecisionFilter;
  readonly most: number;
}

/** How far it came. */
export interface PagesRead {
  readonly examined: number;
  /** False: there are more than were looked at, or the time was used up. */
  readonly isComplete: boolean;
}

const PAGE = 1_000;

/** Hands every decision to `take`, newest first, until there is none left, enough were, or the time is used up. */
export async function readDecisions(
  store: Pick<StoreQueries, "judgedDecisions">,
  { filter, most }: PageWish,
  budget: Budget,
  take: (decision: JudgedDecision) => void,
): Promise<PagesRead> {
  let examined = 0;
  let beforeId: number | undefined;
  for (;;) {
    // One more than is wanted says whether that was all.
    const size = Math.min(PAGE, most - examined + 1);
    const page = await store.judgedDecisions(filter, size, beforeId);
    const wanted = page.slice(0, most - examined);
    for (const decision of wanted) take(decision);
    examined += wanted.length;
    if (wanted.length < page.length) return { examined, isComplete: false };
    if (page.length < size) return { examined, isComplete: true };
    if (budget.isSpent()) return { examined, isComplete: false };
    beforeId = page.at(-1)?.event_id;
  }
}

/** The columns of a decision, without what judging it again takes. */
export function toStored({ reason: _, gates: __, gates_unreadable: ___, ...decision }: JudgedDecision) {
  return decision;
}
