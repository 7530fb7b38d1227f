// The tiles at the top of the overview.
import type { DashboardContext } from "./dashboard-context.ts";
import { ENDED_ORDERS, ORDERS_WITHOUT_FAILURE } from "./order-statuses.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { tile } from "./panels.ts";
import { orZero, ratio } from "./promql.ts";
import { promql } from "./targets.ts";

/** The tiles: is it running, does it earn, is anything doubtful. */
export function stateTiles(context: DashboardContext): PanelDraft[] {
  return [...running(context), ...business(context), ...doubts(context)];
}

function running({ metrics, queries, prometheus }: DashboardContext): PanelDraft[] {
  const { botsActive } = metrics;
  return [
    tile({
      title: "Processes reporting",
      means: "Processes of the chosen services whose metrics arrive.",
      whenBad: "Start the missing process; if it runs, `tracebook doctor` on its machine says why nothing arrives.",
      unit: "none",
      limits: { below: { act: 1 } },
      noData: "nobody reports",
      width: 3,
      targets: [promql(`count(count by (job, instance) (target_info{instance=~"$instance"}))`, "processes")],
    }),
    tile({
      title: "Alerts firing",
      means: "Alerts of Prometheus that fire now, whatever service they are about.",
      whenBad: "Each is marked on the time axis of every panel; Alertmanager has its text and its owner.",
      unit: "none",
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no rules loaded",
      width: 3,
      targets: [
        promql(`count(${queries.series(prometheus.alerts, { alertstate: "=firing" })}) or vector(0)`, "alerts"),
      ],
    }),
    tile({
      title: "Bots running",
      means: "Bots with the status running.",
      whenBad: "With none running nothing trades: see the bots' status and the last logs before they stopped.",
      unit: "none",
      limits: { below: { act: 1 } },
      words: { 0: "none" },
      noData: "no bot has reported",
      leadsTo: "trading",
      width: 3,
      targets: [promql(queries.level(botsActive, [], { status: "=running" }), "running")],
    }),
  ];
}

function business({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { orderTransitions: transitions, signalQueueDepth, realisedPnlTotal } = metrics;
  const ended = queries.growth(transitions, [], { status: ENDED_ORDERS });
  const fine = queries.growth(transitions, [], { status: ORDERS_WITHOUT_FAILURE });
  return [
    tile({
      title: "Signals waiting",
      means: "Signals taken in that no order came of yet.",
      whenBad:
        "Above 10 for five minutes the alert TradingViewSignalBacklog fires. Orders do not keep up or are paused: look at the orders below, then at the latency of the venue.",
      unit: "none",
      limits: { above: { watch: 5, act: 11 } },
      words: { 0: "none" },
      noData: "no queue has reported",
      width: 3,
      targets: [promql(queries.largest(signalQueueDepth, []), "waiting")],
    }),
    tile({
      title: "Orders that went well",
      means:
        "Share of the orders ended in this time range that the venue did not refuse. Expired and cancelled ones count as well.",
      whenBad: "See which status and symbol it is below; the order's log line and trace carry the venue's own words.",
      unit: "percentunit",
      decimals: 1,
      limits: { below: { watch: 0.98, act: 0.9 } },
      noData: "no order ended",
      leadsTo: "decisions",
      width: 3,
      instant: true,
      targets: [promql(ratio(fine, ended), "went well")],
    }),
    tile({
      title: "Realised P&L",
      means: "Realised profit (negative: loss) over all symbols since the process started, exact from filled orders.",
      whenBad: "See which symbol it is below, then compare estimated and realised costs of its orders.",
      unit: "currencyUSD",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData: "nothing filled yet",
      width: 3,
      targets: [promql(queries.level(realisedPnlTotal, []), "P&L")],
    }),
  ];
}

function doubts({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDropped } = metrics;
  return [
    tile({
      title: "Signal handling, p95",
      means: "Time in which 95 of 100 signals were checked, stored and published, over the time range.",
      whenBad: "The database or the message broker is slow: see the trace of a slow signal (dots in the panel below).",
      unit: "s",
      limits: { above: { watch: 0.5, act: 2 } },
      noData: "no signal yet",
      width: 3,
      instant: true,
      targets: [promql(queries.quantile(0.95, metrics.signalIngestDuration, [], {}, "$__range"), "p95")],
    }),
    tile({
      title: "Telemetry lost",
      means:
        "Spans, records and points that were dropped in this time range. What is lost here is missing in all panels.",
      whenBad: "The dashboard Telemetry health says what was lost, and why.",
      unit: "short",
      limits: { above: { watch: 1, act: 1000 } },
      words: { 0: "nothing" },
      noData: "nobody reports",
      leadsTo: "health",
      width: 3,
      instant: true,
      targets: [promql(orZero(queries.growth(telemetryDropped, [])), "lost")],
    }),
  ];
}
