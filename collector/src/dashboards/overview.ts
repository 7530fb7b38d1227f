// The overview: is the system trading, and does it earn. Signals, orders, profit and loss, queue, latencies.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { NamePrefixes } from "../wire-names.ts";
import { buildDashboard } from "./dashboard.ts";
import { type DashboardContext, dashboardContext, sharedVariables, symbolVariable } from "./dashboard-context.ts";
import { FAILED_ORDERS, FAILED_PATTERN } from "./order-statuses.ts";
import { chatBot, decisionsInShort, httpRequests } from "./overview-requests.ts";
import { stateTiles } from "./overview-state.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, trend } from "./panels.ts";
import { promql } from "./targets.ts";

/** The dashboard of the operator: one screen that says whether to look further, and where. */
export function overviewDashboard(options: NamePrefixes): Dashboard {
  const context = dashboardContext(options, ["symbol"]);
  return buildDashboard({
    name: "overview",
    title: "Trading overview",
    description: "Whether the system trades and earns: signals, orders, profit and loss, waiting signals, latencies.",
    variables: [...sharedVariables("prometheus"), symbolVariable(context)],
    sections: [
      { title: "Now", panels: stateTiles(context) },
      { title: "Signals: from the source into the queue", panels: signals(context) },
      { title: "Orders", panels: orders(context) },
      { title: "Profit and loss", panels: profit(context) },
      { title: "Decisions", panels: decisionsInShort(context) },
      { title: "Bot, backend and HTTP", panels: [...chatBot(context), ...httpRequests(context)] },
    ],
  });
}

function signals(context: DashboardContext): PanelDraft[] {
  return [...intake(context), ...queue(context)];
}

function intake({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { signalsIngested, signalIngestDuration: duration } = metrics;
  return [
    trend({
      title: "Signals taken in",
      means: "Signals stored and queued, per minute.",
      whenBad:
        "None for long: the source is silent, or its webhook cannot reach the backend. A burst: see the queue beside.",
      unit: "suffix: /min",
      min: 0,
      noData: "no signal yet",
      width: 8,
      targets: [promql(queries.perMinute(signalsIngested, ["job"]), "{{job}}")],
    }),
    trend({
      title: "Time to handle a signal",
      means:
        "Half, 95 and 99 of 100 signals were checked, stored and published within this time. Dots are single signals: click one for its trace.",
      whenBad: "Open a dot high up: the span that is long says which step waits.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 0.5, act: 2 } },
      noData: "no signal yet",
      width: 8,
      targets: [0.5, 0.95, 0.99].map((q) =>
        promql(queries.quantile(q, duration, []), `p${q * 100}`, { exemplars: q === 0.99 }),
      ),
    }),
  ];
}

function queue({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { signalQueueDepth } = metrics;
  return [
    trend({
      title: "Signals waiting",
      means: "Signals that wait to be executed. A queue that only rises means that nobody takes from it.",
      whenBad: "Look for paused automation, failing orders (below) or a slow venue.",
      unit: "none",
      min: 0,
      limits: { above: { watch: 5, act: 11 } },
      noData: "no queue has reported",
      width: 8,
      targets: [promql(queries.largest(signalQueueDepth, ["job"]), "{{job}}")],
    }),
  ];
}

function orders({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { orderTransitions: transitions, orderNotional } = metrics;
  const failed = queries.growth(transitions, ["symbol", "status"], { status: FAILED_ORDERS });
  return [
    trend({
      title: "Orders by state reached",
      means: "How many orders reached each state, per minute. Failures are dashed.",
      whenBad: "A rise of rejected or failed orders: see which symbol beside, and the log lines of the order.",
      unit: "suffix: /min",
      min: 0,
      styles: { [FAILED_PATTERN]: "act" },
      noData: "no order yet",
      width: 8,
      targets: [promql(queries.perMinute(transitions, ["status"]), "{{status}}")],
    }),
    bars({
      title: "Failed orders by symbol and state",
      means: "Orders rejected or failed in this time range.",
      whenBad: "One symbol: its limits, margin or trading status. All symbols: key, balance or the venue itself.",
      unit: "short",
      decimals: 0,
      min: 0,
      limits: { above: { watch: 1, act: 10 } },
      noData: "no failed order in this time range",
      width: 8,
      height: 8,
      targets: [promql(`sort_desc(${failed} > 0)`, "{{symbol}} {{status}}")],
    }),
    trend({
      title: "Value traded",
      means: "Notional value of filled orders in USD per minute, by action.",
      whenBad: "Buying without selling (or the reverse) builds up a position: compare with the positions on Trading.",
      unit: "currencyUSD",
      min: 0,
      noData: "nothing filled yet",
      width: 8,
      targets: [promql(queries.perMinute(orderNotional, ["action"]), "{{action}} per minute")],
    }),
  ];
}

function profit({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { realisedPnl, realisedPnlTotal } = metrics;
  return [
    trend({
      title: "Realised P&L over time",
      means: "Realised profit (negative: loss), over all symbols and by symbol, since the process started.",
      whenBad: "A step down is one bad fill: its order and decision are at that moment on Decisions and latency.",
      unit: "currencyUSD",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData: "nothing filled yet",
      width: 14,
      targets: [
        promql(queries.level(realisedPnlTotal, []), "all symbols"),
        promql(queries.level(realisedPnl, ["symbol"]), "{{symbol}}"),
      ],
    }),
    bars({
      title: "Realised P&L by symbol",
      means: "Realised profit (negative: loss) of each symbol now, the best first.",
      whenBad: "A symbol that loses steadily: see its reasons, costs and slippage on Decisions and latency.",
      unit: "currencyUSD",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData: "nothing filled yet",
      width: 10,
      height: 8,
      targets: [promql(`sort_desc(${queries.level(realisedPnl, ["symbol"])})`, "{{symbol}}")],
    }),
  ];
}
