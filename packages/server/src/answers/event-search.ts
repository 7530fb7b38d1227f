// A search, a piece at a time, so that other questions get their turn in between.
import type { EventFilter, EventSearch, StoredEvent, StoreQueries } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";

/** What is looked for. */
export interface SearchWish {
  readonly filter: EventFilter;
  readonly text: string;
  readonly limit: number;
}

/** Events that are looked at in all, and in one piece. */
const MAX_SCANNED = 200_000;
const PIECE = 10_000;

/** Looks newest first. A search whose time is used up says how far it came, like one that has looked at as many as it may. */
export async function searchByPages(
  store: Pick<StoreQueries, "searchEvents">,
  { filter, text, limit }: SearchWish,
  budget: Budget,
): Promise<EventSearch> {
  const found = new Map<number, StoredEvent>();
  let endTime = filter.endTime;
  for (let left = MAX_SCANNED; ; left -= PIECE) {
    // Both ends belong to a range: what was found at the end of the last piece is found again, and is one event.
    const wanted = limit - found.size + countAt(found, endTime);
    const size = Math.max(PIECE, wanted);
    const piece = await store.searchEvents({ ...filter, endTime }, text, wanted, size);
    for (const event of piece.events) if (found.size < limit) found.set(event.id, event);
    const { searchedBackTo } = piece;
    const isOver = searchedBackTo === null || found.size >= limit || left <= PIECE || budget.isSpent();
    // A piece that lies within one microsecond does not get on by time.
    if (isOver || searchedBackTo === endTime) return { events: [...found.values()], searchedBackTo };
    endTime = searchedBackTo;
  }
}

function countAt(found: ReadonlyMap<number, StoredEvent>, timestamp: string | undefined): number {
  let count = 0;
  for (const event of found.values()) if (event.timestamp === timestamp) count++;
  return count;
}
