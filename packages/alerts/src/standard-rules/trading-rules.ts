// Rules about trading: bots, market data, what services stand on, signals and orders.
import {
  chosen,
  LIVE_MINUTES,
  SERVICE,
  type StandardMetrics,
  type StandardRule,
  SURE_MINUTES,
} from "./standard-rule.ts";

/** States of orders in the three ways that venues write them. */
function spelled(...states: readonly string[]): readonly string[] {
  return states.flatMap((state) => [state, state.toUpperCase(), state[0]!.toUpperCase() + state.slice(1)]);
}

/** The venue or our way to it has failed. */
const FAILED = [...spelled("rejected", "failed"), "error", "ERROR"];
/** Nothing more happens to the order. */
const ENDED = [...spelled("filled", "canceled", "cancelled", "expired"), ...FAILED];

/** The rules, in the order in which they are written. */
export function tradingRules(metrics: StandardMetrics): readonly StandardRule[] {
  return [noActiveBots(metrics), marketDataLag(metrics), redisErrors(metrics), ...signalRules(metrics)];
}

function noActiveBots(metrics: StandardMetrics): StandardRule {
  return {
    name: "NoActiveBotsRunning",
    team: "trading-automation",
    severity: "critical",
    forSeconds: 300,
    condition: {
      ...chosen(metrics.botsActive, { status: "running" }),
      aggregation: "last",
      across: "sum",
      time_window_minutes: LIVE_MINUTES,
      // Whoever was there in the last six hours is missed.
      remember_minutes: 360,
      operator: "==",
      threshold: 0,
    },
    summary: "No bot is running",
    description: "For five minutes no bot has been in the state running, or the services that run them have gone.",
  };
}

function marketDataLag(metrics: StandardMetrics): StandardRule {
  return {
    name: "HighMarketDataLag",
    team: "exchange-integration",
    severity: "critical",
    forSeconds: 120,
    condition: {
      ...chosen(metrics.marketDataLag),
      by: [SERVICE, "source"],
      aggregation: "p95",
      time_window_minutes: 5,
      operator: ">",
      threshold: 5,
    },
    summary: "Market data of {{labels.source}} comes late",
    description: "One update in twenty is more than five seconds old when it comes.",
  };
}

function redisErrors(metrics: StandardMetrics): StandardRule {
  return {
    name: "HighRedisErrorRate",
    team: "platform",
    severity: "critical",
    forSeconds: 60,
    condition: {
      ...chosen(metrics.redisConnectionErrors),
      // Instances of one service share one Redis: their errors are summed.
      by: [SERVICE],
      aggregation: "rate",
      time_window_minutes: 5,
      operator: ">",
      threshold: 0.1,
    },
    summary: "{{labels.service_name}} loses its connection to Redis",
    description: "More than one connection to Redis fails or is lost in ten seconds.",
  };
}

function signalRules(metrics: StandardMetrics): readonly StandardRule[] {
  return [
    {
      name: "TradingViewSignalBacklog",
      team: "trading-automation",
      severity: "critical",
      forSeconds: 300,
      condition: {
        ...chosen(metrics.signalQueueDepth),
        by: [SERVICE],
        aggregation: "last",
        // Instances report the depth of the same queue.
        across: "max",
        time_window_minutes: SURE_MINUTES,
        operator: ">",
        threshold: 10,
      },
      summary: "{{labels.service_name}} does not keep up with signals",
      description:
        "More than ten signals have been waiting for five minutes; what is executed late is executed at another price.",
    },
    {
      name: "BingXOrderFailures",
      team: "exchange-integration",
      severity: "critical",
      forSeconds: 120,
      condition: {
        ...chosen(metrics.orderTransitions, { status: FAILED }),
        by: [SERVICE],
        aggregation: "sum",
        time_window_minutes: 10,
        divided_by: chosen(metrics.orderTransitions, { status: ENDED }),
        operator: ">",
        threshold: 0.1,
      },
      summary: "Orders of {{labels.service_name}} fail",
      description: "More than a tenth of the orders that ended in the last ten minutes were rejected or failed.",
    },
    {
      name: "BotBackendReachability",
      team: "platform",
      severity: "critical",
      forSeconds: 120,
      condition: {
        ...chosen(metrics.botBackendRequests, { status: "error" }),
        by: [SERVICE],
        aggregation: "rate",
        time_window_minutes: 5,
        divided_by: chosen(metrics.botBackendRequests),
        operator: ">",
        threshold: 0.5,
      },
      summary: "{{labels.service_name}} does not reach its backend",
      description: "More than half of the bot's requests to its backend have failed for two minutes.",
    },
  ];
}
