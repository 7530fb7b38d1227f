// Rules of Prometheus as data.

/** An alert. Its expression ends in one comparison, so that dashboards and tests can ask for the value alone. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be true, as Prometheus writes durations. */
  readonly for: string;
  /** `critical` wakes somebody, and somebody else after 25 minutes. */
  readonly severity: "critical" | "warning";
  /** Who is asked first; a route of Alertmanager each. */
  readonly team: string;
  readonly summary: string;
  readonly description: string;
  /** Why it is written so, for who reads the rule. */
  readonly why: string;
}

/** A rule that keeps the answer to a query under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  /** What the series tells, in a sentence. */
  readonly help: string;
}

/**
 * The growth of a counter in a window, a series at a time, to be summed. `increase` misses the first value of a series that appears
 * with one, and labels of rare things (a rejected order, a drop) appear with their first; what was not there in the window before
 * counts with its whole value. That whole window is asked, not its end: a scrape that failed just then would make the total of all
 * time look new.
 */
export function growth(selector: string, window: string): string {
  return `(${selector} unless last_over_time(${selector}[${window}] offset ${window})) or increase(${selector}[${window}])`;
}
