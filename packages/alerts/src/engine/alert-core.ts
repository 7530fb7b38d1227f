// The engine without a clock and without a store: rules, their windows and alerts, led from second to second. Live and back-test are this.
import type { FeedPiece } from "@tracebook/store";
import { type AlertProgress, advanceAlert, type LifecycleSettings, mayReopen } from "../lifecycle/advance-alert.ts";
import type { Alert, AlertSilence } from "../lifecycle/alert.ts";
import { secondFrom, secondOf } from "../lifecycle/alert-times.ts";
import type { NotifiedRule } from "../lifecycle/notifications.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { groupKeyOf, groupLabelsOf, MAX_GROUPS, type WindowGroup } from "./alert-groups.ts";
import { type CoreEffects, EffectList } from "./core-effects.ts";
import { evaluateRule, type Verdict } from "./evaluate-rule.ts";
import { sourceOf } from "./rule-source.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { Timers } from "./timers.ts";
import { type SharedWindow, WindowSet } from "./window-set.ts";

export type { CoreEffects } from "./core-effects.ts";

interface RuleState {
  readonly rule: AlertRule;
  readonly since: number;
  readonly shared: SharedWindow;
  readonly sessions: Sessions;
  /** It is not evaluated any more. */
  problem: string | undefined;
}

/** A rule and a group of it: what is evaluated, and has an alert. */
interface Watch {
  readonly key: string;
  readonly state: RuleState;
  readonly group: WindowGroup;
  /** The rule, with the labels of the group beside its own. */
  readonly rule: AlertRule;
}

/** Values of open alerts are written down so often: a restart knows the worst of them to within half a minute. */
const VALUES_EVERY_S = 30;

/** Rules, windows and alerts. */
export class AlertCore {
  readonly windows = new WindowSet();
  readonly #settings: LifecycleSettings;
  readonly #rules = new Map<string, RuleState>();
  readonly #watches = new Map<string, Watch>();
  /** The newest of each watch, by its key: of a rule without groups, the id of the rule. */
  readonly #alerts = new Map<string, Alert>();
  /** Those that no watch has: of rules that are not here (yet, or any more) by their ids, and of groups that a rule had before. */
  readonly #waiting = new Map<string, Map<string, Alert>>();
  /** Rules that have too many groups, and when that was seen last. */
  readonly #crowded = new Map<string, number>();
  readonly #timers = new Timers();
  #silences: readonly AlertSilence[] = [];
  #until: number;
  #touched = new Set<string>();
  readonly #measured = new Set<string>();
  #effects = new EffectList();

  /** Nothing is evaluated up to the instant `until`. */
  constructor(until: number, settings: LifecycleSettings) {
    this.#until = until;
    this.#settings = settings;
  }

  /** The last instant that was evaluated, in seconds since 1970. */
  get until(): number {
    return this.#until;
  }

  /** The newest of each rule, or of each group of it; of a group, until nothing can become of it any more. */
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

  /** Takes a rule, or a new form of it; that nothing came before `since` means nothing. Its windows are to be filled. */
  setRule(rule: AlertRule, since: number): void {
    const { rule_id: id } = rule;
    const before = this.#rules.get(id);
    const alerts = this.#takeAlerts(id);
    const shared = this.windows.share(id, sourceOf(rule));
    if (before !== undefined) this.#unwatch(id, before.shared);
    if (before !== undefined && before.shared !== shared) this.windows.release(id, before.shared);
    const calendar = rule.rule_type === "data_absence" ? rule.condition_config.calendar : ALWAYS;
    const state = { rule, since, shared, sessions: createSessions(calendar), problem: undefined };
    this.#rules.set(id, state);
    this.#crowded.delete(id);
    for (const group of shared.groups.values()) this.#touched.add(this.#watch(state, group).key);
    for (const alert of alerts) this.#place(state, alert);
  }

  /** Takes a rule away, known or not; its alerts end, for the reason given. `told` is whom to tell where it is not known. */
  removeRule(ruleId: string, reason: string, told: NotifiedRule): void {
    const state = this.#rules.get(ruleId);
    // Of its rule, an end needs no more than that.
    const rule = (state?.rule ?? told) as AlertRule;
    for (const alert of this.#takeAlerts(ruleId)) this.#wait(this.#end(alert, rule, reason));
    if (state !== undefined) {
      this.#unwatch(ruleId, state.shared);
      this.windows.release(ruleId, state.shared);
    }
    this.#rules.delete(ruleId);
    this.#crowded.delete(ruleId);
  }

  /** Why a rule cannot be evaluated; null: it can, again. */
  noteProblem(ruleId: string, problem: string | null): void {
    this.#effects.noteProblem(ruleId, problem);
  }

  /** Takes an alert as the store has it: people may have changed it. One that is known as it is changes nothing. */
  setAlert(alert: Alert): void {
    const state = this.#rules.get(alert.rule_id);
    if (state === undefined) this.#wait(alert);
    else this.#place(state, alert);
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
    for (const group of this.windows.advance(at))
      for (const id of group.ruleIds) touched.add(group.key === "" ? id : this.#watchAgain(id, group));
    for (const key of this.#timers.take(at)) {
      if (key === EVERY_ALERT) for (const each of this.#alerts.keys()) touched.add(each);
      else touched.add(key);
    }
    for (const { ruleIds } of at % VALUES_EVERY_S === 0 ? this.windows.routes.refused : [])
      for (const id of ruleIds) this.#break(id, "asks for fields of events beyond the 64 that are read at once.");
    for (const key of touched) this.#evaluate(key, at);
    for (const { ruleIds } of this.windows.takeOverfull()) for (const id of ruleIds) this.#crowd(id, at);
    this.#until = at;
    if (at % VALUES_EVERY_S === 0) this.#tidy();
  }

  /** What has happened; from now on it is the caller's. */
  takeEffects(): CoreEffects {
    const effects = this.#effects.take();
    this.#effects = new EffectList();
    return effects;
  }

  /** The store has written these; it has given them the revision. */
  noteWritten(alerts: readonly Alert[], revision: number): void {
    for (const alert of alerts) {
      const waiting = this.#waiting.get(alert.rule_id);
      if (waiting !== undefined) noteRevision(waiting, alert.fingerprint, alert, revision);
      const key = this.#keyOf(alert);
      if (key !== undefined) noteRevision(this.#alerts, key, alert, revision);
    }
  }

  #evaluate(key: string, at: number): void {
    const watch = this.#watches.get(key);
    if (watch === undefined) return;
    const { state, group, rule } = watch;
    if (state.problem === undefined) {
      try {
        const { holds, value, figure, lookAgainAt } = this.#look(watch, at);
        if (lookAgainAt !== undefined) this.#timers.set(lookAgainAt, key);
        const before = this.#alerts.get(key);
        // Most rules most of the time: nothing is the matter, and nothing was.
        if (holds === true || (before !== undefined && !isSettled(before))) {
          const step = { rule, groupId: group.id, holds, value, figure, at, silences: this.#silences };
          const progress = advanceAlert(before, { ...step, settings: this.#settings });
          if (progress.wakeAt !== undefined && progress.wakeAt > at) this.#timers.set(progress.wakeAt, key);
          this.#take(key, before, progress);
        }
      } catch (error) {
        this.#break(rule.rule_id, error instanceof Error ? error.message : String(error));
      }
    }
    if (group.key !== "" && group.window.isEmpty) this.#leave(watch, at);
  }

  /** A group of which there is nothing in the window is none: nothing holds of it, not even that it counts 0. */
  #look({ state, group, rule }: Watch, at: number): Verdict {
    if (group.key !== "" && group.window.isEmpty) return NOTHING;
    return evaluateRule(rule, group.window, state.sessions, at, state.since);
  }

  #take(key: string, before: Alert | undefined, progress: AlertProgress): void {
    const { alert } = progress;
    if (alert === undefined) this.#alerts.delete(key);
    else this.#alerts.set(key, alert);
    if (progress.isChanged) this.#effects.add(before, progress);
    else if (alert !== before) this.#measured.add(key);
  }

  /** Ends an alert that is not led any more. */
  #end(before: Alert, rule: AlertRule, endNote: string): Alert | undefined {
    if (before.state === "resolved") return before;
    const step = { rule, holds: false, value: null, at: this.#until, silences: this.#silences, endNote };
    const progress = advanceAlert(before, { ...step, settings: this.#settings });
    this.#effects.add(before, progress);
    return progress.alert;
  }

  #watch(state: RuleState, group: WindowGroup): Watch {
    const { rule } = state;
    const key = watchKeyOf(rule.rule_id, group.key);
    const own = group.key === "" ? rule : { ...rule, labels: { ...rule.labels, ...group.labels } };
    const watch = { key, state, group, rule: own };
    this.#watches.set(key, watch);
    return watch;
  }

  /** The key of a group that is there, and may be new to the rule. */
  #watchAgain(ruleId: string, group: WindowGroup): string {
    const key = watchKeyOf(ruleId, group.key);
    const state = this.#rules.get(ruleId);
    if (state !== undefined && !this.#watches.has(key)) this.#watch(state, group);
    return key;
  }

  #unwatch(ruleId: string, shared: SharedWindow): void {
    for (const group of shared.groups.values()) this.#unwatchGroup(ruleId, shared, group);
  }

  /** Whoever is the last to go takes an empty group away. */
  #unwatchGroup(ruleId: string, { groups, ruleIds }: SharedWindow, group: WindowGroup): void {
    this.#watches.delete(watchKeyOf(ruleId, group.key));
    if (groups.isWhole || !group.window.isEmpty) return;
    for (const id of ruleIds) if (this.#watches.has(watchKeyOf(id, group.key))) return;
    groups.remove(group);
  }

  /** Goes from a group that has nothing in its window, once nothing can become of its alert. */
  #leave({ key, state, group }: Watch, at: number): void {
    const alert = this.#alerts.get(key);
    if (alert !== undefined) {
      if (!isSettled(alert)) return;
      if (mayReopen(alert, at, this.#settings)) {
        this.#timers.set(secondOf(alert.resolved_at!) + this.#settings.reopenWithinSeconds + 1, key);
        return;
      }
      this.#alerts.delete(key);
    }
    this.#unwatchGroup(state.rule.rule_id, state.shared, group);
  }

  /** Gives an alert to its group, which is made where it has gone: it is to be led to its end. */
  #place(state: RuleState, alert: Alert): void {
    const { shared, rule } = state;
    const labels = groupLabelsOf(alert, shared.by);
    if (labels === undefined) {
      // Until it is over: the rule may have its groups again.
      this.#wait(this.#end(alert, rule, "The rule has other groups now."));
      return;
    }
    const key = watchKeyOf(rule.rule_id, groupKeyOf(labels));
    const known = this.#alerts.get(key);
    if (known !== undefined && known.pending_since > alert.pending_since) return;
    if (known?.alert_id === alert.alert_id && known.revision === alert.revision) return;
    if (!this.#watches.has(key)) {
      if (this.#isOver(alert)) return;
      this.#watch(state, shared.groups.restore(labels));
    }
    this.#alerts.set(key, alert);
    this.#touched.add(key);
  }

  #wait(alert: Alert | undefined): void {
    if (alert === undefined) return;
    const waiting = this.#waiting.get(alert.rule_id) ?? new Map<string, Alert>();
    const known = waiting.get(alert.fingerprint);
    if (known !== undefined && known.pending_since > alert.pending_since) return;
    this.#waiting.set(alert.rule_id, waiting.set(alert.fingerprint, alert));
  }

  /** All that is known of a rule's alerts; they are the caller's. */
  #takeAlerts(ruleId: string): readonly Alert[] {
    const alerts = [...(this.#waiting.get(ruleId)?.values() ?? [])];
    this.#waiting.delete(ruleId);
    for (const group of this.#rules.get(ruleId)?.shared.groups.values() ?? []) {
      const key = watchKeyOf(ruleId, group.key);
      const alert = this.#alerts.get(key);
      if (alert !== undefined) alerts.push(alert);
      this.#alerts.delete(key);
    }
    return alerts;
  }

  #keyOf(alert: Alert): string | undefined {
    const shared = this.#rules.get(alert.rule_id)?.shared;
    if (shared === undefined || shared.groups.isWhole) return alert.rule_id;
    const labels = groupLabelsOf(alert, shared.by);
    return labels === undefined ? undefined : watchKeyOf(alert.rule_id, groupKeyOf(labels));
  }

  /** Nothing can become of it any more. */
  #isOver(alert: Alert): boolean {
    return isSettled(alert) && !mayReopen(alert, this.#until, this.#settings);
  }

  /** Writes down values, and lets go of what nothing can become of. */
  #tidy(): void {
    for (const key of this.#measured) {
      const alert = this.#alerts.get(key);
      if (alert !== undefined) this.#effects.noteValue(alert);
    }
    this.#measured.clear();
    for (const [ruleId, waiting] of this.#waiting) {
      for (const [fingerprint, alert] of waiting) if (this.#isOver(alert)) waiting.delete(fingerprint);
      if (waiting.size === 0) this.#waiting.delete(ruleId);
    }
    for (const [ruleId, at] of this.#crowded)
      if (at <= this.#until - VALUES_EVERY_S) {
        this.#crowded.delete(ruleId);
        this.#effects.noteProblem(ruleId, null);
      }
  }

  /** The groups that are there go on. */
  #crowd(ruleId: string, at: number): void {
    const isBroken = this.#rules.get(ruleId)?.problem !== undefined;
    if (!this.#crowded.has(ruleId) && !isBroken)
      this.#effects.noteProblem(
        ruleId,
        `has ${MAX_GROUPS} groups; what would be another one is not evaluated. Group it by labels with fewer values.`,
      );
    this.#crowded.set(ruleId, at);
  }

  /** A rule that cannot be evaluated is left alone until somebody changes it; the others go on. */
  #break(ruleId: string, problem: string): void {
    const state = this.#rules.get(ruleId);
    if (state === undefined || state.problem !== undefined) return;
    state.problem = problem;
    this.#effects.noteProblem(ruleId, problem);
  }
}

/** No id of a rule has a space. */
function watchKeyOf(ruleId: string, groupKey: string): string {
  return groupKey === "" ? ruleId : `${ruleId} ${groupKey}`;
}

function noteRevision(known: Map<string, Alert>, key: string, { alert_id }: Alert, revision: number): void {
  const alert = known.get(key);
  if (alert?.alert_id === alert_id) known.set(key, { ...alert, revision });
}

/** Nothing can become of it while the condition does not hold. */
function isSettled(alert: Alert): boolean {
  return alert.state === "resolved" && !alert.condition_holds && !alert.is_flapping && alert.silence_id === null;
}

const NOTHING: Verdict = { holds: false, value: null, figure: undefined, lookAgainAt: undefined };
const ALWAYS = { kind: "always" } as const;
/** No rule has this id. */
const EVERY_ALERT = "";
