// What the code of each dashboard is given: the metrics by name, and queries that follow its variables.
import { type MetricCatalogue, metricCatalogue } from "@tracebook/metrics";
import type { NamePrefixes } from "../wire-names.ts";
import { COLLECTOR_METRICS, PROMETHEUS_METRICS } from "./foreign-metrics.ts";
import { createQueries, type Queries } from "./promql.ts";
import { dataSource, type Variable, valuesOf } from "./variables.ts";

/** Metrics and queries of one dashboard. */
export interface DashboardContext {
  readonly metrics: MetricCatalogue;
  readonly queries: Queries;
  /** `target_info` and the like, narrowed by no variable. */
  readonly prometheus: typeof PROMETHEUS_METRICS;
  readonly collector: typeof COLLECTOR_METRICS;
}

/** `labels` are those with a variable of the same name. */
export function dashboardContext(options: NamePrefixes, labels: readonly string[]): DashboardContext {
  const unscoped = new Set<unknown>([...Object.values(PROMETHEUS_METRICS), ...Object.values(COLLECTOR_METRICS)]);
  return {
    metrics: metricCatalogue(options),
    queries: createQueries(labels, unscoped),
    prometheus: PROMETHEUS_METRICS,
    collector: COLLECTOR_METRICS,
  };
}

/** Selects the processes chosen by environment and service: every query of a service's metric is narrowed by instance. */
const CHOSEN_PROCESSES = 'target_info{deployment_environment_name=~"$environment",job=~"$service"}';

/** The variables of every dashboard: data sources, environment, service, instance. */
export function sharedVariables(...sources: Parameters<typeof dataSource>[0][]): Variable[] {
  return [
    ...sources.map(dataSource),
    valuesOf("environment", {
      label: "Environment",
      description:
        "Where the services run (ENVIRONMENT, deployment.environment.name); All includes services that do not say.",
      series: "target_info",
      of: "deployment_environment_name",
      all: ".*",
    }),
    valuesOf("service", {
      label: "Service",
      description: "The service, by its name (the job label of Prometheus, service.name of OpenTelemetry).",
      series: 'target_info{deployment_environment_name=~"$environment"}',
      of: "job",
      all: ".+",
    }),
    valuesOf("instance", {
      label: "Instance",
      description: "One process of the service; All means those of the environment and service chosen.",
      series: CHOSEN_PROCESSES,
      of: "instance",
      all: "offered",
    }),
  ];
}

/** The symbols that any of the chosen processes trades or follows. */
export function symbolVariable({ metrics }: DashboardContext): Variable {
  const { marketDataUpdates, decisions, orderTransitions, realisedPnl, trades } = metrics;
  const names = [marketDataUpdates, decisions, orderTransitions, realisedPnl, trades].map(({ name }) => name);
  return valuesOf("symbol", {
    label: "Symbol",
    description: "The instrument; All includes figures that belong to none.",
    series: `{__name__=~"${names.join("|")}",instance=~"$instance"}`,
    of: "symbol",
    all: ".*",
  });
}
