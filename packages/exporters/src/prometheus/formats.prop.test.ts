// What is exposed reads back as what the registry holds, in all three formats, whatever labels, texts and numbers are in it.
import { createMetricRegistry, type HistogramMetric, type MetricRegistry, type ScalarMetric } from "@tracebook/metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMetricFamilies } from "../../test/metric-family-protobuf.ts";
import { parseStrictly, type StrictFamily } from "../../test/strict-exposition.ts";
import { planFamilies } from "./family-plan.ts";
import { createLabelNames } from "./label-names.ts";
import type { MetricFamily } from "./metric-family.ts";
import { toMetricName } from "./prometheus-names.ts";
import { writeProtobuf } from "./protobuf-format.ts";
import { registryCandidates } from "./registry-families.ts";
import { writeText } from "./text-format.ts";

const ORIGIN = { trace0: 1, trace1: -2, trace2: 3, trace3: -4, span0: 5, span1: -6 };
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    'a"} 1\nevil',
    "\\",
    "\\n",
    "\n",
    '"',
    "\r\n",
    "\u2028",
    "\u0000",
    "\u001b[31m",
    "\ud800",
    "# EOF",
    "",
  ),
);
const bounds = fc
  .uniqueArray(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 12 })
  .map((values) => values.map((value) => value + 0).sort((a, b) => a - b));
const metric = fc.record({
  kind: fc.constantFrom("counter", "gauge", "updowncounter", "histogram"),
  stem: fc.stringMatching(/^[a-z][a-z_.]{0,8}$/),
  suffix: fc.constantFrom("", "_total", "_seconds", "_usd_total", "_count", "_bucket"),
  unit: fc.constantFrom("s", "{USD}", "1", "By"),
  help: anyText,
  labels: fc.uniqueArray(fc.constantFrom("a", "a.b", "a_b", "x", "__name", "1".repeat(3)), { maxLength: 3 }),
  bounds,
  series: fc.array(
    fc.record({
      values: fc.array(anyText, { maxLength: 3 }),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }),
      samples: fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 8 }),
    }),
    { maxLength: 4 },
  ),
});
type Metric = typeof metric extends fc.Arbitrary<infer T> ? T : never;

function fill(registry: MetricRegistry, { kind, stem, suffix, series, bounds: limits, ...about }: Metric): void {
  const labels = about.labels.filter((label) => /^[a-z]/.test(label));
  const definition = { ...about, labels, name: stem + suffix };
  for (const { values, number, samples } of series)
    switch (kind) {
      case "counter":
        registry
          .counter({ ...definition, kind })
          .bindValues(values)
          .add(Math.abs(number));
        break;
      case "gauge":
        registry
          .gauge({ ...definition, kind })
          .bindValues(values)
          .set(number);
        break;
      case "updowncounter":
        registry
          .upDownCounter({ ...definition, kind })
          .bindValues(values)
          .add(number);
        break;
      default: {
        const bound = registry.histogram({ ...definition, kind: "histogram", bounds: limits }).bindValues(values);
        for (const value of samples) {
          bound.record(value);
          bound.noteExemplar(value, 1_700_000_000_123.5, ORIGIN);
        }
      }
    }
}

/** The registry of the metrics, those left out that another of the same name or suffix is in the way of. */
function registryOf(metrics: readonly Metric[]): MetricRegistry {
  const registry = createMetricRegistry();
  const seen = new Set<string>();
  for (const one of metrics) {
    if (seen.has(one.stem + one.suffix)) continue;
    seen.add(one.stem + one.suffix);
    fill(registry, one);
  }
  return registry;
}

function familiesOf(registry: MetricRegistry): MetricFamily[] {
  const options = { exemplars: true, histogramAggregation: "base2_exponential_bucket_histogram" } as const;
  return planFamilies(registryCandidates(registry.read(options), createLabelNames()), [], () => {});
}

function textOf(families: readonly MetricFamily[], isOpenMetrics: boolean): string {
  const pieces = [...writeText(families, isOpenMetrics)].filter((piece) => piece !== undefined);
  return Buffer.concat(pieces).toString("utf8");
}

/** What a family ought to read back as: its points by the registry's own snapshot. */
function snapshotOf(registry: MetricRegistry, family: MetricFamily): ScalarMetric | HistogramMetric {
  const all = registry.collect({ histogramAggregation: "base2_exponential_bucket_histogram" }).metrics;
  // The first one has the name.
  return all.find(({ definition }) => toMetricName(definition.name) === family.name)!;
}

const filled = (labels: Readonly<Record<string, string>>): string[] =>
  Object.values(labels).map((value) => value.toWellFormed());

describe("every format", () => {
  it.each([
    ["Prometheus text", false],
    ["OpenMetrics text", true],
  ])("%s reads back, strictly, as what was recorded", (_name, isOpenMetrics) => {
    fc.assert(
      fc.property(fc.array(metric, { maxLength: 6 }), (metrics) => {
        const registry = registryOf(metrics);
        const families = familiesOf(registry);
        const read = parseStrictly(textOf(families, isOpenMetrics), isOpenMetrics);
        const written = families.filter(({ size, pointAt }) => size > 0 && pointAt(0) !== undefined);
        expect(read.size).toBe(written.length);
        for (const family of written) checkFamily(registry, family, read, isOpenMetrics);
      }),
      { numRuns: 300 },
    );
  });

  it("protobuf reads back as what was recorded, with native buckets beside the classic ones", () => {
    fc.assert(
      fc.property(fc.array(metric, { maxLength: 6 }), (metrics) => {
        const registry = registryOf(metrics);
        const families = familiesOf(registry);
        const pieces = [...writeProtobuf(families)].filter((piece) => piece !== undefined);
        const read = readMetricFamilies(Buffer.concat(pieces));
        expect(read.map(({ name }) => name)).toEqual(families.map(({ name }) => name));
        for (const [i, family] of families.entries()) {
          const wanted = snapshotOf(registry, family);
          const { metrics: got, help } = read[i]!;
          expect(help).toBe(wanted.definition.help.toWellFormed());
          expect(got).toHaveLength(wanted.points.length);
          for (const [at, point] of wanted.points.entries()) {
            const one = got[at]!;
            if ("value" in point) {
              expect(one.value).toBe(point.value);
              continue;
            }
            const { count, sum, buckets, positive, zeroCount, schema } = one.histogram!;
            expect([count, sum]).toEqual([point.count, point.sum]);
            expect(buckets.map(({ bound }) => bound)).toEqual([...point.bounds, Infinity]);
            expect(buckets.at(-1)?.cumulative).toBe(count);
            expect([schema, zeroCount]).toEqual([point.exponential?.scale, point.exponential?.zeroCount]);
            expect([...positive.values()].reduce((a, b) => a + b, zeroCount)).toBe(count);
            for (const [b, { bound, exemplar }] of buckets.entries()) {
              if (exemplar === undefined) continue;
              expect(exemplar.value).toBeLessThanOrEqual(bound);
              if (b > 0) expect(exemplar.value).toBeGreaterThan(buckets[b - 1]!.bound);
              expect(exemplar.labels["trace_id"]).toBe("00000001fffffffe00000003fffffffc");
              expect(exemplar.timeMs).toBe(1_700_000_000_123.5);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function checkFamily(
  registry: MetricRegistry,
  family: MetricFamily,
  read: Map<string, StrictFamily>,
  isOpenMetrics: boolean,
): void {
  const wanted = snapshotOf(registry, family);
  const name = isOpenMetrics && family.isOpenMetricsCounter ? family.name.replace(/_total$/, "") : family.name;
  const got = read.get(name)!;
  expect(got.help).toBe(wanted.definition.help.toWellFormed());
  if (!isOpenMetrics) expect(got.type).toBe(family.type);
  const samples = got.samples.filter((sample) => !sample.name.endsWith("_bucket") || family.type !== "histogram");
  const sums = family.type === "histogram" ? samples.filter((sample) => sample.name.endsWith("_sum")) : samples;
  expect(sums.map(({ value }) => value)).toEqual(
    wanted.points.map((point) => ("value" in point ? point.value : point.sum)),
  );
  if (wanted.definition.labels.includes("a.b") && wanted.definition.labels.includes("a_b")) return;
  for (const [i, { labels }] of sums.entries()) expect(Object.values(labels)).toEqual(filled(wanted.points[i]!.labels));
}
