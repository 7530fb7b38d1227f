// What an engine is given, and what it says of itself.
import type { AlertFeed, AlertRecords } from "@tracebook/store";
import type { LifecycleSettings } from "../lifecycle/advance-alert.ts";
import type { AlertState } from "../lifecycle/alert.ts";
import type { AlertClock } from "./alert-clock.ts";

/** What an engine works on. */
export interface AlertEngineOptions {
  readonly records: AlertRecords;
  readonly feed: AlertFeed;
  /** Default: the machine's. */
  readonly clock?: AlertClock | undefined;
  /** How often it looks, in milliseconds, 100 to 60,000. Default 1,000. */
  readonly everyMs?: number | undefined;
  /** How long it waits for what is on its way before it evaluates a second, in milliseconds, 0 to 60,000. Default 500. */
  readonly latenessMs?: number | undefined;
  /** Who evaluates, where several could; default: a name of its own. */
  readonly holder?: string | undefined;
  /** How long another process waits for one that has died, in milliseconds, at least 2,000. Default 15,000. */
  readonly leaseMs?: number | undefined;
  readonly lifecycle?: LifecycleSettings | undefined;
  /** Called when there is something new in the outbox: `notifier.wake`, where both are in one process, saves the wait for its next look. */
  readonly onNotifications?: (() => void) | undefined;
  /** Hears of what went wrong, in one line; it goes on by itself. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

/** How an engine is doing. */
export interface AlertEngineStats {
  /** `standby`: another process evaluates. */
  readonly role: "stopped" | "standby" | "evaluator";
  readonly rules: number;
  readonly brokenRules: number;
  readonly alerts: Readonly<Record<AlertState, number>>;
  /** Of the last look: reading included, and evaluating alone. */
  readonly lookSeconds: number;
  readonly evaluationSeconds: number;
  /** All evaluating since the start. */
  readonly evaluationSecondsTotal: number;
  /** From the end of the last second that was evaluated to when what came of it was written: lateness, evaluating, writing. */
  readonly lagSeconds: number;
  readonly secondsEvaluated: number;
  readonly notifications: number;
  readonly failures: number;
  /** What came after its second had been evaluated; and what bears a time too far ahead, and was left out. */
  readonly lateItems: number;
  readonly earlyItems: number;
  /** How often the clock of this machine was set, by two seconds or more, since the engine was made. */
  readonly clockSteps: number;
}
