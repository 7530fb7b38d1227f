// The alerts on trading (features 67 and 68). Where the documents that asked for them had an expression that cannot work, it is
// written anew; `why` says what was wrong.
import type { WireNames } from "../wire-names.ts";
import { type AlertRule, growth } from "./rule.ts";

/** Order states that mean that the venue or our way to it has failed; venues differ in case. */
const FAILED = "(?i:rejected|failed|error)";
/** Order states in which nothing more happens. */
const ENDED = "(?i:filled|canceled|cancelled|expired|rejected|failed|error)";

/** The seven alerts. */
export function alertRules(names: WireNames): AlertRule[] {
  return [...botAlerts(names), ...infrastructureAlerts(names), ...signalAlerts(names)];
}

function botAlerts(names: WireNames): AlertRule[] {
  const running = `${names.botsActive}{status="running"}`;
  const value = names.portfolioValue;
  const cash = names.portfolioCash;
  return [
    {
      alert: "NoActiveBotsRunning",
      expr: `(sum(${running}) or 0 * sum(last_over_time(${running}[6h]))) == 0`,
      for: "5m",
      severity: "critical",
      team: "trading-automation",
      summary: "No bot is running",
      description: "For five minutes no bot has been in the state running, or the services that run them have gone.",
      why: "A bot that has died takes its series with it, and a sum over nothing is nothing, not 0: who was there in the last six hours is missed.",
    },
    {
      alert: "HighPortfolioDrawdown",
      expr: [
        "min by (job, instance) (",
        `  label_replace(${value} / (max_over_time(${value}[7d]) > 0) - 1, "against", "peak", "", "")`,
        "  or",
        `  label_replace((${value} - ${cash}) / (${cash} > 0), "against", "cash", "", "")`,
        ") < -0.15",
      ].join("\n"),
      for: "5m",
      severity: "critical",
      team: "trading-automation",
      summary: "The portfolio has lost more than 15 %",
      description:
        "{{ $labels.instance }}: the portfolio stands at {{ $value | humanizePercentage }} against its peak of seven days, or against its cash.",
      why: "Value against cash alone is the return of who keeps all capital as cash, divides by 0 where all is invested, and sees no loss of positions that were bought: the peak of seven days is looked at too.",
    },
  ];
}

function infrastructureAlerts(names: WireNames): AlertRule[] {
  return [
    {
      alert: "HighMarketDataLag",
      expr: `histogram_quantile(0.95, sum by (job, source, le) (rate(${names.marketDataLag}_bucket[5m]))) > 5`,
      for: "2m",
      severity: "critical",
      team: "exchange-integration",
      summary: "Market data of {{ $labels.source }} comes late",
      description:
        "{{ $labels.job }}: one update in twenty from {{ $labels.source }} is more than {{ $value | humanizeDuration }} old.",
      why: "A quantile over raw buckets is that of all time since the start and hardly moves; over their rate it is that of the last five minutes.",
    },
    {
      alert: "HighRedisErrorRate",
      expr: `sum by (job) (rate(${names.redisConnectionErrors}[5m])) > 0.1`,
      for: "1m",
      severity: "critical",
      team: "platform",
      summary: "{{ $labels.job }} loses its connection to Redis",
      description: '{{ $labels.job }} has {{ printf "%.2f" $value }} failed or lost connections to Redis a second.',
      why: "Instances of one service share one Redis: their errors are summed.",
    },
  ];
}

function signalAlerts(names: WireNames): AlertRule[] {
  const transitions = names.orderTransitions;
  const requests = names.botBackendRequests;
  const ended = growth(`${transitions}{status=~"${ENDED}"}`, "10m");
  const failed = growth(`${transitions}{status=~"${FAILED}"}`, "10m");
  return [
    {
      alert: "TradingViewSignalBacklog",
      expr: `max by (job) (${names.signalQueueDepth}) > 10`,
      for: "5m",
      severity: "critical",
      team: "trading-automation",
      summary: "{{ $labels.job }} does not keep up with signals",
      description:
        "{{ $value }} signals have been waiting for five minutes; what is executed late is executed at another price.",
      why: "Instances report the depth of the same queue: the largest, not the sum.",
    },
    {
      alert: "BingXOrderFailures",
      expr: [`sum by (job) (${failed})`, "/", `(sum by (job) (${ended}) > 0)`, "> 0.1"].join("\n"),
      for: "2m",
      severity: "critical",
      team: "exchange-integration",
      summary: "Orders of {{ $labels.job }} fail",
      description:
        "{{ $value | humanizePercentage }} of the orders that ended in the last ten minutes were rejected or failed.",
      why: "Orders are few and their states appear with their first: growth is counted from 0, and without ended orders there is no share.",
    },
    {
      alert: "BotBackendReachability",
      expr: [
        `sum by (job) (rate(${requests}{status="error"}[5m]))`,
        "/",
        `(sum by (job) (rate(${requests}[5m])) > 0)`,
        "> 0.5",
      ].join("\n"),
      for: "2m",
      severity: "critical",
      team: "platform",
      summary: "{{ $labels.job }} does not reach its backend",
      description:
        "{{ $value | humanizePercentage }} of the bot's requests to its backend have failed for two minutes.",
      why: "A share without requests would be 0/0; a bot that asks nothing is seen by TradingServiceDown.",
    },
  ];
}
