// The engine that runs: reads the store each second, evaluates, and writes down what came of it, all of it or nothing.
import { randomUUID } from "node:crypto";
import type {
  AlertChanges,
  AlertFeed,
  AlertLease,
  AlertRecords,
  AlertSilence,
  StoredAlertRule,
} from "@tracebook/store";
import { DEFAULT_LIFECYCLE, type LifecycleSettings } from "../lifecycle/advance-alert.ts";
import type { AlertState } from "../lifecycle/alert.ts";
import { secondOf, timeText } from "../lifecycle/alert-times.ts";
import { fromStoredRule } from "../rules/stored-rule.ts";
import { type AlertClock, SYSTEM_CLOCK } from "./alert-clock.ts";
import { AlertCore, type CoreEffects } from "./alert-core.ts";
import { fillWindows } from "./fill-windows.ts";

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
}

/** An engine. */
export interface AlertEngine {
  start(): void;
  /** Looks once, now; what `start` does again and again. Never rejects: what fails is told, and done again. */
  look(): Promise<void>;
  stats(): AlertEngineStats;
  /** Ends what is under way, and lets another process evaluate. */
  stop(): Promise<void>;
}

/** The lease under which rules are evaluated. */
const EVALUATOR = "evaluator";
/** Further ahead no time is true. */
const MAX_AHEAD_S = 3_600;
/** How far back it goes on after it was down; what came before is not told of. */
const MAX_CATCH_UP_S = 86_400;
/** Without anything to write, the cursor is written so often, in seconds. */
const CURSOR_EVERY_S = 10;
/** Pieces of the feed that are read in one look: of more, the rest is read by the next. */
const MAX_PIECES = 1_000;

/**
 * Makes an engine. It does nothing before it is started. What it notifies lies in the outbox of the store, once, whatever happens to the process.
 *
 * @example
 * const engine = createAlertEngine({ records: store.alerts, feed: store.alertFeed });
 * engine.start();
 */
export function createAlertEngine(options: AlertEngineOptions): AlertEngine {
  const engine = new StoreAlertEngine(options);
  return {
    start: () => engine.start(),
    look: () => engine.look(),
    stats: () => engine.stats(),
    stop: () => engine.stop(),
  };
}

/** What is in memory while this process evaluates. */
interface Running {
  readonly core: AlertCore;
  cursor: string;
  /** The revision up to which changes were heard of. */
  revision: number;
  readonly silences: Map<string, AlertSilence>;
  writtenUntil: number;
}

class StoreAlertEngine {
  readonly #records: AlertRecords;
  readonly #feed: AlertFeed;
  readonly #clock: AlertClock;
  readonly #everyMs: number;
  readonly #latenessMs: number;
  readonly #leaseMs: number;
  readonly #holder: string;
  readonly #lifecycle: LifecycleSettings;
  readonly #onProblem: (problem: string) => void;
  readonly #onNotifications: () => void;
  readonly #counts = { look: 0, evaluation: 0, evaluationTotal: 0, lag: 0, seconds: 0, notifications: 0, failures: 0 };
  #lease: AlertLease | undefined;
  #renewAtMs = 0;
  #running: Running | undefined;
  #looking: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #isStarted = false;

  constructor(options: AlertEngineOptions) {
    this.#records = options.records;
    this.#feed = options.feed;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#everyMs = inRange("everyMs", options.everyMs ?? 1_000, 100, 60_000);
    this.#latenessMs = inRange("latenessMs", options.latenessMs ?? 500, 0, 60_000);
    this.#leaseMs = inRange("leaseMs", options.leaseMs ?? 15_000, 2_000, 3_600_000);
    this.#holder = options.holder ?? randomUUID();
    this.#lifecycle = Object.freeze({ ...(options.lifecycle ?? DEFAULT_LIFECYCLE) });
    this.#onProblem = options.onProblem ?? (() => {});
    this.#onNotifications = options.onNotifications ?? (() => {});
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#schedule(0);
  }

  look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#cancel?.();
    await this.#looking;
    const lease = this.#lease;
    this.#lease = undefined;
    this.#running = undefined;
    if (lease !== undefined) await this.#records.releaseLease(lease).catch((error: unknown) => this.#fail(error));
  }

  stats(): AlertEngineStats {
    const { look, evaluation, evaluationTotal, lag, seconds, notifications, failures } = this.#counts;
    const core = this.#running?.core;
    const alerts = { pending: 0, firing: 0, acknowledged: 0, resolved: 0 };
    for (const { state } of core?.alerts.values() ?? []) alerts[state]++;
    return {
      role: this.#running !== undefined ? "evaluator" : this.#isStarted ? "standby" : "stopped",
      rules: core?.ruleCount ?? 0,
      brokenRules: core?.brokenCount ?? 0,
      alerts,
      lookSeconds: look,
      evaluationSeconds: evaluation,
      evaluationSecondsTotal: evaluationTotal,
      lagSeconds: lag,
      secondsEvaluated: seconds,
      notifications,
      failures,
      lateItems: core?.windows.misplaced.late ?? 0,
      earlyItems: core?.windows.misplaced.early ?? 0,
    };
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#clock.schedule(() => {
      void this.look().then(() => {
        if (!this.#isStarted) return;
        // Just after a second can be evaluated, so that nothing waits for the next look.
        const past = (this.#clock.nowMs() - this.#latenessMs) % this.#everyMs;
        this.#schedule(this.#everyMs - past);
      });
    }, delayMs);
  }

  async #lookOnce(): Promise<void> {
    const begunMs = performance.now();
    try {
      if (!(await this.#hasLease())) {
        this.#running = undefined;
        return;
      }
      this.#running ??= await this.#load();
      await this.#go(this.#running);
    } catch (error) {
      // Whatever was not written is done again, from what the store has.
      this.#running = undefined;
      this.#renewAtMs = 0;
      this.#fail(error);
    } finally {
      this.#counts.look = (performance.now() - begunMs) / 1_000;
    }
  }

  async #hasLease(): Promise<boolean> {
    const now = this.#clock.nowMs();
    if (this.#lease !== undefined && now < this.#renewAtMs) return true;
    this.#lease = await this.#records.takeLease(EVALUATOR, this.#holder, timeText(now), timeText(now + this.#leaseMs));
    this.#renewAtMs = now + this.#leaseMs / 3;
    return this.#lease !== undefined;
  }

  /** From what the store has: after a start, and after anything has failed. */
  async #load(): Promise<Running> {
    const now = this.#evaluable();
    const state = await this.#records.engineState();
    const cursor = state?.cursor ?? (await this.#feed.position());
    const last = state?.evaluated_until ?? now;
    const until = Math.max(last, now - MAX_CATCH_UP_S);
    if (until > last)
      this.#onProblem(`Alerts of ${until - last} seconds were not evaluated: the engine was down for more than a day.`);
    const running: Running = {
      core: new AlertCore(until, this.#lifecycle),
      cursor,
      revision: 0,
      silences: new Map(),
      writtenUntil: state === undefined ? 0 : until,
    };
    return running;
  }

  async #go(running: Running): Promise<void> {
    const { core } = running;
    this.#hear(running, await this.#records.changesSince(running.revision));
    const now = this.#evaluable();
    const horizon = now + MAX_AHEAD_S;
    await fillWindows(core, this.#feed, Math.max(horizon, core.until) + 1, running.cursor);
    if (!(await this.#read(running, horizon))) return;
    const begunMs = performance.now();
    while (core.until < now) {
      core.advance();
      this.#counts.seconds++;
    }
    this.#counts.evaluation = (performance.now() - begunMs) / 1_000;
    this.#counts.evaluationTotal += this.#counts.evaluation;
    await this.#write(running, core.takeEffects());
  }

  /** The last instant that can be evaluated. */
  #evaluable(): number {
    return Math.floor((this.#clock.nowMs() - this.#latenessMs) / 1_000);
  }

  /** What people have done. */
  #hear(running: Running, { revision, rules, alerts, silences }: AlertChanges): void {
    const { core } = running;
    for (const alert of alerts) {
      const known = core.alerts.get(alert.rule_id);
      if (known?.alert_id !== alert.alert_id || known.revision !== alert.revision) core.setAlert(alert);
    }
    for (const row of rules) this.#hearRule(core, row);
    if (silences.length > 0) {
      for (const silence of silences) running.silences.set(silence.silence_id, silence);
      const now = timeText(this.#clock.nowMs());
      // Those that have ended a while ago are of no use to any instant that is still to come.
      for (const [id, { ends_at }] of running.silences)
        if (secondOf(ends_at) < core.until && ends_at < now) running.silences.delete(id);
      core.setSilences([...running.silences.values()]);
    }
    running.revision = revision;
  }

  #hearRule(core: AlertCore, row: StoredAlertRule): void {
    if (row.removed_at !== null) return core.removeRule(row.rule_id, "The rule was removed.", row);
    if (!row.is_active) return core.removeRule(row.rule_id, "The rule was switched off.", row);
    try {
      core.setRule(fromStoredRule(row), secondOf(row.updated_at));
      if (row.problem !== null) core.noteProblem(row.rule_id, null);
    } catch (error) {
      core.removeRule(row.rule_id, "The rule cannot be evaluated any more.", row);
      core.noteProblem(row.rule_id, (error as Error).message);
    }
  }

  /** False when there is more than one look reads: what is there is to be read to its end before anything is evaluated. */
  async #read(running: Running, horizon: number): Promise<boolean> {
    for (let pieces = 0; pieces < MAX_PIECES; pieces++) {
      const piece = await this.#feed.since(running.core.windows.routes.wants, running.cursor);
      running.core.add(piece, horizon);
      running.cursor = piece.cursor;
      if (!piece.isMore) return true;
    }
    return false;
  }

  async #write(running: Running, effects: CoreEffects): Promise<void> {
    const { core, cursor } = running;
    const { alerts, droppedAlertIds, history, notifications, ruleProblems } = effects;
    const isQuiet = alerts.length + droppedAlertIds.length + history.length + ruleProblems.length === 0;
    if (!isQuiet || core.until >= running.writtenUntil + CURSOR_EVERY_S) {
      const revision = await this.#records.commit({
        lease: this.#lease,
        engine: { cursor, evaluated_until: core.until },
        alerts: alerts.map((alert) => ({ alert, expectedRevision: alert.revision })),
        droppedAlertIds,
        history,
        notifications,
        ruleProblems,
      });
      core.noteWritten(alerts, revision);
      running.writtenUntil = core.until;
      this.#counts.notifications += notifications.length;
      if (notifications.length > 0) this.#onNotifications();
    }
    this.#counts.lag = this.#clock.nowMs() / 1_000 - core.until;
  }

  #fail(error: unknown): void {
    this.#counts.failures++;
    this.#onProblem(
      `Alerts could not be evaluated, and will be again: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} is ${value}; it must be from ${min} to ${max}.`);
}
