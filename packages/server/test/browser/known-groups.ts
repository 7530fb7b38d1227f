// Open positions of several symbols, minute by minute, and a rule with one alert for each of them.
import { toTimestamp } from "@tracebook/core";
import type { Desk } from "../../src/index.ts";

/** A position and how it went: so many USD at first, so many of the newest minutes beyond the limit. */
export interface KnownPosition {
  readonly symbol: string;
  readonly venue: string;
  readonly usd: number;
  readonly minutesOver: number;
}

/** Three symbols; of two of them the position is beyond the limit now. */
const POSITIONS: readonly KnownPosition[] = [
  { symbol: "BTC/USDT", venue: "binance", usd: 400, minutesOver: 6 },
  { symbol: "ETH/USDT", venue: "kraken", usd: 300, minutesOver: 3 },
  { symbol: "SOL/USDT", venue: "kraken", usd: 200, minutesOver: 0 },
];

/** Fires for each symbol whose newest position is beyond 1000.10 USD. */
const POSITION_RULE = Object.freeze({
  rule_name: "Position too large",
  rule_type: "metric_threshold",
  source_type: "system_metric",
  condition_config: {
    metric: "open_position_usd",
    by: ["symbol", "venue"],
    ...{ aggregation: "last", operator: ">", threshold: "1000.10", time_window_minutes: 2 },
  },
  severity: "error",
  labels: { team: "execution" },
});

const MINUTE_MS = 60_000;
const SETTLED_MS = 5_000;
const OVER_USD = 900;

/** Writes the positions of the last minutes. */
export async function writeKnownPositions(
  desk: Desk,
  positions: readonly KnownPosition[] = POSITIONS,
  minutes = 30,
): Promise<void> {
  // All of it is over when it is written, so that the engine hears of the newest value and of those before it at the same instant.
  const nowMs = Math.floor(Date.now() / 1_000) * 1_000 - SETTLED_MS;
  await desk.store.writeEvents(
    positions.flatMap(({ symbol, venue, usd, minutesOver }, at) =>
      Array.from({ length: minutes }, (_, minute) => ({
        eventType: "system_metric",
        timestamp: toTimestamp((nowMs - minute * MINUTE_MS) * 1_000),
        source: { serviceName: "basis-trader", instanceId: "bot-7" },
        seq: 50_000 + at * 10_000 + minute,
        ...{ runId: undefined, symbol, traceId: undefined, spanId: undefined, severityNumber: 9 },
        data: {
          ...{ metric_name: "open_position_usd", metric_type: "gauge", metric_unit: "USD" },
          metric_value: usd + (minute < minutesOver ? OVER_USD : 0) + (minute % 7) * 10,
          tags: { symbol, venue },
        },
      })),
    ),
  );
}

/** Writes the rule over the API, as the page does. */
export async function savePositionRule(url: string, more: object = {}): Promise<void> {
  const response = await fetch(new URL("/api/telemetry/alert-rules/position-too-large?allow_unknown=true", url), {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...POSITION_RULE, ...more }),
  });
  if (!response.ok) throw new Error(`the rule was refused: ${response.status} ${await response.text()}`);
}
