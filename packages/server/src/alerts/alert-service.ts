// Alerting in the desk's process: rules that are given go into the store, are evaluated there, and people are told.

import {
  type AlertDesk,
  type AlertEngine,
  type Channel,
  createAlertDesk,
  createAlertEngine,
  createNotifier,
  type Notifier,
} from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import type { Store } from "@tracebook/store";
import type { DeskConfig } from "../config.ts";
import { type AlertHealth, alertHealth } from "./alert-health.ts";
import { reportAlertMetrics } from "./alert-metrics.ts";
import { readGivenNotifications } from "./given-notifications.ts";
import { readGivenRules, storeGivenRules } from "./given-rules.ts";
import { END_OF_TIME, giveUpOld } from "./old-notifications.ts";
import { RecentProblem } from "./recent-problem.ts";

/** Alerting at work. */
export interface AlertService {
  /** What people do with alerts. */
  readonly desk: AlertDesk;
  /** By name. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** What is wrong with the configuration of notifications; undefined: nothing. */
  readonly channelProblem: string | undefined;
  /** A rule was written: whatever slept wakes up. */
  wake(): void;
  /** People have done something that others are told of. */
  notify(): void;
  health(): Promise<AlertHealth>;
  /** What is wrong now, a line each. */
  problems(): readonly string[];
  /** Ends evaluation first and delivery after it; the store is not needed any more then. */
  close(): Promise<void>;
}

/** What alerting works with. */
export interface AlertServiceParts {
  readonly config: DeskConfig;
  readonly store: Pick<Store, "alerts" | "alertFeed">;
  readonly nowMs: () => number;
  /** Hears of what is wrong, one line each. */
  readonly tell: (line: string) => void;
}

/** Without a rule it is looked so often whether another process has written one. */
const IDLE_LOOK_MS = 30_000;
/** A store that could not take the rules is asked again after so long. */
const RETRY_MS = 5_000;

/** Starts it. What takes time goes on behind. */
export function startAlertService(parts: AlertServiceParts): AlertService {
  return new StoreAlertService(parts);
}

class StoreAlertService implements AlertService {
  readonly desk: AlertDesk;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly channelProblem: string | undefined;
  readonly #parts: AlertServiceParts;
  readonly #given: ReturnType<typeof readGivenRules>;
  readonly #evaluation: RecentProblem;
  readonly #delivery: RecentProblem;
  readonly #engine: AlertEngine;
  readonly #notifier: Notifier | undefined;
  readonly #unreport: () => void;
  #areRulesStored = false;
  #isRunning = false;
  #isClosed = false;
  /** Something has changed since the last look began. */
  #isStale = false;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: AlertServiceParts) {
    const { config, store, nowMs, tell } = parts;
    this.#parts = parts;
    this.desk = createAlertDesk({ records: store.alerts, nowMs });
    this.#given = readGivenRules(config);
    for (const { rule, problem } of this.#broken()) tell(`an alert rule is left out: ${rule}: ${problem}`);
    const { config: notifications, channels, problem } = readGivenNotifications(config);
    this.channels = channels;
    this.channelProblem = problem;
    if (problem !== undefined) tell(problem);
    this.#evaluation = new RecentProblem(tell, nowMs);
    this.#delivery = new RecentProblem(tell, nowMs);
    this.#engine = createAlertEngine({
      records: store.alerts,
      feed: store.alertFeed,
      onProblem: (line) => this.#evaluation.note(line),
      onNotifications: () => this.#notifier?.wake(),
    });
    if (notifications !== undefined)
      this.#notifier = createNotifier({
        records: store.alerts,
        channels,
        config: notifications,
        nowMs,
        elapsedMs: () => performance.now(),
        onProblem: (line) => this.#delivery.note(line),
      });
    this.#unreport = reportAlertMetrics(() => this.#engine.stats());
    this.wake();
  }

  wake(): void {
    this.#isStale = true;
    if (!this.#isRunning) void this.#look();
  }

  notify(): void {
    if (this.#isRunning) this.#notifier?.wake();
    else this.wake();
  }

  health(): Promise<AlertHealth> {
    const { config, store, nowMs } = this.#parts;
    const { role, lagSeconds, evaluationSeconds } = this.#engine.stats();
    return alertHealth(store.alerts, nowMs(), {
      role: !config.alerts ? "off" : this.#isRunning ? role : "idle",
      lag_seconds: lagSeconds,
      evaluation_seconds: evaluationSeconds,
      channels: this.channels.size,
      broken: this.#broken(),
    });
  }

  problems(): readonly string[] {
    const left = this.#broken().map(({ rule, problem }) => `an alert rule is left out: ${rule}: ${problem}`);
    const lines = [this.channelProblem, this.#evaluation.line(), this.#delivery.line()];
    return [...left, ...lines.filter((line) => line !== undefined)];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#unreport();
    await this.#looking;
    if (!this.#isRunning) return;
    await this.#engine.stop();
    await this.#notifier?.stop();
  }

  #broken() {
    return this.#given.flatMap(({ broken }) => broken);
  }

  /** One at a time: what is given into the store, and then whether there is anything to do. */
  #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#looking ??= this.#lookOnce()
      .then((delayMs) => this.#lookLater(delayMs))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /** Resolves with how long to wait before the next look; undefined: there need be none. */
  async #lookOnce(): Promise<number | undefined> {
    const { config, store, nowMs } = this.#parts;
    this.#isStale = false;
    try {
      if (!this.#areRulesStored) await storeGivenRules(store.alerts, this.#given, toTimestamp(nowMs() * 1_000));
      this.#areRulesStored = true;
      if (!config.alerts || this.#isClosed) return undefined;
      if (!(await this.#hasWork())) return IDLE_LOOK_MS;
      if (this.#notifier !== undefined) await giveUpOld(store.alerts, nowMs());
    } catch (error) {
      this.#evaluation.note(`alerting could not begin, and will be tried again: ${(error as Error).message}`);
      return RETRY_MS;
    }
    if (!this.#isClosed) this.#run();
    return undefined;
  }

  /** A rule, or something left of one. */
  async #hasWork(): Promise<boolean> {
    const { alerts } = this.#parts.store;
    if ((await alerts.rules()).some((rule) => rule.is_active)) return true;
    if ((await alerts.findAlerts({ status: "active" }, 1, 0)).length > 0) return true;
    return this.#notifier !== undefined && (await alerts.dueNotifications(END_OF_TIME, 1)).length > 0;
  }

  #run(): void {
    this.#isRunning = true;
    this.#engine.start();
    this.#notifier?.start();
  }

  #lookLater(delayMs: number | undefined): void {
    if (delayMs === undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#look(), this.#isStale ? 0 : delayMs).unref();
  }
}
