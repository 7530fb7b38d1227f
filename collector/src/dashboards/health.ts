// Telemetry health: is what the other dashboards show complete, and if not, what is missing and why.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { NamePrefixes } from "../wire-names.ts";
import { buildDashboard } from "./dashboard.ts";
import { type DashboardContext, dashboardContext, sharedVariables } from "./dashboard-context.ts";
import { collectorItself, prometheusItself } from "./health-backends.ts";
import { accounting, waiting } from "./health-delivery.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, tile, trend } from "./panels.ts";
import { orNone, orZero } from "./promql.ts";
import { promql } from "./targets.ts";

/** The dashboard of whoever runs the telemetry. */
export function healthDashboard(options: NamePrefixes): Dashboard {
  const context = dashboardContext(options, []);
  return buildDashboard({
    name: "health",
    title: "Telemetry health",
    description:
      "Whether what the other dashboards show is complete: accepted = delivered + waiting + dropped, by class and reason; queues, Collector, journal, cardinality.",
    variables: sharedVariables("prometheus"),
    sections: [
      { title: "Is anything lost?", panels: verdict(context) },
      { title: "From the services to the Collector", panels: accounting(context) },
      { title: "What waits", panels: waiting(context) },
      { title: "Journal and kept traces", panels: journal(context) },
      { title: "Labels and values", panels: cardinality(context) },
      { title: "The Collector", panels: collectorItself(context) },
      { title: "Prometheus", panels: prometheusItself(context) },
    ],
  });
}

/** Named in collector/prometheus/rules/telemetry-alerts.yml. */
const OWN_ALERTS = { alertstate: "=firing", alertname: "=~(Tracebook|Collector).*" } as const;

function verdict(context: DashboardContext): PanelDraft[] {
  return [...losses(context), ...backlog(context), ...alarms(context)];
}

function losses({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDropped } = metrics;
  return [
    tile({
      title: "Dropped",
      means: "Spans, records and points dropped by the services in this time range, of any class.",
      whenBad: "The panel Dropped by class and reason says what it was; each reason has its remedy in its description.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 1000 } },
      words: { 0: "nothing" },
      noData: "nobody reports",
      width: 3,
      instant: true,
      targets: [promql(orZero(queries.growth(telemetryDropped, [])), "dropped")],
    }),
    tile({
      title: "Evidence dropped",
      means:
        "Decisions, order requests and order results that were dropped on a way out of the service. They are the last to go.",
      whenBad:
        "The journal on the service's disk has them unless it is full too: free space there, then `tracebook verify`.",
      unit: "short",
      decimals: 0,
      limits: { above: { act: 1 } },
      words: { 0: "nothing" },
      noData: "nobody reports",
      width: 3,
      instant: true,
      targets: [promql(orZero(queries.growth(telemetryDropped, [], { class: "=evidence" })), "evidence")],
    }),
  ];
}

function backlog({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetrySpoolItems, telemetrySpoolAge } = metrics;
  const failed = queries.growth(metrics.telemetryDeliveryAttempts, [], { outcome: "!=delivered" });
  return [
    tile({
      title: "Waiting on disk",
      means: "Items that wait in the spool because the Collector did not take them. Nothing of it is lost so far.",
      whenBad: "See The Collector below; when it is back, the spool drains in order.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 1_000_000 } },
      words: { 0: "nothing" },
      noData: "no spool has reported",
      width: 3,
      targets: [promql(queries.level(telemetrySpoolItems, []), "waiting")],
    }),
    tile({
      title: "Oldest waiting",
      means: "Age of the oldest item in any spool.",
      whenBad:
        "Beyond the age limit of the spool the oldest ordinary data is dropped: bring the Collector back before.",
      unit: "s",
      limits: { above: { watch: 60, act: 3600 } },
      words: { 0: "nothing waits" },
      noData: "no spool has reported",
      width: 3,
      targets: [promql(queries.largest(telemetrySpoolAge, []), "oldest")],
    }),
    tile({
      title: "Deliveries that failed",
      means: "Requests of this time range that the Collector did not take; most are sent again.",
      whenBad: "`tracebook doctor` on that machine names it: refused, wrong path, wrong token, black hole.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 100 } },
      words: { 0: "none" },
      noData: "nobody reports",
      width: 3,
      instant: true,
      targets: [promql(orZero(failed), "failed")],
    }),
  ];
}

function alarms({ metrics, queries, prometheus }: DashboardContext): PanelDraft[] {
  const { telemetryJournalLateRecords } = metrics;
  const up = queries.series(prometheus.up);
  return [
    tile({
      title: "Targets down",
      means: "Addresses that Prometheus scrapes and that do not answer now.",
      whenBad: "The list below names them: start the process or mend its address in prometheus.yml.",
      unit: "none",
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no target is scraped",
      width: 3,
      targets: [promql(`count(${up} == 0) or vector(0)`, "down")],
    }),
    tile({
      title: "Orders ahead of disk",
      means:
        "Order requests of this time range that left before their record was on disk, because it was full or gone.",
      whenBad: "Free the disk of the journal at once: until then a crash can lose the record of an order.",
      unit: "short",
      decimals: 0,
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no journal has reported",
      width: 3,
      instant: true,
      targets: [promql(queries.growth(telemetryJournalLateRecords, []), "late")],
    }),
    tile({
      title: "Alerts on telemetry",
      means: "Alerts on Tracebook and the Collector that fire now.",
      whenBad: "Each says in its text what to do; the panels below show since when.",
      unit: "none",
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no rules loaded",
      width: 3,
      targets: [promql(`count(${queries.series(prometheus.alerts, OWN_ALERTS)}) or vector(0)`, "alerts")],
    }),
  ];
}

function journal({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryJournalRecords, telemetryFlowsKept, events } = metrics;
  return [
    trend({
      title: "Journal records",
      means: "Records per second that went into the journal on the service's disk, by class.",
      whenBad: "Zero while decisions are made: the disk is full or the journal is off (see the service's start line).",
      unit: "suffix: /s",
      min: 0,
      noData: "no journal has reported",
      width: 8,
      targets: [promql(queries.rate(telemetryJournalRecords, ["job", "class"]), "{{job}} {{class}}")],
    }),
    trend({
      title: "Events",
      means: "Events on the record per second, by type.",
      whenBad:
        "`error_occurred` on the rise: see the warnings on Decisions and latency. `clock_step`: the machine's clock was set.",
      unit: "suffix: /s",
      min: 0,
      styles: { "/error/": "act" },
      noData: "no event yet",
      width: 8,
      targets: [promql(queries.rate(events, ["event_type"]), "{{event_type}}")],
    }),
    trend({
      title: "Traces kept",
      means:
        "Flows per second whose trace was kept, by reason: accepted, failed, slow, ratio and others. Metrics count all flows.",
      whenBad: "Too many `ratio`: lower TELEMETRY_SAMPLE_RATIO. `slow` everywhere: the limit for slow is too low.",
      unit: "suffix: /s",
      min: 0,
      noData: "no trace kept",
      width: 8,
      targets: [promql(queries.rate(telemetryFlowsKept, ["reason"]), "{{reason}}")],
    }),
  ];
}

function cardinality({ metrics, queries }: DashboardContext): PanelDraft[] {
  const {
    telemetryLabelOverflow: overflow,
    telemetryInvalidValues: invalid,
    telemetryUnknownLabels: unknown,
  } = metrics;
  const shared = { unit: "short", decimals: 0, min: 0, width: 8, height: 7, limits: { above: { act: 1 } } } as const;
  return [
    bars({
      ...shared,
      title: "Label values that became `other`",
      means: "By metric, how often in this time range a label had more values than it may (200, or 1,000 series).",
      whenBad:
        "A label carries what is new with every order or user: take it out of the labels, put it into the event.",
      noData: "nobody reports",
      targets: [promql(orNone(`sort_desc(${queries.growth(overflow, ["metric"])} > 0)`, "metric"), "{{metric}}")],
    }),
    bars({
      ...shared,
      title: "Refused numbers",
      means:
        "By metric, the values of this time range that were refused: NaN, Infinity, negative counts and durations.",
      whenBad:
        "A calculation of the strategy divides by zero or reads a field that is not there: look where that metric is set.",
      noData: "nobody reports",
      targets: [promql(orNone(`sort_desc(${queries.growth(invalid, ["metric"])} > 0)`, "metric"), "{{metric}}")],
    }),
    bars({
      ...shared,
      title: "Unknown labels",
      means: "Metrics that were given a label they do not declare.",
      whenBad: "A label's name is misspelt in the code; its values are lost until it is mended.",
      noData: "nobody reports",
      targets: [promql(orNone(`sort_desc(${queries.level(unknown, ["metric"])} > 0)`, "metric"), "{{metric}}")],
    }),
  ];
}
