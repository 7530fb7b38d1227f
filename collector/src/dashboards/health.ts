// Telemetry health: is what the other dashboards show complete, and if not, what is missing and why.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { NamePrefixes } from "../wire-names.ts";
import { buildDashboard } from "./dashboard.ts";
import { type DashboardContext, dashboardContext, sharedVariables } from "./dashboard-context.ts";
import { alerting } from "./health-alerting.ts";
import { collectorItself, prometheusItself } from "./health-backends.ts";
import { accounting, waiting } from "./health-delivery.ts";
import { destinations } from "./health-destinations.ts";
import { verdict } from "./health-verdict.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, trend } from "./panels.ts";
import { orNone } from "./promql.ts";
import { promql } from "./targets.ts";

/** The dashboard of whoever runs the telemetry. */
export function healthDashboard(options: NamePrefixes): Dashboard {
  const context = dashboardContext(options, []);
  return buildDashboard({
    name: "health",
    title: "Telemetry health",
    description:
      "Whether what the other dashboards show is complete: accepted = delivered + waiting + dropped, by class and reason; queues, alerting of a desk, Collector, journal, cardinality.",
    variables: sharedVariables("prometheus"),
    sections: [
      { title: "Is anything lost?", panels: verdict(context) },
      { title: "From the services to the Collector", panels: accounting(context) },
      { title: "What waits", panels: waiting(context) },
      { title: "Into a desk or store in the process", panels: destinations(context) },
      { title: "Alerting of a desk", panels: alerting(context) },
      { title: "Journal and kept traces", panels: journal(context) },
      { title: "Labels and values", panels: cardinality(context) },
      { title: "The Collector", panels: collectorItself(context) },
      { title: "Prometheus", panels: prometheusItself(context) },
    ],
  });
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
