// Case 35: labels that take ever new values.
import { type CaseContext, type Check, check, type FaultCase, runBoth } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";
import { metricsEnv } from "../harness/metrics-env.ts";
import { runProgram } from "../harness/program-run.ts";
import type { Cardinality } from "../programs/many-labels.ts";

/** The metrics that the program feeds. */
const METRICS = ["trading_bot_trades_total", "market_data_updates_total", "redis_operations_total"] as const;
const VALUES = 1_000_000;
/** Three metrics, 200 values a label and what goes with it. */
const MAX_SERIES = 5_000;
const MAX_RSS_GROWTH_MIB = 96;
/** Of each metric's values so many are new at least when the label is full. */
const MIN_OVERFLOW = VALUES * 0.99;

/** The case. */
export const manyLabels: FaultCase = {
  id: "35",
  title: "1,000,000 distinct symbols, order ids and methods as labels",
  seconds: () => 15,
  async run(context) {
    const { ours, stock } = await runBoth(context, (observer) => feed(context, observer));
    return {
      runs: 1,
      figures: figuresOf(ours),
      stock: figuresOf(stock),
      checks: [
        check("series are bounded", ours.series <= MAX_SERIES, ours.series),
        check("memory is bounded", ours.rssGrowthMib <= MAX_RSS_GROWTH_MIB, ours.rssGrowthMib),
        ...METRICS.map((metric) => overflowCheck(ours, metric)),
      ],
      headline: textOf(ours),
      stockHeadline: textOf(stock),
    };
  },
};

async function feed(context: CaseContext, observer: "tracebook" | "stock"): Promise<Cardinality> {
  const env = observer === "stock" ? {} : { ...metricsEnv(context, "none"), TELEMETRY_JOURNAL: "false" };
  return (await runProgram<Cardinality>("many-labels.ts", { args: [observer, String(VALUES)], env })).report;
}

function overflowCheck({ overflow }: Cardinality, metric: string): Check {
  const count = overflow[metric] ?? 0;
  return check(`what overflowed is counted: ${metric}`, count >= MIN_OVERFLOW, count);
}

function figuresOf({ recordUs, rssGrowthMib, scrapeMs, scrapeBytes, series, overflow }: Cardinality) {
  return figuresWithoutItems({
    rss_growth_mib: rssGrowthMib,
    record_us: Math.round(100 * recordUs) / 100,
    series,
    scrape_ms: scrapeMs,
    scrape_bytes: scrapeBytes,
    overflow,
  });
}

function textOf({ series, rssGrowthMib, scrapeMs, scrapeBytes }: Cardinality): string {
  return `${series} series, RSS +${rssGrowthMib} MiB, scrape ${scrapeMs} ms, ${Math.round(scrapeBytes / 1024)} KiB`;
}
