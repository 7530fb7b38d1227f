// What the routes are answered from.
import type { Store } from "@tracebook/store";
import type { AlertService } from "../alerts/alert-service.ts";
import type { DeskConfig } from "../config.ts";
import type { LiveFeed } from "../live/live-feed.ts";
import type { RecentEvents } from "../live/recent-events.ts";
import type { SignalCounts } from "../otlp/signal-counts.ts";
import type { WorkLimit } from "../work/work-limit.ts";

/** What goes on behind the answers. */
export interface AnswerContext {
  readonly store: Store;
  readonly config: DeskConfig;
  readonly recent: RecentEvents;
  readonly live: LiveFeed;
  readonly alerts: AlertService;
  readonly heavy: WorkLimit;
  readonly counts: SignalCounts;
  /** How long a heavy question may be worked on, in milliseconds. */
  readonly budgetMs: number;
  /** The wall clock. */
  readonly nowMs: () => number;
}
