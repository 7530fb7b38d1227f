// The limits of a desk: what there is in force, in one place.
import { LISTEN_LIMITS, type ListenLimits } from "./http/listener.ts";
import { LIVE_BOUNDS, type LiveBounds } from "./live/live-feed.ts";
import { BODY_LIMITS, type BodyLimits } from "./otlp/otlp-body.ts";
import type { SharedBounds } from "./work/shared-answers.ts";
import type { WorkBounds } from "./work/work-limit.ts";

/** The limits. */
export interface DeskLimits {
  readonly listen: ListenLimits;
  readonly body: BodyLimits;
  readonly live: LiveBounds;
  readonly shared: SharedBounds;
  readonly heavy: WorkBounds;
  /** How long a heavy question may be worked on, in milliseconds. */
  readonly budgetMs: number;
}

/** What there is in force. */
export const DESK_LIMITS: DeskLimits = Object.freeze({
  listen: LISTEN_LIMITS,
  body: BODY_LIMITS,
  live: LIVE_BOUNDS,
  shared: { freshMs: 1_000, entries: 128, totalLength: 8 * 1_048_576 },
  heavy: { running: 2, waiting: 8, patienceMs: 5_000 },
  budgetMs: 45_000,
});
