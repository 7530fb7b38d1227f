// Retention: once an hour what is too old is removed, in small steps between which others write.
import { toTimestamp } from "@tracebook/core";
import type { CleanUpResult, Store } from "@tracebook/store";
import type { KeepDays } from "./desk-options.ts";

/** How long each kind is kept. */
export interface KeptDays {
  readonly events: KeepDays;
  readonly traces: KeepDays;
  readonly metrics: KeepDays;
}

/** What was done about one kind. */
export interface RetentionState {
  readonly what: "events" | "traces" | "metrics";
  /** Null: for ever. */
  readonly keep_days: number | null;
  readonly last_cleanup: string | null;
  /** Rows that the last time removed. */
  readonly last_removed: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A start is busy enough. */
const FIRST_MS = 60_000;

/** Removes what is too old. */
export class Retention {
  readonly #store: Pick<Store, "cleanUp">;
  readonly #days: KeptDays;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #lastMs: number | undefined;
  #last: CleanUpResult | undefined;
  #problem: string | undefined;

  constructor(store: Pick<Store, "cleanUp">, days: KeptDays, nowMs: () => number) {
    this.#store = store;
    this.#days = days;
    this.#nowMs = nowMs;
    if (Object.values(days).every((keep) => keep === "forever")) return;
    this.#schedule(FIRST_MS);
  }

  /** Why the last time failed; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Removes what is too old now; those who ask meanwhile share it. Never rejects. */
  cleanUp(): Promise<void> {
    this.#running ??= this.#cleanUp().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  state(): readonly RetentionState[] {
    const { events = 0, decisions = 0, spans = 0, metricPoints = 0 } = this.#last ?? {};
    const removed = { events: events + decisions, traces: spans, metrics: metricPoints };
    return (["events", "traces", "metrics"] as const).map((what) => {
      const days = this.#days[what];
      const isKept = days === "forever";
      return {
        what,
        keep_days: isKept ? null : days,
        last_cleanup: isKept || this.#lastMs === undefined ? null : toTimestamp(this.#lastMs * 1_000),
        last_removed: removed[what],
      };
    });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#schedule(HOUR_MS);
      void this.cleanUp();
    }, delayMs).unref();
  }

  async #cleanUp(): Promise<void> {
    const startMs = this.#nowMs();
    const { events, traces, metrics } = this.#days;
    try {
      this.#last = await this.#store.cleanUp({
        eventsOlderThan: oldest(startMs, events),
        tracesOlderThan: oldest(startMs, traces),
        metricsOlderThan: oldest(startMs, metrics),
      });
      this.#lastMs = startMs;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `cleaning up has failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** The first timestamp that is kept; undefined: nothing is too old. */
export function oldest(nowMs: number, days: KeepDays): string | undefined {
  return days === "forever" ? undefined : toTimestamp(Math.max(nowMs - days * DAY_MS, 0) * 1_000);
}
