// Case 31: values that are no numbers, to every instrument there is.
import { parseExposition } from "../../test/exposition.ts";
import { metricPoints } from "../../test/metric-points.ts";
import { startOtlpSink } from "../../test/otlp-sink.ts";
import type { ObserverName } from "../bot/observer.ts";
import { type CaseContext, check, type FaultCase, runBoth } from "../fault-case.ts";
import { figuresWithoutItems } from "../fault-figures.ts";
import { metricsEnv } from "../harness/metrics-env.ts";
import { runProgram } from "../harness/program-run.ts";

/** The case. */
export const poisonedValues: FaultCase = {
  id: "31",
  title: "NaN, infinities, -0, negative, texts and nothing to every instrument, then both routes",
  seconds: () => 10,
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
        metrics: ours.families.length,
        instruments: ours.instruments,
      }),
      stock: figuresWithoutItems(more(stock)),
      checks: [
        check(
          "no series is poisoned on /metrics, and none is new",
          ours.poisoned.length === 0,
          ours.poisoned.slice(0, 5),
        ),
        check("the same over OTLP", ours.poisonedPoints.length === 0, ours.poisonedPoints.slice(0, 5)),
        check("no call throws", ours.threw === 0, ours.threw),
        check("the good values are there", ours.families.length > MIN_METRICS, ours.families.length),
        check("of every metric on both routes", ours.withoutPoint.length === 0, ours.withoutPoint),
        check("what was refused is counted, of every metric", ours.withoutRefusal.length === 0, ours.withoutRefusal),
      ],
      headline: `${ours.poisoned.length + ours.poisonedPoints.length} poisoned series, ${ours.instruments} instruments, ${ours.threw} throws`,
      stockHeadline: `${stock.poisoned.length} of ${stock.series} series poisoned, ${stock.instruments} instruments`,
    };
  },
};

/** Tracebook's own metrics about itself are not among them: they are fed as well, and count what becomes of the others. */
const MIN_METRICS = 35;

interface Poisoning {
  readonly instruments: number;
  /** Of the clean run. */
  readonly series: number;
  readonly threw: number;
  /** Names of metrics; of these, those that did not arrive over OTLP, and those that do not say to have refused a value. */
  readonly families: readonly string[];
  readonly withoutPoint: readonly string[];
  readonly withoutRefusal: readonly string[];
  /** Series whose value is not what the good values alone make it, and such as the good values alone do not have. */
  readonly poisoned: readonly string[];
  readonly poisonedPoints: readonly string[];
}

/** What the process itself does changes from run to run. */
const OWN_LIFE = /^(tracebook_|process[._]|nodejs[._]|v8js[._]|system[._]|http[._]|target_info|otel_)|_created$/;

async function poison(context: CaseContext, observer: ObserverName): Promise<Poisoning> {
  const [clean, poisoned] = [await feed(context, observer, "no"), await feed(context, observer, "yes")];
  return {
    instruments: poisoned.instruments,
    series: clean.series.size,
    threw: poisoned.threw,
    families: clean.families,
    withoutPoint: clean.families.filter((name) => !clean.pointNames.has(name)),
    withoutRefusal: clean.families.filter((name) => !poisoned.refused.has(name)),
    poisoned: differences(clean.series, poisoned.series),
    poisonedPoints: differences(clean.points, poisoned.points),
  };
}

/** What one map has otherwise than the other, or alone. */
function differences(clean: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...clean.keys(), ...found.keys()]);
  return [...keys]
    .filter((key) => clean.get(key) !== found.get(key))
    .map((key) => `${key} is ${found.get(key) ?? "missing"}, not ${clean.get(key) ?? "missing"}`);
}

async function feed(context: CaseContext, observer: ObserverName, poisons: "yes" | "no") {
  const sink = await startOtlpSink();
  try {
    const env = observer === "stock" ? {} : metricsEnv(context, sink.url);
    const { report, lines } = await runProgram<{ instruments: number; text: string }>("poisoned.ts", {
      args: [observer, poisons],
      env,
    });
    const families = parseExposition(report.text);
    const samples = [...families.values()].flatMap((family) => family.samples);
    const points = metricPoints(sink.metrics);
    const refused = samples.filter(({ name, value }) => name === "tracebook_invalid_values_total" && value > 0);
    return {
      instruments: report.instruments,
      series: byKey(samples),
      points: byKey(points),
      families: [...families]
        .filter(([name, { samples: own }]) => !OWN_LIFE.test(name) && own.length > 0)
        .map(([name]) => name),
      pointNames: new Set(points.map(({ name }) => name)),
      refused: new Set(refused.map(({ labels }) => labels["metric"])),
      threw: lines.filter((line) => line.startsWith("threw ")).length,
    };
  } finally {
    await sink.close();
  }
}

/** Values by name and labels, each as a text that tells apart what `Object.is` does. */
function byKey(
  points: readonly { readonly name: string; readonly labels: object; readonly value: unknown }[],
): Map<string, string> {
  const own = points.filter(({ name }) => !OWN_LIFE.test(name));
  return new Map(own.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, exactText(value)]));
}

function exactText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(exactText).join(", ")}]`;
  return Object.is(value, -0) ? "-0" : String(value);
}
