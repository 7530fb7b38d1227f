// The second call: a critical alert that fires for 25 minutes goes to whoever is on call, whatever its team does with it.
import { OTHER_NAMES } from "../wire-names.ts";
import type { AlertRule } from "./rule.ts";

/** An alert that fires when another one has been firing for 25 minutes; with the time the first took, that is within half an hour. */
export interface Escalation {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  /** The alert that nobody has solved. */
  readonly of: AlertRule;
}

/** An escalation for each critical alert. */
export function escalations(rules: readonly AlertRule[]): Escalation[] {
  return rules
    .filter(({ severity }) => severity === "critical")
    .map((rule) => ({
      alert: `${rule.alert}Escalated`,
      // Prometheus keeps a series for each firing alert; its own labels are given anew by the rule.
      expr: `max without (alertname, alertstate, severity, team) (${OTHER_NAMES.alerts}{alertname="${rule.alert}", alertstate="firing"}) > 0`,
      for: "25m",
      of: rule,
    }));
}
