// The alerts on trading (features 67 and 68). Where the documents that asked for them had an expression that cannot work, it is
// written anew; `why` says what was wrong.
import { type NamePrefixes, wireNames } from "../wire-names.ts";
import type { AlertRule } from "./rule.ts";
import { standardAlerts } from "./standard-alerts.ts";

/** The seven alerts, under the names of one application. */
export function alertRules(prefixes: NamePrefixes = {}): AlertRule[] {
  return [...botAlerts(prefixes), ...infrastructureAlerts(prefixes), ...signalAlerts(prefixes)];
}

function botAlerts(prefixes: NamePrefixes): AlertRule[] {
  const { portfolioValue: value, portfolioCash: cash } = wireNames(prefixes);
  return [
    standardAlerts(prefixes)("NoActiveBotsRunning", {
      why: "A bot that has died takes its series with it, and a sum over nothing is nothing, not 0: who was there in the last six hours is missed.",
    }),
    {
      // No rule of the standard set: a rule looks back a day at most, and compares no value with one that another time had.
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

function infrastructureAlerts(prefixes: NamePrefixes): AlertRule[] {
  const standard = standardAlerts(prefixes);
  return [
    standard("HighMarketDataLag", {
      description:
        "{{ $labels.job }}: one update in twenty from {{ $labels.source }} is more than {{ $value | humanizeDuration }} old.",
      why: "A quantile over raw buckets is that of all time since the start and hardly moves; over their rate it is that of the last five minutes.",
    }),
    standard("HighRedisErrorRate", {
      description: '{{ $labels.job }} has {{ printf "%.2f" $value }} failed or lost connections to Redis a second.',
      why: "Instances of one service share one Redis: their errors are summed.",
    }),
  ];
}

function signalAlerts(prefixes: NamePrefixes): AlertRule[] {
  const standard = standardAlerts(prefixes);
  return [
    standard("TradingViewSignalBacklog", {
      description:
        "{{ $value }} signals have been waiting for five minutes; what is executed late is executed at another price.",
      why: "Instances report the depth of the same queue: the largest, not the sum. A scrape that fails does not end the alert.",
    }),
    standard("BingXOrderFailures", {
      description:
        "{{ $value | humanizePercentage }} of the orders that ended in the last ten minutes were rejected or failed.",
      why: "Orders are few and their states appear with their first: growth is counted from 0, and without ended orders there is no share. Venues differ in case, and in two ls.",
    }),
    standard("BotBackendReachability", {
      description:
        "{{ $value | humanizePercentage }} of the bot's requests to its backend have failed for two minutes.",
      why: "A share without requests would be 0/0; a bot that asks nothing is seen by TradingServiceDown.",
    }),
  ];
}
