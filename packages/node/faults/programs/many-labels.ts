// A metric whose labels take ever new values, a million of them; then a scrape.
// node many-labels.ts OBSERVER VALUES
import { metrics as metricsApi } from "@opentelemetry/api";
import { startTelemetry, tradingMetrics } from "@tracebook/node";
import { parseExposition } from "../../test/exposition.ts";

/** What came of it. */
export interface Cardinality {
  readonly values: number;
  readonly recordUs: number;
  readonly rssGrowthMib: number;
  readonly scrapeMs: number;
  readonly scrapeBytes: number;
  readonly series: number;
  /** Times that a value became another one, by metric, as the metrics themselves say. */
  readonly overflow: { readonly [metric: string]: number };
}

const [observer, values = "1000"] = process.argv.slice(2);
const MIB = 2 ** 20;

/** What one value is recorded with. */
type Record = (symbol: string, orderId: string, method: string) => void;

async function startTracebook(): Promise<{ record: Record; url: string }> {
  const telemetry = await startTelemetry();
  const { trades, marketDataUpdates, redisOperations } = tradingMetrics;
  return {
    url: telemetry.health().metricsUrl ?? "",
    record(symbol, orderId, method) {
      trades.add(1, { bot_id: orderId, symbol, side: "buy", status: "filled" });
      marketDataUpdates.add(1, { symbol, source: "binance" });
      redisOperations.add(1, { type: method, status: "success" });
    },
  };
}

async function startStock(): Promise<{ record: Record; url: string }> {
  const { startStockMetrics } = await import("./stock-metrics.ts");
  const url = await startStockMetrics();
  const meter = metricsApi.getMeter("bot");
  const [trades, updates, operations] = ["trades_total", "updates_total", "operations_total"].map((name) =>
    meter.createCounter(name),
  );
  return {
    url,
    record(symbol, orderId, method) {
      trades?.add(1, { bot_id: orderId, symbol, side: "buy", status: "filled" });
      updates?.add(1, { symbol, source: "binance" });
      operations?.add(1, { type: method, status: "success" });
    },
  };
}

const { record, url } = await (observer === "stock" ? startStock() : startTracebook());
await (await fetch(url)).text();
const before = process.memoryUsage.rss();
const startedMs = performance.now();
for (let i = 0; i < Number(values); i++) {
  record(`COIN${i}/USDT`, `order-${i}`, `method_${i}`);
  if (i % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
}
const recordUs = (1e3 * (performance.now() - startedMs)) / Number(values) / 3;
const rssGrowthMib = Math.round((process.resourceUsage().maxRSS * 1024 - before) / MIB);
const scrapedMs = performance.now();
const text = await (await fetch(url)).text();
const scrapeMs = Math.round(performance.now() - scrapedMs);
const samples = [...parseExposition(text).values()].flatMap((family) => family.samples);
const overflows = samples.filter(({ name }) => name === "tracebook_label_overflow_total");
const report: Cardinality = {
  values: Number(values),
  recordUs,
  rssGrowthMib,
  scrapeMs,
  scrapeBytes: text.length,
  series: samples.length,
  overflow: Object.fromEntries(overflows.map(({ labels, value }) => [labels["metric"] ?? "", value])),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
