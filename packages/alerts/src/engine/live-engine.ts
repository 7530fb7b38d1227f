// The engine that runs: reads the store each second, evaluates, and writes down what came of it, all of it or nothing.
import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AlertChanges, AlertFeed, AlertRecords, AlertSilence } from "@tracebook/store";
import { DEFAULT_LIFECYCLE, type LifecycleSettings } from "../lifecycle/advance-alert.ts";
import { secondOf, timeText } from "../lifecycle/alert-times.ts";
import { type AlertClock, SYSTEM_CLOCK } from "./alert-clock.ts";
import { AlertCore } from "./alert-core.ts";
import { ClockWatch } from "./clock-watch.ts";
import type { CoreEffects } from "./core-effects.ts";
import type { AlertEngineOptions, AlertEngineStats } from "./engine-options.ts";
import { EvaluatorLease } from "./evaluator-lease.ts";
import { type LedBack, ledBackFeed, mapSeconds } from "./feed-view.ts";
import { alertsLedBack, fromStoredPosition, relivedUntil, renameRelived, toStoredPosition } from "./led-back.ts";
import { RuleIntake, type SkippedTime, type WindowFilling } from "./rule-intake.ts";

/** Further ahead no time is true. */
const MAX_AHEAD_S = 3_600;
/** How far back it goes on after it was down; what came before is not told of. */
const MAX_CATCH_UP_S = 86_400;
/** After so many seconds what came of them is written, and what people have done is heard of. */
const BITE_S = 300;
/** So long it evaluates at a time: others work on the same thread. */
const TURN_MS = 50;
/** Without anything to write, the cursor is written so often, in seconds. */
const CURSOR_EVERY_S = 10;
/** Pieces of the feed that are read in one look: of more, the rest is read by the next. */
const MAX_PIECES = 1_000;
/** By less the time is not led back: it stands still for so long. */
const LEAST_LEAD_S = 2;
/** For a clock that is farther behind that of who evaluated before nobody waits; and a shorter wait is not worth a word. */
const MAX_WAIT_S = 10;
const SILENT_WAIT_S = 5;
/** What bears a time so far ahead would come too late. */
const LONG_STEP_S = 60;

/** What is in memory while this process evaluates. */
interface Running {
  readonly core: AlertCore;
  readonly intake: RuleIntake;
  cursor: string;
  /** The revision up to which changes were heard of. */
  revision: number;
  readonly silences: Map<string, AlertSilence>;
  writtenUntil: number;
  /** How time was led back of late, the latest last. */
  readonly ledBack: readonly LedBack[];
}

/** An engine; see `createAlertEngine`. */
export class LiveEngine {
  readonly #records: AlertRecords;
  readonly #feed: AlertFeed;
  readonly #clock: AlertClock;
  readonly #watch: ClockWatch;
  readonly #everyMs: number;
  readonly #latenessMs: number;
  readonly #lease: EvaluatorLease;
  readonly #lifecycle: LifecycleSettings;
  readonly #onProblem: (problem: string) => void;
  readonly #onNotifications: () => void;
  readonly #counts = { look: 0, evaluation: 0, evaluationTotal: 0, lag: 0, seconds: 0, notifications: 0, failures: 0 };
  #running: Running | undefined;
  /** The last second that was evaluated here, by the clock of this machine. */
  #reached = Number.NEGATIVE_INFINITY;
  #skipped: SkippedTime | undefined;
  #looking: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #isStarted = false;
  #isEnding = false;

  constructor(options: AlertEngineOptions) {
    this.#records = options.records;
    this.#feed = options.feed;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#watch = new ClockWatch(this.#clock);
    this.#everyMs = inRange("everyMs", options.everyMs ?? 1_000, 100, 60_000);
    this.#latenessMs = inRange("latenessMs", options.latenessMs ?? 500, 0, 60_000);
    this.#lease = new EvaluatorLease({
      records: options.records,
      clock: this.#clock,
      holder: options.holder ?? randomUUID(),
      leaseMs: inRange("leaseMs", options.leaseMs ?? 15_000, 2_000, 3_600_000),
    });
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
    this.#isEnding = true;
    this.#cancel?.();
    await this.#looking;
    this.#isEnding = false;
    this.#running = undefined;
    await this.#lease.release().catch((error: unknown) => this.#fail(error));
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
      clockSteps: this.#watch.steps,
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
      const stepMs = this.#watch.takeStep();
      if (stepMs !== 0) this.#noteStep(stepMs);
      if (!(await this.#lease.hold())) {
        this.#running = undefined;
        return;
      }
      this.#running ??= await this.#load();
      await this.#go(this.#running, stepMs);
    } catch (error) {
      // Whatever was not written is done again, from what the store has.
      this.#running = undefined;
      this.#lease.doubt();
      this.#fail(error);
    } finally {
      this.#counts.look = (performance.now() - begunMs) / 1_000;
    }
  }

  /** Set forward, or asleep: it begins anew where it was, and evaluates what lies between. */
  #noteStep(stepMs: number): void {
    this.#lease.doubt();
    this.#skipped = undefined;
    if (stepMs < 0) return;
    this.#skipped = { seconds: stepMs / 1_000, until: this.#evaluable() };
    if (this.#running === undefined) return;
    this.#running = undefined;
    this.#onProblem(
      `The clock of this machine was set forward by ${inWords(stepMs / 1_000)}, or the machine slept for so long: ` +
        "alerts of that time are evaluated now, and no stream counts as absent for it.",
    );
  }

  /** From what the store has: after a start, and after anything has failed. */
  async #load(): Promise<Running> {
    const now = this.#evaluable();
    const state = await this.#records.engineState();
    if (state === undefined) return this.#begin(now, await this.#feed.position(), [], 0);
    const { cursor, ledBack } = fromStoredPosition(state.cursor);
    const last = state.evaluated_until;
    const leadS = last - now;
    const isOwn = last <= this.#reached;
    if (leadS > SILENT_WAIT_S && leadS <= MAX_WAIT_S && !isOwn)
      this.#onProblem(
        `The clock of this machine is ${inWords(leadS)} behind that of the process that evaluated alerts before: they are evaluated again once it has caught up.`,
      );
    const until = Math.max(last, now - MAX_CATCH_UP_S);
    if (until > last)
      this.#onProblem(`Alerts of ${until - last} seconds were not evaluated: the engine was down for more than a day.`);
    return this.#begin(until, cursor, ledBack, until);
  }

  #begin(until: number, cursor: string, ledBack: readonly LedBack[], writtenUntil: number): Running {
    if (until <= this.#evaluable()) this.#reached = Math.max(this.#reached, until);
    return {
      core: new AlertCore(until, this.#lifecycle),
      intake: new RuleIntake(this.#skipped, ledBack),
      cursor,
      revision: 0,
      silences: new Map(),
      writtenUntil,
      ledBack,
    };
  }

  async #go(loaded: Running, stepMs: number): Promise<void> {
    const now = this.#evaluable();
    const running = this.#isAhead(loaded, now) ? await this.#leadBack(loaded, now, stepMs) : loaded;
    this.#running = running;
    const { core } = running;
    const horizon = now + MAX_AHEAD_S;
    this.#counts.evaluation = 0;
    do {
      this.#hear(running, await this.#records.changesSince(running.revision), now);
      await running.intake.settle(core, this.#fillingOf(running, horizon));
      if (!(await this.#read(running, horizon))) return;
      await this.#evaluate(core, Math.min(now, core.until + BITE_S, Math.max(running.intake.next, core.until + 1)));
      await this.#write(running, core.takeEffects());
      if (!(await this.#lease.hold())) {
        this.#running = undefined;
        return;
      }
    } while (core.until < now && !this.#isEnding);
  }

  /** True when time has to be led back: the clock was set back under it, or is too far behind to be waited for. */
  #isAhead({ core }: Running, now: number): boolean {
    const leadS = core.until - now;
    return leadS > MAX_WAIT_S || (leadS >= LEAST_LEAD_S && core.until <= this.#reached);
  }

  /** Goes on from `now`. What was evaluated of the time after it is kept as it is, and not evaluated again. */
  async #leadBack(running: Running, now: number, stepMs: number): Promise<Running> {
    const { core } = running;
    const from = core.until;
    const isOwn = from <= this.#reached;
    const by = Math.max(from - now, isOwn ? Math.round(-stepMs / 1_000) : 0);
    const cursor = await this.#feed.position();
    const ledBack = [...running.ledBack, { from, to: now, by, before: running.cursor, after: cursor }];
    const alerts = await alertsLedBack(this.#records, from, now);
    await this.#records.commit({
      lease: this.#lease.held,
      engine: { cursor: toStoredPosition({ cursor, ledBack }, now), evaluated_until: now },
      alerts: alerts.map((alert) => ({ alert, expectedRevision: alert.revision })),
    });
    this.#reached = Math.min(this.#reached, now);
    this.#onProblem(
      isOwn
        ? `The clock of this machine was set back by ${inWords(by)}: alerts are evaluated on by the new time, and what was evaluated is not evaluated again.`
        : `The clock of this machine is ${inWords(by)} behind that of the process that evaluated alerts before: they are evaluated on by the time of this one.`,
    );
    return this.#begin(now, cursor, ledBack, now);
  }

  #fillingOf({ core, cursor, ledBack }: Running, horizon: number): WindowFilling {
    return { feed: ledBack.reduce(ledBackFeed, this.#feed), end: Math.max(horizon, core.until) + 1, cursor };
  }

  /** The last instant that can be evaluated. */
  #evaluable(): number {
    return Math.floor((this.#clock.nowMs() - this.#latenessMs) / 1_000);
  }

  /** What people have done. */
  #hear(running: Running, { revision, rules, alerts, silences }: AlertChanges, now: number): void {
    const { core, intake } = running;
    for (const alert of alerts) core.setAlert(alert);
    for (const row of rules) intake.hear(core, row, now);
    if (silences.length > 0) {
      for (const silence of silences) running.silences.set(silence.silence_id, silence);
      const nowText = timeText(this.#clock.nowMs());
      // Those that have ended a while ago are of no use to any instant that is still to come.
      for (const [id, { ends_at }] of running.silences)
        if (secondOf(ends_at) < core.until && ends_at < nowText) running.silences.delete(id);
      core.setSilences([...running.silences.values()]);
    }
    running.revision = revision;
  }

  /** False when there is more than one look reads: what is there is to be read to its end before anything is evaluated. */
  async #read(running: Running, horizon: number): Promise<boolean> {
    const { core, ledBack } = running;
    const by = ledBack.at(-1)?.by ?? 0;
    // Others may still go by the clock before: an item bears the time of that which it is nearer to.
    const ahead = by > LONG_STEP_S ? core.until + by / 2 : Number.POSITIVE_INFINITY;
    // While a clock that is behind is waited for, what bears its time is of now.
    const now = horizon - MAX_AHEAD_S;
    const toSecond = (second: number) => {
      if (second >= now && second < core.until) return core.until;
      return second >= ahead ? second - by : second;
    };
    for (let pieces = 0; pieces < MAX_PIECES; pieces++) {
      const piece = await this.#feed.since(core.windows.routes.wants, running.cursor);
      core.add(mapSeconds(piece, toSecond), horizon);
      running.cursor = piece.cursor;
      if (!piece.isMore) return true;
    }
    return false;
  }

  /** Up to the second `end`, and never for long at a time. */
  async #evaluate(core: AlertCore, end: number): Promise<void> {
    while (core.until < end && !this.#isEnding) {
      const begunMs = performance.now();
      while (core.until < end && performance.now() - begunMs < TURN_MS) {
        core.advance();
        this.#counts.seconds++;
      }
      const seconds = (performance.now() - begunMs) / 1_000;
      this.#counts.evaluation += seconds;
      this.#counts.evaluationTotal += seconds;
      this.#reached = Math.max(this.#reached, core.until);
      if (core.until < end) await nextTurn();
    }
  }

  async #write(running: Running, taken: CoreEffects): Promise<void> {
    const { core, cursor, ledBack } = running;
    const isRelived = core.until <= relivedUntil(ledBack);
    const { effects, renamed } = isRelived
      ? await renameRelived(taken, this.#records)
      : { effects: taken, renamed: [] };
    for (const alert of renamed) core.setAlert(alert);
    const { alerts, droppedAlertIds, history, notifications, ruleProblems } = effects;
    const isQuiet = alerts.length + droppedAlertIds.length + history.length + ruleProblems.length === 0;
    if (!isQuiet || core.until >= running.writtenUntil + CURSOR_EVERY_S) {
      const revision = await this.#records.commit({
        lease: this.#lease.held,
        engine: { cursor: toStoredPosition({ cursor, ledBack }, core.until), evaluated_until: core.until },
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

/** `90.5 s`, `1.5 h`. */
function inWords(seconds: number): string {
  const [size, unit] = seconds < 120 ? [1, "s"] : seconds < 7_200 ? [60, "min"] : [3_600, "h"];
  return `${Math.round((seconds / size) * 10) / 10} ${unit}`;
}
