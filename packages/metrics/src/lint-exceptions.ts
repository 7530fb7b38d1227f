// The metrics that break a rule of naming, each with its reason: dashboards and alerts ask for them under these names.

/** A metric that keeps a name which breaks a rule. */
export interface LintException {
  readonly metric: string;
  /** What `promtool check metrics` says of it, without the name; undefined when its rules do not reach so far as ours. */
  readonly promtool: string | undefined;
  /** Why the name stays. */
  readonly reason: string;
}

/** All of them. A test compares the list with what promtool says of every metric of the catalogue, and with our own rules. */
export const LINT_EXCEPTIONS: readonly LintException[] = /* @__PURE__ */ Object.freeze([
  {
    metric: "trading_bots_active_total",
    promtool: 'non-counter metrics should not have "_total" suffix',
    reason: "a gauge that ends in _total: queried and alerted on under this name (NoActiveBotsRunning)",
  },
  {
    metric: "portfolio_positions_count",
    promtool: 'non-histogram and non-summary metrics should not have "_count" suffix',
    reason: "a gauge that ends in _count, the suffix of a histogram's count: queried under this name",
  },
  {
    metric: "cpu_usage",
    promtool: undefined,
    reason: "percent and no unit in the name: stored and alerted on as 0 to 100 (cpu_usage > 80)",
  },
  {
    metric: "memory_usage",
    promtool: undefined,
    reason: "percent and no unit in the name: stored as 0 to 100 beside cpu_usage",
  },
  {
    metric: "disk_usage",
    promtool: undefined,
    reason: "percent and no unit in the name: stored as 0 to 100 beside cpu_usage",
  },
]);
