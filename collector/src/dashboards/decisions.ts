// Decisions and latency: how far ticks get, why most of them end there, how long it takes, and the traces that show it.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { NamePrefixes } from "../wire-names.ts";
import { buildDashboard } from "./dashboard.ts";
import { type DashboardContext, dashboardContext, sharedVariables, symbolVariable } from "./dashboard-context.ts";
import { edge } from "./decisions-edge.ts";
import { latency } from "./decisions-latency.ts";
import { logLines, oneTrace, traces } from "./decisions-traces.ts";
import { HALT_LINES } from "./logql.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, tile, trend } from "./panels.ts";
import { ratio } from "./promql.ts";
import { promql } from "./targets.ts";
import { pasted, type Variable, valuesOf } from "./variables.ts";

/** Codes of flows that ended as they were meant to. */
const GOOD_ENDS = "order_submitted|accepted";

/** The dashboard of the strategist: from the tick to the order, and everything that stops one on the way. */
export function decisionsDashboard(options: NamePrefixes): Dashboard {
  const context = dashboardContext(options, ["symbol", "strategy", "flow"]);
  return buildDashboard({
    name: "decisions",
    title: "Decisions and latency",
    description:
      "From the tick to the order: how many get how far, the reasons, the edge, the time each stage takes, and the traces behind it. Figures count every flow; traces exist for kept flows only.",
    variables: [...sharedVariables("prometheus", "tempo", "loki"), symbolVariable(context), ...ownVariables(context)],
    moments: { "Trading halted": HALT_LINES },
    sections: [
      { title: "Now", panels: state(context) },
      { title: "From tick to order: how far, and why no further", panels: funnel(context) },
      { title: "Latency by stage", panels: latency(context) },
      { title: "Edge (from the decisions' log records)", panels: edge() },
      { title: "Traces of kept flows", panels: traces() },
      { title: "Log lines", panels: logLines() },
      {
        title: "One trace: paste its id into the variable Trace id, then open this row",
        isClosed: true,
        panels: oneTrace(),
      },
    ],
  });
}

function ownVariables({ metrics }: DashboardContext): Variable[] {
  return [
    valuesOf("strategy", {
      label: "Strategy",
      description: "The strategy that decided; All includes flows that ended before one had its say.",
      series: `${metrics.flowOutcomes.name}{instance=~"$instance"}`,
      of: "strategy",
      all: ".*",
    }),
    valuesOf("flow", {
      label: "Flow",
      description: "What is measured from its start to its end: a tick, an order at the exchange.",
      series: `${metrics.flowDuration.name}_count{instance=~"$instance"}`,
      of: "flow",
      all: ".*",
    }),
    pasted(
      "trace_id",
      "Trace id",
      "The 32 digits of a trace, for the last row: from a log line, an exemplar or an order.",
    ),
  ];
}

function state(context: DashboardContext): PanelDraft[] {
  return [...activity(context), ...exceptions(context)];
}

function activity({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { flowDuration, flowOutcomes, decisions } = metrics;
  return [
    tile({
      title: "Ticks",
      means: "Flows that ended, per second: ticks, mostly. Every one is counted, whether its trace is kept or not.",
      whenBad: "Zero: no market data comes in (see Trading). Far more than usual: a busy market, see the latency.",
      unit: "suffix: /s",
      decimals: 1,
      noData: "no flow yet",
      width: 4,
      targets: [promql(queries.rate(flowDuration, []), "ticks")],
    }),
    tile({
      title: "Decisions accepted",
      means: "Share of the decisions in this time range that were to trade.",
      whenBad: "Zero for long: the ranking below names the gate or cost that stops them.",
      unit: "percentunit",
      decimals: 2,
      noData: "no decision in this time range",
      width: 4,
      instant: true,
      targets: [
        promql(
          ratio(queries.growth(decisions, [], { decision: "=ACCEPT" }), queries.growth(decisions, [])),
          "accepted",
        ),
      ],
    }),
    tile({
      title: "Orders sent",
      means: "Flows of this time range that ended with an order on its way to the venue.",
      whenBad:
        "Accepted decisions without orders: dry run, or the way to the venue is broken (see the log lines below).",
      unit: "short",
      decimals: 0,
      words: { 0: "none" },
      noData: "none",
      width: 4,
      instant: true,
      targets: [promql(queries.growth(flowOutcomes, [], { reason_code: "=order_submitted" }), "orders")],
    }),
  ];
}

function exceptions({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { flowOutcomes, stageDuration, telemetryFlowsKept } = metrics;
  const stopped = queries.growth(flowOutcomes, ["reason_code"], { reason_code: `!~${GOOD_ENDS}` });
  return [
    tile({
      title: "Most frequent reason",
      means: "The reason code that ended most flows of this time range without an order, and how many.",
      whenBad:
        "`no_signal` and `insufficient_edge` are the market; `stale_data`, `error` and `venue_unavailable` are yours.",
      unit: "short",
      decimals: 0,
      noData: "no flow ended without an order",
      width: 4,
      instant: true,
      shows: "both",
      targets: [promql(`topk(1, ${stopped})`, "{{reason_code}}")],
    }),
    tile({
      title: "Tick to order, p99",
      means: "Sum of all stages: 99 of 100 flows of this time range were faster. From the first signal check on.",
      whenBad: "Find the stage in the table below, then open a slow trace of it.",
      unit: "s",
      limits: { above: { watch: 0.01, act: 0.05 } },
      noData: "no flow came that far",
      width: 4,
      instant: true,
      targets: [promql(queries.quantile(0.99, stageDuration, [], { stage: "=end_to_end" }, "$__range"), "p99")],
    }),
    tile({
      title: "Traces kept",
      means:
        "Flows of this time range whose trace was kept, by reason. The others are counted in all figures and have no trace.",
      whenBad: "Nothing kept means nothing to open below; by reason they are on Telemetry health.",
      unit: "short",
      decimals: 0,
      noData: "no trace kept",
      width: 4,
      instant: true,
      targets: [promql(queries.growth(telemetryFlowsKept, []), "kept")],
    }),
  ];
}

function funnel(context: DashboardContext): PanelDraft[] {
  return [...reached(context), ...overTime(context)];
}

function reached({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { flowDuration, flowOutcomes, stageDuration } = metrics;
  const ended = queries.growth(flowOutcomes, ["reason_code", "stage"]);
  return [
    bars({
      title: "How far ticks get",
      means:
        "Flows of this time range that reached each stage, from the tick to the order. The step from one bar to the next is what ended there.",
      whenBad: "A step that is larger than usual: the reasons beside, after the stage of the longer bar.",
      unit: "short",
      decimals: 0,
      min: 0,
      noData: "no flow in this time range",
      width: 10,
      height: 10,
      targets: [
        promql(`sort_desc(${queries.growth(flowDuration, ["flow"])})`, "{{flow}}: started"),
        promql(
          `sort_desc(${queries.growth(stageDuration, ["flow", "stage"], { stage: "!=end_to_end" })})`,
          "{{flow}}: {{stage}}",
        ),
        promql(queries.growth(flowOutcomes, ["flow"], { reason_code: "=order_submitted" }), "{{flow}}: order sent"),
      ],
    }),
    bars({
      title: "Why flows ended",
      means: "Reason codes of this time range, the most frequent first, each with the last stage that was reached.",
      whenBad: "Rejections of one gate that rise with no change of the market: its threshold or its input is wrong.",
      unit: "short",
      decimals: 0,
      min: 0,
      noData: "no flow in this time range",
      width: 14,
      height: 10,
      targets: [promql(`topk(15, ${ended} > 0)`, "{{reason_code}} (after {{stage}})")],
    }),
  ];
}

function overTime({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { flowOutcomes, decisions } = metrics;
  const _ended = queries.growth(flowOutcomes, ["reason_code", "stage"]);
  return [
    trend({
      title: "Reasons over time",
      means: "Flows per second by the reason they ended with.",
      whenBad: "A reason that takes over from one minute to the next: look for a deployment or a halt at that moment.",
      unit: "suffix: /s",
      min: 0,
      stacked: true,
      noData: "no flow yet",
      width: 14,
      height: 9,
      targets: [promql(queries.rate(flowOutcomes, ["reason_code"]), "{{reason_code}}")],
    }),
    trend({
      title: "Decisions by strategy",
      means: "Decisions to trade (ACCEPT) and not to trade (REJECT, dashed) per minute, by strategy.",
      whenBad: "A strategy without ACCEPT for long: compare its edge below with its threshold.",
      unit: "suffix: /min",
      min: 0,
      styles: { "/ACCEPT/": "good", "/REJECT/": "watch" },
      noData: "no decision yet",
      width: 10,
      height: 9,
      targets: [promql(queries.perMinute(decisions, ["strategy", "decision"]), "{{decision}} {{strategy}}")],
    }),
  ];
}
