// Gives new windows what came before them.
import type { AlertFeed } from "@tracebook/store";
import type { AlertCore } from "./alert-core.ts";
import { FeedRoutes } from "./feed-routes.ts";

/** So many seconds are asked for at once: others ask the same thread. */
const STEP_S = 600;

/**
 * Fills what is not filled: from as far back as the longest of them looks to before the second `end`, of what was written before `cursor`
 * (undefined: whenever). What is read after it must begin there. True when some of it was values of whole minutes.
 */
export async function fillWindows(
  core: AlertCore,
  feed: AlertFeed,
  end: number,
  cursor: string | undefined,
): Promise<boolean> {
  const unfilled = core.windows.unfilled();
  if (unfilled.length === 0) return false;
  const routes = new FeedRoutes(unfilled);
  const longest = unfilled.reduce((longest, { seconds }) => Math.max(longest, seconds), 0);
  let isByMinutes = false;
  for (let from = core.until - longest; from < end; from += STEP_S) {
    const piece = await feed.range(routes.wants, from, Math.min(from + STEP_S, end), cursor);
    core.windows.fill(routes, piece, core.until);
    isByMinutes ||= piece.isByMinutes;
  }
  for (const shared of unfilled) shared.isFilled = true;
  return isByMinutes;
}
