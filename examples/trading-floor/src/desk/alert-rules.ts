/** What the floor is alerted of: one rule that fires as soon as the scanner has met the symbol that no venue lists, and others that watch. */

/** For `openDesk`; docs/alerts.md says what a rule may hold. */
export const ALERT_RULES: readonly Readonly<Record<string, unknown>>[] = [
  {
    rule_name: "Scans fail again and again",
    rule_type: "event_frequency",
    condition_config: { event_type: "error_occurred", threshold: 3, time_window_minutes: 1 },
    severity: "warning",
    annotations: {
      summary: "{{value}} errors in a minute",
      description: "The watchlist has a symbol that no venue lists any more: see error_type and symbol of the events.",
    },
  },
  {
    rule_name: "High CPU Usage",
    rule_type: "metric_threshold",
    source_type: "system_metric",
    condition_config: { metric: "cpu_usage", operator: ">", threshold: 95, time_window_minutes: 5 },
    for_seconds: 60,
    severity: "warning",
  },
  {
    rule_name: "No decision for a minute",
    rule_type: "data_absence",
    condition_config: { stream: { event_type: "decision" }, absent_for_seconds: 60 },
    severity: "critical",
    annotations: { description: "The trader is down, or no tick reaches it: look at Traces and Telemetry health." },
  },
];
