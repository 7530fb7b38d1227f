// The life of an alert, one instant at a time: what the condition makes of it, and what is said of it.
import { worseOf } from "../engine/evaluate-rule.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import type { Alert, AlertChange, AlertHistoryEntry, AlertNotification, AlertSilence } from "./alert.ts";
import { secondOf, secondText } from "./alert-times.ts";
import { createAlert } from "./new-alert.ts";
import { createNotifications } from "./notifications.ts";
import { silenceOf } from "./silences.ts";
import { summaryOf } from "./summary.ts";

/** How alerts behave, whatever their rule. */
export interface LifecycleSettings {
  /** Whose condition comes back within so many seconds is the same alert. Default 600. */
  readonly reopenWithinSeconds: number;
  /** One that fires or resolves more often than this within `flapWindowSeconds` is flapping. Default 6. */
  readonly maxChanges: number;
  /** Also how long it must stay as it is to be stable again. Default 600. */
  readonly flapWindowSeconds: number;
}

/** What is without a word. */
export const DEFAULT_LIFECYCLE: LifecycleSettings = { reopenWithinSeconds: 600, maxChanges: 6, flapWindowSeconds: 600 };

/** What is known at an instant. */
export interface AlertStep {
  /** Its labels are also those of the group. */
  readonly rule: AlertRule;
  /** Empty or undefined: the rule has no groups. */
  readonly groupId?: string | undefined;
  /** Undefined: what has fired stays as it is, and nothing else begins. */
  readonly holds: boolean | undefined;
  readonly value: number | null;
  /** The value as exact as it can be written; undefined: it is a double. */
  readonly figure?: string | undefined;
  /** Second since 1970. */
  readonly at: number;
  readonly silences: readonly AlertSilence[];
  readonly settings: LifecycleSettings;
  /** Why it ends, where it is not by itself. */
  readonly endNote?: string | undefined;
}

/** What came of it. */
export interface AlertProgress {
  /** The newest alert of the rule, or of the group; undefined: there is none, or it has come to nothing. */
  readonly alert: Alert | undefined;
  /** More than the value. */
  readonly isChanged: boolean;
  readonly history: readonly AlertHistoryEntry[];
  readonly notifications: readonly AlertNotification[];
  /** The instant at which to come back, though nothing else happens. */
  readonly wakeAt: number | undefined;
}

/** Leads `before`, the newest alert of a rule or of one of its groups, through an instant. Depends on nothing else: a back-test does the same. */
export function advanceAlert(before: Alert | undefined, step: AlertStep): AlertProgress {
  const life = new AlertLife(before, step);
  life.measure();
  life.move();
  life.hush();
  life.settle();
  return life.progress(before);
}

/** True while a condition that comes back is the same alert again, of one that is resolved. */
export function mayReopen({ resolved_at }: Alert, at: number, { reopenWithinSeconds }: LifecycleSettings): boolean {
  return resolved_at !== null && at - secondOf(resolved_at) <= reopenWithinSeconds;
}

type Changes = Partial<Omit<Alert, "alert_id" | "rule_id">>;

class AlertLife {
  readonly #step: AlertStep;
  readonly #time: string;
  #alert: Alert | undefined;
  readonly #history: AlertHistoryEntry[] = [];
  readonly #notifications: AlertNotification[] = [];
  #isChanged = false;
  /** What is to be told, once it is known whether anything is. */
  #news: AlertChange | undefined;

  constructor(before: Alert | undefined, step: AlertStep) {
    this.#alert = before;
    this.#step = step;
    this.#time = secondText(step.at);
  }

  /** The value, of an alert whose condition holds. */
  measure(): void {
    const { rule, holds, value } = this.#step;
    const alert = this.#alert;
    if (alert === undefined || alert.state === "resolved" || holds !== true || value === null) return;
    const operator = "operator" in rule.condition_config ? rule.condition_config.operator : ">";
    const peak_value = worseOf(operator, alert.peak_value, value);
    if (value !== alert.value || peak_value !== alert.peak_value) this.#alert = { ...alert, value, peak_value };
  }

  /** From state to state. */
  move(): void {
    const { rule, holds, at } = this.#step;
    if (this.#alert === undefined || (this.#alert.state === "resolved" && !this.#alert.condition_holds)) {
      if (holds === true) this.#begin();
    } else if (this.#alert.state === "resolved") {
      // A person has resolved it while the condition held.
      if (holds === false) this.#change({ condition_holds: false });
    } else if (this.#alert.state !== "pending") {
      if (holds === false) this.#resolve();
    } else if (holds !== true) this.#drop();
    if (this.#alert?.state === "pending" && at >= secondOf(this.#alert.pending_since) + rule.for_seconds) this.#fire();
  }

  /** Silences that began or ended. */
  hush(): void {
    const alert = this.#alert;
    if (alert === undefined || alert.state === "pending") return;
    // Of a resolved one only what is left to be told matters.
    if (alert.state === "resolved" && alert.silence_id === null && this.#news === undefined) return;
    const silence = silenceOf(alert, this.#step.silences, this.#time);
    if ((silence?.silence_id ?? null) === alert.silence_id) return;
    this.#change({ silence_id: silence?.silence_id ?? null });
    if (silence === undefined) this.#note("unsilenced", null);
    else this.#note("silenced", `by ${silence.created_by} until ${silence.ends_at}: ${silence.reason}`);
  }

  /** Ends flapping, and tells what is to be told. */
  settle(): void {
    const alert = this.#alert;
    if (alert === undefined || alert.state === "pending") return;
    const last = alert.recent_changes.at(-1);
    const { flapWindowSeconds } = this.#step.settings;
    if (alert.is_flapping && (last === undefined || this.#step.at >= secondOf(last) + flapWindowSeconds)) {
      this.#change({ is_flapping: false, recent_changes: [] });
      this.#note("stable", null);
    }
    this.#tell();
  }

  progress(before: Alert | undefined): AlertProgress {
    return {
      alert: this.#alert,
      isChanged: this.#isChanged || (before === undefined) !== (this.#alert === undefined),
      history: this.#history,
      notifications: this.#notifications,
      wakeAt: this.#wakeAt(),
    };
  }

  /** The condition begins to hold: of a new alert, or of one that has ended a short time ago. */
  #begin(): void {
    const { rule, groupId, at, value, figure, settings } = this.#step;
    const before = this.#alert;
    if (before !== undefined && mayReopen(before, at, settings)) {
      const pending = { state: "pending", status: "pending", pending_since: this.#time } as const;
      this.#change({ ...pending, condition_holds: true, value, peak_value: value });
      return;
    }
    this.#alert = createAlert(rule, at, { value, figure }, groupId);
    this.#isChanged = true;
    if (rule.for_seconds > 0) this.#note("pending", null);
  }

  #fire(): void {
    const { rule, value, figure } = this.#step;
    const isAgain = this.#alert!.triggered_at !== null;
    this.#change({
      state: "firing",
      status: "active",
      triggered_at: this.#time,
      summary: summaryOf(rule, value, figure),
      // It was evaluated anew: who has seen it has seen it as it was then.
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      resolved_by: null,
      resolution_note: null,
      reopened_count: this.#alert!.reopened_count + (isAgain ? 1 : 0),
    });
    this.#count(isAgain ? "reopened" : "firing", null);
  }

  #resolve(): void {
    const { endNote } = this.#step;
    const resolved = { state: "resolved", status: "resolved", resolved_at: this.#time, resolved_by: null } as const;
    this.#change({ ...resolved, resolution_note: endNote ?? null, condition_holds: false });
    this.#count("resolved", endNote ?? null);
  }

  /** It was pending, and has come to nothing; one that was an alert before is what it was. */
  #drop(): void {
    if (this.#alert!.triggered_at === null) this.#alert = undefined;
    else this.#change({ state: "resolved", status: "resolved", condition_holds: false });
    this.#isChanged = true;
  }

  /** A change that counts for flapping. */
  #count(change: AlertChange, note: string | null): void {
    const { at, settings } = this.#step;
    const alert = this.#alert!;
    const recent = alert.recent_changes.filter((time) => secondOf(time) > at - settings.flapWindowSeconds);
    // However long it flaps, the last changes are enough to see it.
    const recent_changes = [...recent, this.#time].slice(-settings.maxChanges - 1);
    this.#change({ recent_changes });
    this.#note(change, note);
    this.#news = change;
    if (alert.is_flapping || recent_changes.length <= settings.maxChanges) return;
    this.#change({ is_flapping: true });
    this.#note("flapping", `${recent_changes.length} changes in ${settings.flapWindowSeconds} s`);
    this.#news = "flapping";
  }

  /** One notification for what is new since the last one; none while it is silenced, and none but the first while it flaps. */
  #tell(): void {
    const alert = this.#alert!;
    if (alert.silence_id !== null || (alert.is_flapping && this.#news !== "flapping")) return;
    const state = alert.state === "resolved" ? "resolved" : "firing";
    // Whoever has not heard that it fired need not hear that it has ended.
    if (alert.notified_state === state || (alert.notified_state === null && state === "resolved")) {
      if (this.#news !== "flapping") return;
    }
    this.#change({ notified_state: state, notification_count: alert.notification_count + 1 });
    this.#notifications.push(...createNotifications(this.#alert!, this.#news ?? state, this.#step.rule, this.#time));
  }

  #wakeAt(): number | undefined {
    const alert = this.#alert;
    if (alert?.state === "pending") return secondOf(alert.pending_since) + this.#step.rule.for_seconds;
    const last = alert?.recent_changes.at(-1);
    if (alert?.is_flapping !== true || last === undefined) return undefined;
    return secondOf(last) + this.#step.settings.flapWindowSeconds;
  }

  #change(changes: Changes): void {
    this.#alert = { ...this.#alert!, ...changes };
    this.#isChanged = true;
  }

  #note(change: AlertChange, note: string | null): void {
    this.#history.push({ alert_id: this.#alert!.alert_id, changed_at: this.#time, change, changed_by: null, note });
  }
}
