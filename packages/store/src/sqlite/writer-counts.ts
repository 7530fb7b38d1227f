// What the writer has changed, or counted otherwise than it came.
import type { StoreHealth } from "../store.ts";

/** What the writer alone knows of how a store is doing. */
export type WriterCounts = Pick<StoreHealth, "redacted" | "truncated" | "beyondBounds">;

/** Nothing of it. */
export const NO_COUNTS: WriterCounts = Object.freeze({
  redacted: 0,
  truncated: 0,
  beyondBounds: { eventTypes: 0, symbols: 0, strategies: 0, reasonCodes: 0, points: 0 },
});
