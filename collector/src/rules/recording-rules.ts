// Answers that are asked for often, or over several instances, kept under names of their own: level, metric, operation.
import type { WireNames } from "../wire-names.ts";
import type { RecordingRule } from "./rule.ts";

/** All recording rules. */
export function recordingRules(names: WireNames): RecordingRule[] {
  return [...tradingRules(names), ...latencyRules(names), ...dependencyRules(names), ...signalRules(names)];
}

function tradingRules(names: WireNames): RecordingRule[] {
  const value = names.portfolioValue;
  return [
    {
      record: "status:trading_bots_active:sum",
      expr: `sum by (status) (${names.botsActive})`,
      help: "Bots by status over all instances.",
    },
    {
      record: "job_bot:trading_bot_trades:rate5m_per_minute",
      expr: `60 * sum by (job, bot_id, status) (rate(${names.trades}[5m]))`,
      help: "Trades a minute of each bot, by status.",
    },
    {
      record: "all:portfolio_total_value_usd:sum",
      expr: `sum(${value})`,
      help: "Value of the portfolios of all instances.",
    },
    {
      record: "instance:portfolio_total_value_usd:drawdown7d",
      expr: `${value} / (max_over_time(${value}[7d]) > 0) - 1`,
      help: "Value against its peak of seven days: -0.15 is a loss of 15 %.",
    },
    {
      record: "job:trading_decisions:rate5m",
      expr: `sum by (job, decision, reason_code) (rate(${names.decisions}[5m]))`,
      help: "Decisions a second, by what was decided and why.",
    },
    {
      record: "job:trading_decisions:accept_ratio5m",
      expr: `sum by (job) (rate(${names.decisions}{decision="ACCEPT"}[5m])) / (sum by (job) (rate(${names.decisions}[5m])) > 0)`,
      help: "Share of the decisions that were accepted.",
    },
    {
      record: "job:trading_flow_outcomes:rate5m",
      expr: `sum by (job, flow, stage, reason_code) (rate(${names.flowOutcomes}[5m]))`,
      help: "Flows a second, by how they ended.",
    },
  ];
}

function latencyRules(names: WireNames): RecordingRule[] {
  const stages = [50, 95, 99].map((percent) => ({
    record: `job_flow_stage:trading_stage_duration_seconds:p${percent}_5m`,
    expr: `histogram_quantile(${percent / 100}, sum by (job, flow, stage, le) (rate(${names.stageDuration}_bucket[5m])))`,
    help: `What ${percent} in a hundred passes through a stage took at most.`,
  }));
  return [
    ...stages,
    {
      record: "job_source:market_data_lag_seconds:p95_5m",
      expr: `histogram_quantile(0.95, sum by (job, source, le) (rate(${names.marketDataLag}_bucket[5m])))`,
      help: "How old 95 in a hundred market data updates were at most.",
    },
    {
      record: "job_source:market_data_updates:rate1m",
      expr: `sum by (job, source, symbol) (rate(${names.marketDataUpdates}[1m]))`,
      help: "Market data updates a second.",
    },
  ];
}

function dependencyRules(names: WireNames): RecordingRule[] {
  const operations = names.redisOperations;
  return [
    {
      record: "job:redis_operations:success_ratio5m",
      expr: `sum by (job) (rate(${operations}{status="success"}[5m])) / (sum by (job) (rate(${operations}[5m])) > 0)`,
      help: "Share of the Redis operations that succeeded.",
    },
    {
      record: "job_table:database_query_duration_seconds:p95_5m",
      expr: `histogram_quantile(0.95, sum by (job, operation, table, le) (rate(${names.databaseQueryDuration}_bucket[5m])))`,
      help: "What 95 in a hundred database queries took at most.",
    },
    {
      record: "job_route:http_server_request_duration:p95_5m",
      expr: `histogram_quantile(0.95, sum by (job, http_route, le) (rate(${names.httpRequestDuration}_bucket[5m])))`,
      help: "What 95 in a hundred requests took at most.",
    },
  ];
}

function signalRules(names: WireNames): RecordingRule[] {
  const requests = names.botBackendRequests;
  return [
    {
      record: "job:signals_ingested:rate5m",
      expr: `sum by (job) (rate(${names.signalsIngested}[5m]))`,
      help: "Signals a second that were stored and queued.",
    },
    {
      record: "job_status:order_transitions:rate5m",
      expr: `sum by (job, symbol, status) (rate(${names.orderTransitions}[5m]))`,
      help: "Changes of order states a second.",
    },
    {
      record: "job:bot_backend_requests:error_ratio5m",
      // A bot whose requests all succeed has no series of errors; 0 is an answer, nothing is none.
      expr: `(sum by (job) (rate(${requests}{status="error"}[5m])) or 0 * sum by (job) (rate(${requests}[5m]))) / (sum by (job) (rate(${requests}[5m])) > 0)`,
      help: "Share of the bot's requests to its backend that failed.",
    },
  ];
}
