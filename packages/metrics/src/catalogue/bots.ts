// Metrics of bots and of the portfolio they trade.
import type { CatalogueEntry } from "./entry.ts";

/** Bots and the portfolio. */
export const BOT_METRICS = {
  botsActive: {
    name: "trading_bots_active_total",
    kind: "gauge",
    unit: "{bot}",
    labels: ["status"],
    help: "Bots by status: running, paused, stopped.",
    feature: 21,
  },
  trades: {
    name: "trading_bot_trades_total",
    kind: "counter",
    unit: "{trade}",
    labels: ["bot_id", "symbol", "side", "status"],
    help: "Trades by bot, symbol, side and status.",
    feature: 21,
  },
  botPnl: {
    name: "trading_bot_pnl_usd",
    kind: "gauge",
    unit: "{USD}",
    labels: ["bot_id", "symbol"],
    help: "Profit or loss of each bot at this moment.",
    feature: 21,
  },
  portfolioValue: {
    name: "portfolio_total_value_usd",
    kind: "gauge",
    unit: "{USD}",
    labels: [],
    help: "Value of the whole portfolio, positions and cash.",
    feature: 22,
  },
  portfolioPositions: {
    name: "portfolio_positions_count",
    kind: "gauge",
    unit: "{position}",
    labels: ["symbol"],
    help: "Open positions by symbol.",
    feature: 22,
  },
  portfolioCash: {
    name: "portfolio_cash_balance_usd",
    kind: "gauge",
    unit: "{USD}",
    labels: [],
    help: "Cash that is available for trading.",
    feature: 22,
  },
} as const satisfies Record<string, CatalogueEntry>;
