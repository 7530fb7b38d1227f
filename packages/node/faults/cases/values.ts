// Cases 31, 35 and 36: values that are no numbers, labels without end, and whatever else a host may pass.

import { startChild } from "../../test/child.ts";
import { parseExposition, type Sample } from "../../test/exposition.ts";
import { metricPoints } from "../../test/metric-points.ts";
import { startOtlpSink } from "../../test/otlp-sink.ts";
import { botEnv } from "../bot/bot.ts";
import type { ObserverName } from "../bot/observer.ts";
import { type CaseContext, check, type FaultCase, runBoth } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";
import { runProgram } from "../harness/program-run.ts";

/** Case 31. */
export const poisonedValues: FaultCase = {
  id: "31",
  title: "NaN, infinities, -0, negative, texts and nothing to every instrument, then both routes",
  async run(context) {
    const { ours, stock } = await runBoth(context, (observer) => poison(context, observer));
    const more = ({ poisoned, series, threw }: Poisoning) => ({
      poisoned_series: poisoned.length,
      series,
      throws: threw,
    });
    return {
      runs: 1,
      figures: figuresWithoutItems({
        ...more(ours),
        poisoned_otlp_points: ours.poisonedPoints.length,
        instruments: ours.instruments,
      }),
      stock: figuresWithoutItems(more(stock)),
      checks: [
        check("no series is poisoned on /metrics", ours.poisoned.length === 0, ours.poisoned.slice(0, 5)),
        check("none over OTLP", ours.poisonedPoints.length === 0, ours.poisonedPoints.slice(0, 5)),
        check("no call throws", ours.threw === 0, ours.threw),
        check("the good values are there", ours.series > 50, ours.series),
      ],
      headline: `${ours.poisoned.length + ours.poisonedPoints.length} poisoned series, ${ours.instruments} instruments, ${ours.threw} throws`,
      stockHeadline: `${stock.poisoned.length} of ${stock.series} series poisoned, 4 instruments`,
    };
  },
};

interface Poisoning {
  readonly instruments: number;
  readonly series: number;
  readonly threw: number;
  /** Series whose value is not what the good values alone make it. */
  readonly poisoned: readonly string[];
  readonly poisonedPoints: readonly string[];
}

/** What the process itself does changes from run to run. */
const OWN_LIFE = /^(tracebook_|process[._]|nodejs[._]|v8js[._]|system[._]|http[._]|target_info|otel_)|_created$/;

async function poison(context: CaseContext, observer: ObserverName): Promise<Poisoning> {
  const [clean, poisoned] = [await feed(context, observer, "no"), await feed(context, observer, "yes")];
  const samples = seriesOf(clean.text);
  const bad = seriesOf(poisoned.text);
  const differs = [...samples].filter(([key, value]) => !Object.is(bad.get(key), value));
  const points = [...clean.points].filter(([key, value]) => poisoned.points.get(key) !== value);
  const show = ([key, value]: [string, unknown], found: unknown): string => `${key} is ${found}, not ${value}`;
  return {
    instruments: poisoned.instruments,
    series: samples.size,
    threw: poisoned.threw,
    poisoned: differs.map((one) => show(one, bad.get(one[0]))),
    poisonedPoints: points.map((one) => show(one, poisoned.points.get(one[0]))),
  };
}

async function feed(context: CaseContext, observer: ObserverName, poisons: "yes" | "no") {
  const sink = await startOtlpSink();
  try {
    const env = observer === "stock" ? {} : metricsEnv(context, sink.url);
    const { report, lines } = await runProgram<{ instruments: number; text: string }>("poisoned.ts", {
      args: [observer, poisons],
      env,
    });
    const points = new Map(
      metricPoints(sink.metrics)
        .filter(({ name }) => !OWN_LIFE.test(name))
        .map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, JSON.stringify(value)] as const),
    );
    return { ...report, points, threw: lines.filter((line) => line.startsWith("threw ")).length };
  } finally {
    await sink.close();
  }
}

function metricsEnv(context: CaseContext, endpoint: string): Record<string, string> {
  const env = botEnv({ observer: "tracebook", endpoint, dir: context.folder("metrics") });
  return { ...env, BOT_METRICS_ENABLED: "true", TELEMETRY_PROMETHEUS_PORT: "0", TELEMETRY_INSTRUMENT: "none" };
}

function seriesOf(text: string): Map<string, number> {
  const samples: Sample[] = [...parseExposition(text).values()].flatMap((family) => family.samples);
  return new Map(
    samples
      .filter(({ name }) => !OWN_LIFE.test(name))
      .map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]),
  );
}

const VALUES = 1_000_000;
/** Three metrics, 200 values a label and what goes with it. */
const MAX_SERIES = 5_000;
const MAX_RSS_GROWTH_MIB = 96;

interface Cardinality {
  readonly values: number;
  readonly recordUs: number;
  readonly rssGrowthMib: number;
  readonly scrapeMs: number;
  readonly scrapeBytes: number;
  readonly series: number;
  readonly overflow: boolean;
}

/** Case 35. */
export const manyLabels: FaultCase = {
  id: "35",
  title: "1,000,000 distinct symbols, order ids and methods as labels",
  async run(context) {
    const { ours, stock } = await runBoth(context, async (observer) => {
      const env = observer === "stock" ? {} : { ...metricsEnv(context, "none"), TELEMETRY_JOURNAL: "false" };
      const { report } = await runProgram<Cardinality>("many-labels.ts", { args: [observer, String(VALUES)], env });
      return report;
    });
    const figures = ({ recordUs, rssGrowthMib, scrapeMs, scrapeBytes, series }: Cardinality) =>
      figuresWithoutItems({
        rss_growth_mib: rssGrowthMib,
        record_us: Math.round(100 * recordUs) / 100,
        series,
        scrape_ms: scrapeMs,
        scrape_bytes: scrapeBytes,
      });
    const line = ({ series, rssGrowthMib, scrapeMs, scrapeBytes }: Cardinality): string =>
      `${series} series, RSS +${rssGrowthMib} MiB, scrape ${scrapeMs} ms, ${Math.round(scrapeBytes / 1024)} KiB`;
    return {
      runs: 1,
      figures: figures(ours),
      stock: figures(stock),
      checks: [
        check("series are bounded", ours.series <= MAX_SERIES, ours.series),
        check("memory is bounded", ours.rssGrowthMib <= MAX_RSS_GROWTH_MIB, ours.rssGrowthMib),
        check("what overflowed is counted", ours.overflow),
      ],
      headline: line(ours),
      stockHeadline: line(stock),
    };
  },
};

/** What the fixture tells. */
interface HostileReport {
  readonly threw: readonly string[];
  readonly dropped: object;
  readonly text: string;
  readonly polluted: boolean;
  readonly flows: { readonly flowsStarted: number; readonly flowsKept: number; readonly misuse: object };
}

/** Case 36. */
export const hostileValues: FaultCase = {
  id: "36",
  title: "5 MB texts, 10,000 attributes, depth 10,000, cycles, Proxies, throwing getters and toJSON, BigInt, Symbol",
  async run(context) {
    const sink = await startOtlpSink();
    try {
      const report = await startChild("hostile.ts", {
        env: {
          ...metricsEnv(context, sink.url),
          TELEMETRY_INSTRUMENT: "all",
          // Five megabytes at every place take a while on a machine that others use.
          TELEMETRY_SHUTDOWN_TIMEOUT_MS: "20000",
        },
      }).result<HostileReport>();
      const { threw, dropped, flows, polluted, text } = report;
      const longest = Math.max(...sink.bodies.map((body) => /x{4097,}/.exec(body)?.[0].length ?? 0));
      return {
        runs: 1,
        figures: figuresWithoutItems({
          throws: threw.length,
          flows: flows.flowsStarted,
          misuse: flows.misuse,
          dropped,
        }),
        stock: undefined,
        checks: [
          check("no call throws", threw.length === 0, threw.slice(0, 5)),
          check("no flow is lost", flows.flowsKept === flows.flowsStarted, flows),
          check("nothing is dropped", Object.keys(dropped).length === 0, dropped),
          check("no prototype is polluted", !polluted),
          check("values are cut at 4 KiB", longest <= 65_536, longest),
          check("/metrics can be read", parseExposition(text).size > 0),
        ],
        headline: `${threw.length} throws, ${flows.flowsStarted} flows, none lost; misuse counted by kind: ${Object.keys(flows.misuse).length}`,
        stockHeadline: "not measured",
      };
    } finally {
      await sink.close();
    }
  },
};
