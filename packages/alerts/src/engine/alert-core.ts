// The engine without a clock and without a store: rules, their windows and alerts, led from second to second. Live and back-test are this.
import type { FeedPiece } from "@tracebook/store";
import { type AlertProgress, advanceAlert, type LifecycleSettings } from "../lifecycle/advance-alert.ts";
import type { Alert, AlertHistoryEntry, AlertNotification, AlertSilence } from "../lifecycle/alert.ts";
import { secondFrom } from "../lifecycle/alert-times.ts";
import type { NotifiedRule } from "../lifecycle/notifications.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { evaluateRule } from "./evaluate-rule.ts";
import { sourceOf } from "./rule-source.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { Timers } from "./timers.ts";
import { type SharedWindow, WindowSet } from "./window-set.ts";

/** What has happened since it was last taken. */
export interface CoreEffects {
  readonly alerts: readonly Alert[];
  /** Pending ones that the store has, and that have come to nothing. */
  readonly droppedAlertIds: readonly string[];
  readonly history: readonly AlertHistoryEntry[];
  readonly notifications: readonly AlertNotification[];
  readonly ruleProblems: readonly { readonly rule_id: string; readonly problem: string | null }[];
}

interface RuleState {
  readonly rule: AlertRule;
  readonly since: number;
  readonly shared: SharedWindow;
  readonly sessions: Sessions;
  /** It is not evaluated any more. */
  problem: string | undefined;
}

/** Values of open alerts are written down so often: a restart knows the worst of them to within half a minute. */
const VALUES_EVERY_S = 30;

/** Rules, windows and alerts. */
export class AlertCore {
  readonly windows = new WindowSet();
  readonly #settings: LifecycleSettings;
  readonly #rules = new Map<string, RuleState>();
  /** The newest of each rule. */
  readonly #alerts = new Map<string, Alert>();
  readonly #timers = new Timers();
  #silences: readonly AlertSilence[] = [];
  #until: number;
  #touched = new Set<string>();
  readonly #measured = new Set<string>();
  #effects = emptyEffects();

  /** Nothing is evaluated up to the instant `until`. */
  constructor(until: number, settings: LifecycleSettings) {
    this.#until = until;
    this.#settings = settings;
  }

  /** The last instant that was evaluated, in seconds since 1970. */
  get until(): number {
    return this.#until;
  }

  get alerts(): ReadonlyMap<string, Alert> {
    return this.#alerts;
  }

  get ruleCount(): number {
    return this.#rules.size;
  }

  get brokenCount(): number {
    let broken = 0;
    for (const { problem } of this.#rules.values()) if (problem !== undefined) broken++;
    return broken;
  }

  /** Takes a rule, or a new form of it; of an absence what was before `since` does not count. Its window is to be filled. */
  setRule(rule: AlertRule, since: number): void {
    const before = this.#rules.get(rule.rule_id);
    const shared = this.windows.share(rule.rule_id, sourceOf(rule));
    if (before !== undefined && before.shared !== shared) this.windows.release(rule.rule_id, before.shared);
    const calendar = rule.rule_type === "data_absence" ? rule.condition_config.calendar : ALWAYS;
    const sessions = createSessions(calendar);
    this.#rules.set(rule.rule_id, { rule, since, shared, sessions, problem: undefined });
    this.#touched.add(rule.rule_id);
  }

  /** Takes a rule away, known or not; its alert ends, for the reason given. `told` is whom to tell where it is not known. */
  removeRule(ruleId: string, reason: string, told: NotifiedRule): void {
    const state = this.#rules.get(ruleId);
    const before = this.#alerts.get(ruleId);
    if (before !== undefined && before.state !== "resolved") {
      // Of its rule, an end needs no more than that.
      const rule = (state?.rule ?? told) as AlertRule;
      const step = { rule, holds: false, value: null, at: this.#until, silences: this.#silences };
      this.#take(ruleId, before, advanceAlert(before, { ...step, settings: this.#settings, endNote: reason }));
    }
    if (state !== undefined) this.windows.release(ruleId, state.shared);
    this.#rules.delete(ruleId);
  }

  /** Why a rule cannot be evaluated; null: it can, again. */
  noteProblem(ruleId: string, problem: string | null): void {
    this.#effects.ruleProblems.push({ rule_id: ruleId, problem });
  }

  /** Takes an alert as the store has it: people may have changed it. */
  setAlert(alert: Alert): void {
    const known = this.#alerts.get(alert.rule_id);
    if (known !== undefined && known.pending_since > alert.pending_since) return;
    this.#alerts.set(alert.rule_id, alert);
    this.#touched.add(alert.rule_id);
  }

  setSilences(silences: readonly AlertSilence[]): void {
    this.#silences = silences;
    for (const { starts_at, ends_at } of silences)
      for (const text of [starts_at, ends_at]) this.#timers.set(secondFrom(text), EVERY_ALERT);
    this.#timers.set(this.#until + 1, EVERY_ALERT);
  }

  /** Takes what is new; see `WindowSet.add`. */
  add(piece: FeedPiece, horizon: number): void {
    this.windows.add(piece, this.#until, horizon);
  }

  /** Goes on by one second. */
  advance(): void {
    const at = this.#until + 1;
    const touched = this.#touched;
    this.#touched = new Set();
    for (const { ruleIds } of this.windows.advance(at)) for (const id of ruleIds) touched.add(id);
    for (const id of this.#timers.take(at)) {
      if (id === EVERY_ALERT) for (const ruleId of this.#alerts.keys()) touched.add(ruleId);
      else touched.add(id);
    }
    for (const { ruleIds } of at % VALUES_EVERY_S === 0 ? this.windows.routes.refused : [])
      for (const id of ruleIds) this.#break(id, "asks for fields of events beyond the 64 that are read at once.");
    for (const id of touched) this.#evaluate(id, at);
    this.#until = at;
    if (at % VALUES_EVERY_S === 0) this.#noteValues();
  }

  /** What has happened; from now on it is the caller's. */
  takeEffects(): CoreEffects {
    const { alerts, ...rest } = this.#effects;
    this.#effects = emptyEffects();
    return { ...rest, alerts: [...alerts.values()] };
  }

  /** The store has written these; it has given them the revision. */
  noteWritten(alerts: readonly Alert[], revision: number): void {
    for (const { rule_id, alert_id } of alerts) {
      const known = this.#alerts.get(rule_id);
      if (known?.alert_id === alert_id) this.#alerts.set(rule_id, { ...known, revision });
    }
  }

  #evaluate(ruleId: string, at: number): void {
    const state = this.#rules.get(ruleId);
    if (state === undefined || state.problem !== undefined) return;
    const { rule, shared, sessions, since } = state;
    try {
      const { holds, value, lookAgainAt } = evaluateRule(rule, shared.window, sessions, at, since);
      if (lookAgainAt !== undefined) this.#timers.set(lookAgainAt, ruleId);
      const before = this.#alerts.get(ruleId);
      // Most rules most of the time: nothing is the matter, and nothing was.
      if (holds !== true && (before === undefined || isSettled(before))) return;
      const step = { rule, holds, value, at, silences: this.#silences, settings: this.#settings };
      const progress = advanceAlert(before, step);
      if (progress.wakeAt !== undefined && progress.wakeAt > at) this.#timers.set(progress.wakeAt, ruleId);
      this.#take(ruleId, before, progress);
    } catch (error) {
      this.#break(ruleId, error instanceof Error ? error.message : String(error));
    }
  }

  #take(ruleId: string, before: Alert | undefined, { alert, isChanged, history, notifications }: AlertProgress): void {
    if (alert === undefined) this.#alerts.delete(ruleId);
    else this.#alerts.set(ruleId, alert);
    if (!isChanged) {
      if (alert !== before) this.#measured.add(ruleId);
      return;
    }
    const effects = this.#effects;
    if (alert !== undefined) effects.alerts.set(alert.alert_id, alert);
    else if (before !== undefined) {
      effects.alerts.delete(before.alert_id);
      effects.history = effects.history.filter((entry) => entry.alert_id !== before.alert_id);
      if (before.revision > 0) effects.droppedAlertIds.push(before.alert_id);
    }
    effects.history.push(...history);
    effects.notifications.push(...notifications);
  }

  #noteValues(): void {
    for (const ruleId of this.#measured) {
      const alert = this.#alerts.get(ruleId);
      if (alert !== undefined) this.#effects.alerts.set(alert.alert_id, alert);
    }
    this.#measured.clear();
  }

  /** A rule that cannot be evaluated is left alone until somebody changes it; the others go on. */
  #break(ruleId: string, problem: string): void {
    const state = this.#rules.get(ruleId);
    if (state === undefined || state.problem !== undefined) return;
    state.problem = problem;
    this.#effects.ruleProblems.push({ rule_id: ruleId, problem });
  }
}

/** Nothing can become of it while the condition does not hold. */
function isSettled(alert: Alert): boolean {
  return alert.state === "resolved" && !alert.condition_holds && !alert.is_flapping && alert.silence_id === null;
}

function emptyEffects() {
  return {
    alerts: new Map<string, Alert>(),
    droppedAlertIds: [] as string[],
    history: [] as AlertHistoryEntry[],
    notifications: [] as AlertNotification[],
    ruleProblems: [] as { rule_id: string; problem: string | null }[],
  };
}

const ALWAYS = { kind: "always" } as const;
/** No rule has this id. */
const EVERY_ALERT = "";
