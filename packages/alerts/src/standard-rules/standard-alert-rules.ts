// The rules that come with the product, as rules: for a desk, and for the rule files of Prometheus that the Collector's folder has.
import { metricCatalogue } from "@tracebook/metrics";
import type { AlertRule } from "../rules/alert-rule.ts";
import { nearestName } from "../rules/nearest-name.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import type { StandardRule, StandardTeam } from "./standard-rule.ts";
import { telemetryRules } from "./telemetry-rules.ts";
import { tradingRules } from "./trading-rules.ts";

/** The page of runbooks, with a heading for each rule. */
export const RUNBOOKS_URL = "https://github.com/tracebook/tracebook/blob/main/docs/runbooks.md";

/** Names of one application, and its people. */
export interface StandardRulesOptions {
  /** In front of order, queue and bot metrics, as the metrics of the application have it. Default `tvtelegrambingx_`. */
  readonly prefix?: string | undefined;
  /** In front of the metrics of the signal source. Default `tradingview_`. */
  readonly signalPrefix?: string | undefined;
  /** What your teams are called: the label `team`, by which routes choose. Default: as they are called here. */
  readonly teams?: { readonly [team in StandardTeam]?: string };
  /** Names of those that are wanted. Default: all. */
  readonly names?: readonly string[] | undefined;
  /** The page of runbooks as a link, without `#rule`. Default: ours. */
  readonly runbooksUrl?: string | undefined;
}

/**
 * The standard rules for a trading service: bots, market data, Redis, signals, orders, the bot's backend, and the telemetry itself, each with an
 * alert for each service, instance or source that it concerns. Throws `RangeError` for a name that none of them has, and `MetricsError` for a
 * prefix that makes no name of a metric.
 *
 * @example
 * const desk = await openDesk({ alertRules: standardAlertRules({ prefix: "basis_", teams: { platform: "sre" } }) });
 */
export function standardAlertRules({
  prefix,
  signalPrefix,
  teams = {},
  names,
  runbooksUrl = RUNBOOKS_URL,
}: StandardRulesOptions = {}): readonly AlertRule[] {
  const metrics = metricCatalogue({ prefix, signalPrefix });
  const rules = [...tradingRules(metrics), ...telemetryRules(metrics)];
  checkNames(names ?? [], rules);
  return rules
    .filter(({ name }) => names === undefined || names.includes(name))
    .map((rule) => toRule(rule, teams[rule.team] ?? rule.team, runbooksUrl));
}

function toRule(rule: StandardRule, team: string, runbooksUrl: string): AlertRule {
  const { name, severity, forSeconds, condition, summary, description } = rule;
  return parseAlertRule({
    rule_name: name,
    rule_type: "metric_threshold",
    condition_config: condition,
    for_seconds: forSeconds,
    severity,
    labels: { team },
    annotations: { summary, description, runbook_url: `${runbooksUrl}#${name.toLowerCase()}` },
  });
}

function checkNames(names: readonly string[], rules: readonly StandardRule[]): void {
  const known = rules.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const nearest = nearestName(wrong, known);
  throw new RangeError(
    `There is no standard rule ${JSON.stringify(wrong)}; there are ${known.join(", ")}.${nearest === undefined ? "" : ` Nearest: ${nearest}.`}`,
  );
}
