// An alert as it begins.
import { createHash } from "node:crypto";
import type { AlertRule } from "../rules/alert-rule.ts";
import type { Alert } from "./alert.ts";
import { secondText } from "./alert-times.ts";
import { summaryOf } from "./summary.ts";

/** What a condition was found to be. */
interface MeasuredValue {
  readonly value: number | null;
  /** As exact as it can be written; undefined: it is a double. */
  readonly figure?: string | undefined;
}

/**
 * The alert of a rule whose condition holds since `second`. Its id is always the same for the same rule, second and group; of a rule with
 * groups, `groupId` says which one it is, and the rule's labels are also those of the group.
 */
export function createAlert(rule: AlertRule, second: number, { value, figure }: MeasuredValue, groupId = ""): Alert {
  const since = secondText(second);
  const id = `${rule.rule_id}-${since.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return {
    alert_id: groupId === "" ? id : `${id}-${groupId}`,
    rule_id: rule.rule_id,
    rule_name: rule.rule_name,
    rule_type: rule.rule_type,
    source_type: rule.source_type,
    severity: rule.severity,
    labels: rule.labels,
    license_id: rule.license_id,
    fingerprint: fingerprintOf(rule),
    state: "pending",
    status: "pending",
    summary: summaryOf(rule, value, figure),
    annotations: rule.annotations,
    impact: null,
    value,
    peak_value: value,
    threshold: thresholdOf(rule),
    pending_since: since,
    triggered_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    assigned_to: null,
    resolved_at: null,
    resolved_by: null,
    resolution_note: null,
    reopened_count: 0,
    condition_holds: true,
    is_flapping: false,
    recent_changes: [],
    notified_state: null,
    silence_id: null,
    notification_count: 0,
    revision: 0,
  };
}

function fingerprintOf({ rule_id, labels }: AlertRule): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([rule_id, sorted]))
    .digest("hex")
    .slice(0, 16);
}

function thresholdOf(rule: AlertRule): number {
  const { condition_config: condition } = rule;
  return "threshold" in condition ? Number(condition.threshold) : condition.absent_for_seconds;
}
