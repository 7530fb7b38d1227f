// The trading desk: bots, portfolio, market data, and what they stand on.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { NamePrefixes } from "../wire-names.ts";
import { buildDashboard } from "./dashboard.ts";
import { type DashboardContext, dashboardContext, sharedVariables, symbolVariable } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, table, tile, trend } from "./panels.ts";
import { promql } from "./targets.ts";
import { infrastructure } from "./trading-infrastructure.ts";
import { marketData } from "./trading-market-data.ts";
import { valuesOf } from "./variables.ts";

/** The dashboard of the desk: what the bots do, what they hold, and whether what they see is fresh. */
export function tradingDashboard(options: NamePrefixes): Dashboard {
  const context = dashboardContext(options, ["symbol", "bot_id"]);
  const bot = valuesOf("bot_id", {
    label: "Bot",
    description: "The bot; All includes figures that belong to none.",
    series: `{__name__=~"${context.metrics.trades.name}|${context.metrics.botPnl.name}",instance=~"$instance"}`,
    of: "bot_id",
    all: ".*",
  });
  return buildDashboard({
    name: "trading",
    title: "Trading",
    description: "Bots, portfolio, market data, and the caches, databases and machines they stand on.",
    variables: [...sharedVariables("prometheus"), symbolVariable(context), bot],
    sections: [
      { title: "Bots", panels: bots(context) },
      { title: "Portfolio", panels: portfolio(context) },
      { title: "Market data", panels: marketData(context) },
      { title: "Infrastructure", panels: infrastructure(context) },
    ],
  });
}

function bots(context: DashboardContext): PanelDraft[] {
  return [...botCounts(context), ...botState(context), ...botTrends(context)];
}

function botCounts({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { botsActive, trades } = metrics;
  return [
    tile({
      title: "Bots by status",
      means: "Bots that run, are paused or are stopped.",
      whenBad: "None running means nothing trades: see the log of the last stop.",
      unit: "none",
      noData: "no bot has reported",
      width: 8,
      shows: "both",
      targets: [promql(queries.level(botsActive, ["status"]), "{{status}}")],
    }),
    tile({
      title: "Trades per minute",
      means: "Trades of the chosen bots per minute, of whatever side and status.",
      whenBad: "Zero while bots run: see the funnel on Decisions and latency.",
      unit: "suffix: /min",
      decimals: 2,
      noData: "no trade yet",
      leadsTo: "decisions",
      width: 4,
      targets: [promql(queries.perMinute(trades, []), "trades")],
    }),
    tile({
      title: "Trades",
      means: "Trades in this time range.",
      whenBad: "Fewer than on a day like this: see the funnel on Decisions and latency.",
      unit: "short",
      decimals: 0,
      noData: "no trade yet",
      width: 4,
      instant: true,
      targets: [promql(queries.growth(trades, []), "trades")],
    }),
  ];
}

function botState({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { botPnl } = metrics;
  return [
    tile({
      title: "P&L of all bots",
      means: "Profit (negative: loss) of the chosen bots now, open positions included as each bot counts them.",
      whenBad: "The panel below shows which bot it is; pause it if it is beyond its limit.",
      unit: "currencyUSD",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData: "no bot has reported",
      width: 4,
      targets: [promql(queries.level(botPnl, []), "P&L")],
    }),
    tile({
      title: "WebSockets open",
      means: "Open WebSocket connections.",
      whenBad: "None means blind: the venue or the network has cut them.",
      unit: "none",
      limits: { below: { act: 1 } },
      noData: "none has reported",
      width: 4,
      targets: [promql(queries.level(metrics.websocketConnections, []), "open")],
    }),
  ];
}

function botTrends(context: DashboardContext): PanelDraft[] {
  return [...botCourses(context), ...eachBot(context)];
}

function botCourses({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { trades, botPnl } = metrics;
  return [
    trend({
      title: "P&L by bot",
      means: "Profit (negative: loss) of each bot and symbol over time.",
      whenBad:
        "A steady fall is a strategy that no longer works; a step is one bad fill: look for its order at that moment.",
      unit: "currencyUSD",
      decimals: 2,
      limits: { below: { act: 0 } },
      noData: "no bot has reported",
      width: 8,
      targets: [promql(queries.level(botPnl, ["bot_id", "symbol"]), "{{bot_id}} {{symbol}}")],
    }),
    trend({
      title: "Trades by side and status",
      means: "Trades per minute by side (buy, sell) and status; failed ones are dashed.",
      whenBad: "One side only builds up a position; failures: see the venue's words in the log of the order.",
      unit: "suffix: /min",
      min: 0,
      styles: { "/fail|reject|error/i": "act" },
      noData: "no trade yet",
      width: 8,
      targets: [promql(queries.perMinute(trades, ["side", "status"]), "{{side}} {{status}}")],
    }),
  ];
}

function eachBot({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { trades, botPnl } = metrics;
  return [
    table({
      title: "Each bot",
      means: "Every bot and symbol with its P&L now and its trades in this time range.",
      whenBad: "Sort by P&L: the worst bot first. A bot with trades but no P&L has not reported it.",
      unit: "short",
      decimals: 2,
      noData: "no bot has reported",
      width: 8,
      targets: [
        promql(queries.level(botPnl, ["bot_id", "symbol"]), "P&L"),
        promql(queries.growth(trades, ["bot_id", "symbol"]), "trades"),
      ],
      transformations: [
        { id: "merge", options: {} },
        {
          id: "organize",
          options: {
            excludeByName: { Time: true },
            renameByName: { bot_id: "Bot", symbol: "Symbol", "Value #A": "P&L", "Value #B": "Trades" },
          },
        },
      ],
      columns: { "P&L": "currencyUSD", Trades: "short" },
      sortedBy: "P&L",
    }),
  ];
}

function portfolio(context: DashboardContext): PanelDraft[] {
  return [...worth(context), ...positions(context)];
}

function worth({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { portfolioValue, portfolioCash } = metrics;
  const [value, cash] = [queries.level(portfolioValue, []), queries.level(portfolioCash, [])];
  const [worth, free] = [queries.series(portfolioValue), queries.series(portfolioCash)];
  return [
    trend({
      title: "Portfolio value and cash",
      means: "Value of all positions and cash, and the cash that is free to trade.",
      whenBad:
        "Cash near zero stops orders (`insufficient_balance`); a falling value with flat positions is the market.",
      unit: "currencyUSD",
      noData: "no portfolio has reported",
      width: 10,
      targets: [promql(value, "portfolio value"), promql(cash, "cash")],
    }),
    trend({
      title: "Drawdown",
      means:
        "The worst portfolio's value against its own peak of seven days, and against its cash: both figures of the drawdown alert.",
      whenBad: "Below -15 % the alert HighPortfolioDrawdown fires: stop the bots first, look for the position after.",
      unit: "percentunit",
      decimals: 1,
      limits: { below: { watch: -0.1, act: -0.15 } },
      noData: "no portfolio has reported",
      width: 7,
      targets: [
        promql(`min(${worth} / (max_over_time(${worth}[7d]) > 0) - 1)`, "against its peak"),
        promql(`min((${worth} - ${free}) / (${free} > 0))`, "against cash"),
      ],
    }),
  ];
}

function positions({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { portfolioPositions } = metrics;
  return [
    bars({
      title: "Open positions",
      means: "Open positions by symbol now.",
      whenBad: "More than the strategy may hold: see why its closing orders fail.",
      unit: "none",
      decimals: 0,
      min: 0,
      noData: "no open position has been reported",
      width: 7,
      height: 8,
      targets: [promql(`sort_desc(${queries.level(portfolioPositions, ["symbol"])})`, "{{symbol}}")],
    }),
  ];
}
