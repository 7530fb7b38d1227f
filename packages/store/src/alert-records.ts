// What a store keeps of alerts: rules, alerts, what was done with them, silences, notifications, and who evaluates.
import type { JsonValue } from "./store-input.ts";

/** How bad it is, rising. */
export type AlertSeverity = "info" | "warning" | "error" | "critical";

/** A rule as it is stored; `@tracebook/alerts` knows what `condition_config` may hold. */
export interface StoredAlertRule {
  readonly rule_id: string;
  readonly rule_name: string;
  /** `metric_threshold`, `event_frequency` or `data_absence`. */
  readonly rule_type: string;
  /** `system_metric`, `business_metric` or `telemetry_event`. */
  readonly source_type: string;
  readonly condition_config: { readonly [field: string]: JsonValue };
  /** How long the condition must hold before the alert fires, in whole seconds. */
  readonly for_seconds: number;
  readonly severity: AlertSeverity;
  readonly labels: { readonly [label: string]: string };
  /** Texts for people: `summary`, `description`, `runbook_url`. */
  readonly annotations: { readonly [name: string]: string };
  /** Names of channels; empty: those that the routing gives. */
  readonly notification_channels: readonly string[];
  /** By name of a channel: what it needs to know of this rule. */
  readonly notification_config: { readonly [channel: string]: JsonValue };
  readonly license_id: string | null;
  readonly is_active: boolean;
  /** Why it cannot be evaluated; null: it can. */
  readonly problem: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** When it was removed; null: it is there. Removed rules are kept for the alerts that speak of them. */
  readonly removed_at: string | null;
  /** The number of the change of the store's alerts that wrote this row; rises with every change. */
  readonly revision: number;
}

/** Where an alert is in its life. */
export type AlertState = "pending" | "firing" | "acknowledged" | "resolved";

/** {@link AlertState} as S4 has it: both firing and acknowledged are `active`. */
export type AlertStatus = "pending" | "active" | "resolved";

/** An alert: one at a time per rule, or per rule and group where the rule has groups, from the moment at which the condition began to hold. */
export interface StoredAlert {
  readonly alert_id: string;
  readonly rule_id: string;
  readonly rule_name: string;
  readonly rule_type: string;
  readonly source_type: string;
  readonly severity: AlertSeverity;
  /** Those of the rule, and those of the group. */
  readonly labels: { readonly [label: string]: string };
  readonly license_id: string | null;
  /** The same for all alerts of the same rule and labels. */
  readonly fingerprint: string;
  readonly state: AlertState;
  readonly status: AlertStatus;
  /** One line that says what is the matter, figures included. */
  readonly summary: string;
  readonly annotations: { readonly [name: string]: string };
  /** What it does to the business, in the words of whoever looked into it. */
  readonly impact: string | null;
  /** The value that was measured last, and the worst since it began; null where there was none. */
  readonly value: number | null;
  readonly peak_value: number | null;
  readonly threshold: number | null;
  /** When the condition began to hold. */
  readonly pending_since: string;
  /** When it fired; null while it is pending. Of one that was re-opened: when it did so last. */
  readonly triggered_at: string | null;
  readonly acknowledged_at: string | null;
  readonly acknowledged_by: string | null;
  readonly assigned_to: string | null;
  readonly resolved_at: string | null;
  /** Null: by itself. */
  readonly resolved_by: string | null;
  readonly resolution_note: string | null;
  readonly reopened_count: number;
  /** The condition holds still; of a resolved alert: a person has resolved it, and nothing fires before the condition has ended. */
  readonly condition_holds: boolean;
  /** It changes too often: no more is notified until it is stable. */
  readonly is_flapping: boolean;
  /** When it fired or resolved, the latest last; no longer than flapping needs. */
  readonly recent_changes: readonly string[];
  /** What was notified last; null: nothing. */
  readonly notified_state: "firing" | "resolved" | null;
  /** The silence that keeps it quiet; null: none. */
  readonly silence_id: string | null;
  /** How many notifications were made for it. */
  readonly notification_count: number;
  readonly revision: number;
}

/** What has happened to an alert. */
export type AlertChange =
  | "pending"
  | "firing"
  | "acknowledged"
  | "assigned"
  | "commented"
  | "impact"
  | "resolved"
  | "reopened"
  | "escalated"
  | "flapping"
  | "stable"
  | "silenced"
  | "unsilenced";

/** An entry in the history of an alert. */
export interface AlertHistoryEntry {
  readonly alert_id: string;
  /** Event time for what the engine does, the clock's for what people do. */
  readonly changed_at: string;
  readonly change: AlertChange;
  /** A person; null: the engine. */
  readonly changed_by: string | null;
  readonly note: string | null;
}

/** Alerts whose labels match are not notified until it ends. */
export interface AlertSilence {
  readonly silence_id: string;
  /** All must match: the value, or a pattern with `*` for anything. `rule_name`, `rule_id` and `severity` are labels too. */
  readonly matchers: { readonly [label: string]: string };
  readonly starts_at: string;
  readonly ends_at: string;
  readonly created_by: string;
  readonly reason: string;
  readonly revision: number;
}

/** An entry of the outbox: one change of one alert for one channel. */
export interface AlertNotification {
  /** The idempotency key: the same change for the same channel has the same one, whoever makes it again. */
  readonly notification_id: string;
  readonly alert_id: string;
  readonly change: AlertChange;
  /** As the rule names it; `default`: the rule names none. */
  readonly channel: string;
  /** What the rule says for this channel. */
  readonly config: JsonValue;
  /** The alert as it was at the change. */
  readonly alert: StoredAlert;
  readonly created_at: string;
  readonly status: "waiting" | "delivered" | "failed";
  /** Tries so far. */
  readonly attempts: number;
  readonly next_attempt_at: string;
  readonly last_error: string | null;
  readonly delivered_at: string | null;
}

/** What came of a try to deliver. */
export interface DeliveryOutcome {
  readonly notification_id: string;
  readonly status: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly next_attempt_at: string;
  readonly last_error: string | null;
  readonly delivered_at: string | null;
}

/** Leave to do what only one process may do. */
export interface AlertLease {
  /** `evaluator`, `delivery` or another one. */
  readonly name: string;
  readonly holder: string;
  /** Rises with every holder: what an earlier one commits is refused. */
  readonly token: number;
  readonly until: string;
}

/** How far the engine has come. */
export interface AlertEngineState {
  /** Of the feed: see `AlertFeed`. */
  readonly cursor: string;
  /** The second since 1970 up to which all rules were evaluated. */
  readonly evaluated_until: number;
}

/** An alert as somebody wants it to be. */
export interface AlertWrite {
  /** Its `revision` does not matter: the store gives one. */
  readonly alert: StoredAlert;
  /** The revision that was read; 0: the alert is new. */
  readonly expectedRevision: number;
}

/** Changes that are made together or not at all. */
export interface AlertCommit {
  /** The lease under which it is done; undefined: it needs none. */
  readonly lease?: AlertLease | undefined;
  readonly engine?: AlertEngineState | undefined;
  readonly alerts?: readonly AlertWrite[] | undefined;
  /** Pending alerts that have come to nothing. */
  readonly droppedAlertIds?: readonly string[] | undefined;
  readonly history?: readonly AlertHistoryEntry[] | undefined;
  /** Those that are there already, by their id, are left as they are. */
  readonly notifications?: readonly AlertNotification[] | undefined;
  readonly silences?: readonly AlertSilence[] | undefined;
  /** What became known of rules. */
  readonly ruleProblems?: readonly { readonly rule_id: string; readonly problem: string | null }[] | undefined;
}

/** What has changed since a revision. */
export interface AlertChanges {
  readonly revision: number;
  /** Removed ones included. */
  readonly rules: readonly StoredAlertRule[];
  readonly alerts: readonly StoredAlert[];
  readonly silences: readonly AlertSilence[];
}

/** Which alerts; undefined does not matter. */
export interface AlertFilter {
  readonly ruleId?: string | undefined;
  readonly state?: AlertState | undefined;
  readonly status?: AlertStatus | undefined;
  readonly severity?: AlertSeverity | undefined;
  readonly fingerprint?: string | undefined;
  readonly assignedTo?: string | undefined;
  /** By `triggered_at`, or by `pending_since` of those that have not fired. */
  readonly startTime?: string | undefined;
  readonly endTime?: string | undefined;
}

/**
 * The records of alerts. Times are texts as `2026-11-20T12:34:56.789012Z`. All reject with `StoreError`; what is written is there after a crash.
 *
 * @example
 * const [alert] = await store.alerts.findAlerts({ state: "firing" }, 1, 0);
 */
export interface AlertRecords {
  /** All that are not removed, by name. */
  rules(): Promise<readonly StoredAlertRule[]>;
  rule(ruleId: string): Promise<StoredAlertRule | undefined>;
  /**
   * Writes a rule, new or not; `revision` and `created_at` of one that is there are the store's. Resolves with its revision. With
   * `expectedRevision` (0: there is none, or it was removed) it rejects with `alert_conflict` when the rule is of another one by then; of many
   * that expect the same, one is written.
   */
  saveRule(rule: StoredAlertRule, expectedRevision?: number): Promise<number>;
  /** Removes a rule; false: there is none. */
  removeRule(ruleId: string, removedAt: string): Promise<boolean>;
  alert(alertId: string): Promise<StoredAlert | undefined>;
  /** Newest first. */
  findAlerts(filter: AlertFilter, limit: number, offset: number): Promise<readonly StoredAlert[]>;
  /** Of one alert, oldest first. */
  history(alertId: string): Promise<readonly AlertHistoryEntry[]>;
  /** Those that have not ended at `time`. */
  silences(time: string): Promise<readonly AlertSilence[]>;
  /**
   * What changed since `revision`; of 0 all rules and silences, all open alerts, and of each rule and fingerprint the newest alert (by
   * `pending_since`). Without those that were resolved more than 30 days ago by the engine's time, and whose condition does not hold.
   */
  changesSince(revision: number): Promise<AlertChanges>;
  /**
   * All or nothing. With a state of the engine it also removes some of what is long over by the engine's time: notifications delivered or
   * given up and silences after 90 days, resolved alerts with their history after 400. Rejects with `alert_conflict` when an alert is not of the revision that was expected, and with `alert_lease_lost` when
   * the lease belongs to somebody else by now. Resolves with the revision it was given.
   */
  commit(commit: AlertCommit): Promise<number>;
  engineState(): Promise<AlertEngineState | undefined>;
  /** Takes the lease, or prolongs the holder's own; undefined while another one has it. */
  takeLease(name: string, holder: string, now: string, until: string): Promise<AlertLease | undefined>;
  /** Gives it back; nothing happens when it is somebody else's. */
  releaseLease(lease: AlertLease): Promise<void>;
  /** Those that wait and are due at `now`, oldest first. */
  dueNotifications(now: string, limit: number): Promise<readonly AlertNotification[]>;
  /** Newest first; of one alert or of all. */
  notifications(alertId: string | undefined, limit: number): Promise<readonly AlertNotification[]>;
  /** Writes down what came of tries, under a lease if one is given. */
  noteDeliveries(outcomes: readonly DeliveryOutcome[], lease?: AlertLease): Promise<void>;
}
