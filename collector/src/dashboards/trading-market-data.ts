// Market data: how much, how fresh, how sound.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { heatmap, trend } from "./panels.ts";
import { promql } from "./targets.ts";

/** Updates, lag and faults of the feeds. */
export function marketData(context: DashboardContext): PanelDraft[] {
  return [...freshness(context), ...soundness(context)];
}

function freshness({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { marketDataUpdates, marketDataLag } = metrics;
  return [
    trend({
      title: "Market data updates",
      means: "Updates per second by symbol and source.",
      whenBad: "A line at zero is a feed that died although its connection may be open: restart it.",
      unit: "suffix: /s",
      min: 0,
      noData: "no market data yet",
      width: 8,
      targets: [promql(queries.rate(marketDataUpdates, ["symbol", "source"]), "{{symbol}} {{source}}")],
    }),
    trend({
      title: "Lag of market data",
      means:
        "Time from the venue's event to its receipt here: half, 95 and 99 of 100 updates were faster. Dots are single updates: click one for its trace.",
      whenBad:
        "Above 5 s at p95 the alert HighMarketDataLag fires. All sources: network or a busy process. One: the venue.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 1, act: 5 } },
      noData: "no update with a time of the venue yet",
      width: 8,
      targets: [0.5, 0.95, 0.99].map((q) =>
        promql(queries.quantile(q, marketDataLag, ["source"]), `{{source}} p${q * 100}`, { exemplars: q === 0.99 }),
      ),
    }),
    heatmap({
      title: "Spread of the lag",
      means: "How many updates per second came with which lag: the brighter, the more.",
      whenBad: "Two bands are two routes or two feeds; a band that climbs is a queue in front of the process.",
      unit: "s",
      noData: "no update with a time of the venue yet",
      width: 8,
      height: 8,
      targets: [promql(queries.buckets(marketDataLag), "{{le}}", { exemplars: true })],
    }),
  ];
}

function soundness(context: DashboardContext): PanelDraft[] {
  return [...clocks(context), ...connections(context)];
}

function clocks({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { marketDataLastLag, marketDataNegativeLag, marketDataInvalidFrames, marketDataResyncs } = metrics;
  return [
    trend({
      title: "Latest lag, raw",
      means: "Lag of the latest update, as it is: negative when the venue's clock is ahead of ours.",
      whenBad: "Steadily negative: this machine's clock is behind. Check its time service before trusting any lag.",
      unit: "s",
      limits: { above: { watch: 1, act: 5 } },
      noData: "no update with a time of the venue yet",
      width: 8,
      targets: [promql(queries.level(marketDataLastLag, ["symbol", "source"]), "{{symbol}} {{source}}")],
    }),
    trend({
      title: "Faults of the feeds",
      means:
        "Per minute: updates from the future (a clock is wrong), frames that could not be read, books rebuilt after a gap.",
      whenBad: "Unreadable frames: the venue has changed its format. Rebuilt books: updates were lost on the way.",
      unit: "suffix: /min",
      min: 0,
      limits: { above: { act: 10 } },
      noData: "no fault",
      width: 8,
      targets: [
        promql(queries.perMinute(marketDataNegativeLag, ["source"]), "{{source}}: ahead of our clock"),
        promql(queries.perMinute(marketDataInvalidFrames, ["source"]), "{{source}}: unreadable"),
        promql(queries.perMinute(marketDataResyncs, ["source"]), "{{source}}: book rebuilt"),
      ],
    }),
  ];
}

function connections({ metrics, queries }: DashboardContext): PanelDraft[] {
  return [
    trend({
      title: "WebSocket connections",
      means: "Open connections by endpoint.",
      whenBad:
        "Fewer than usual: the venue closed some; flapping: it limits you, or the process is too slow to answer pings.",
      unit: "none",
      min: 0,
      noData: "none has reported",
      width: 8,
      targets: [promql(queries.level(metrics.websocketConnections, ["endpoint"]), "{{endpoint}}")],
    }),
  ];
}
