// One of the rules that come with the product, before it has the names of an application.
import type { MetricDefinition, metricCatalogue } from "@tracebook/metrics";
import type { AlertAggregation, LabelMatch, MetricThreshold } from "../rules/alert-rule.ts";

/** Who is asked first, unless it is said otherwise. */
export type StandardTeam = "trading-automation" | "exchange-integration" | "platform";

/** The metrics under the names of an application. */
export type StandardMetrics = ReturnType<typeof metricCatalogue>;

/** What is compared, in the words of a rule; what is left out is as `parseAlertRule` has it. */
export interface StandardCondition
  extends Partial<Pick<MetricThreshold, "by" | "across" | "remember_minutes" | "divided_by">> {
  readonly metric: string;
  readonly labels?: LabelMatch;
  readonly aggregation: AlertAggregation;
  readonly operator: MetricThreshold["operator"];
  readonly threshold: number;
  readonly time_window_minutes: number;
}

/** A rule. */
export interface StandardRule {
  /** Its name, and in lower case its id and the heading of its page among the runbooks. */
  readonly name: string;
  readonly team: StandardTeam;
  /** `critical` wakes somebody. */
  readonly severity: "critical" | "warning";
  readonly forSeconds: number;
  readonly condition: StandardCondition;
  /** May have places for labels: it is filled in with each alert. */
  readonly summary: string;
  readonly description: string;
}

/** Names of the labels that the host's resource has in every store. */
export const SERVICE = "service_name";
export const INSTANCE = "instance_id";

/**
 * The window of a newest value: a series of which nothing came for so long has ended. Services export once a minute; this is one export that is
 * late by half a minute.
 */
export const LIVE_MINUTES = 1.5;
/** The same, where a single export that is lost must not end the alert. */
export const SURE_MINUTES = 2.5;

/** A metric with some values of labels. */
export function chosen({ name }: MetricDefinition, labels: LabelMatch = {}) {
  return { metric: name, labels };
}
