// What the engine has done and nobody has written down yet.
import type { AlertProgress } from "../lifecycle/advance-alert.ts";
import type { Alert, AlertHistoryEntry, AlertNotification } from "../lifecycle/alert.ts";

/** What has happened since it was last taken. */
export interface CoreEffects {
  readonly alerts: readonly Alert[];
  /** Pending ones that the store has, and that have come to nothing. */
  readonly droppedAlertIds: readonly string[];
  readonly history: readonly AlertHistoryEntry[];
  readonly notifications: readonly AlertNotification[];
  readonly ruleProblems: readonly { readonly rule_id: string; readonly problem: string | null }[];
}

/** Gathers it. */
export class EffectList {
  readonly #alerts = new Map<string, Alert>();
  readonly #droppedAlertIds: string[] = [];
  #history: AlertHistoryEntry[] = [];
  readonly #notifications: AlertNotification[] = [];
  readonly #ruleProblems: { readonly rule_id: string; readonly problem: string | null }[] = [];

  /** What became of `before`, where something did. */
  add(before: Alert | undefined, { alert, history, notifications }: AlertProgress): void {
    if (alert !== undefined) this.#alerts.set(alert.alert_id, alert);
    else if (before !== undefined) {
      this.#alerts.delete(before.alert_id);
      this.#history = this.#history.filter((entry) => entry.alert_id !== before.alert_id);
      if (before.revision > 0) this.#droppedAlertIds.push(before.alert_id);
    }
    this.#history.push(...history);
    this.#notifications.push(...notifications);
  }

  /** Nothing but its value has changed. */
  noteValue(alert: Alert): void {
    this.#alerts.set(alert.alert_id, alert);
  }

  noteProblem(rule_id: string, problem: string | null): void {
    this.#ruleProblems.push({ rule_id, problem });
  }

  /** All of it: from now on it is the caller's. */
  take(): CoreEffects {
    return {
      alerts: [...this.#alerts.values()],
      droppedAlertIds: this.#droppedAlertIds,
      history: this.#history,
      notifications: this.#notifications,
      ruleProblems: this.#ruleProblems,
    };
  }
}
