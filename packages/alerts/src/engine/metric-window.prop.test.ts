// Windows of every condition, led as the engine leads them: compared at each instant with the plainest way to say what they hold.
import type { MetricSample } from "@tracebook/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertAggregation, MetricThreshold } from "../rules/alert-rule.ts";
import { parseAlertRule } from "../rules/parse-rule.ts";
import type { WindowValue } from "./exact-value.ts";
import { isOfMetric, sourceOf } from "./rule-source.ts";
import type { ValueWindow } from "./rule-window.ts";

const WINDOW_S = 6;
const REMEMBERED_S = 15;
const END = 60;
/** All values have three places at most: thousandths are whole. */
const THOUSAND = 1_000n;
const UNITS_OF_ONE = 10n ** 38n;

/** A sample, and the instant at which it comes: a second after it at the earliest. */
interface Arrival {
  readonly sample: MetricSample;
  readonly at: number;
}

const arrival: fc.Arbitrary<Arrival> = fc
  .record({
    metric: fc.constantFrom("open", "all"),
    host: fc.constantFrom("h1", "h2", "h3"),
    second: fc.integer({ min: 0, max: 35 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
    text: fc.constantFrom("0.1", "0.2", "0.3", "0", "-1.5", "2", "0.007"),
  })
  .map(({ metric, host, second, late, text }) => ({
    sample: sampleOf(metric, host, second, text),
    at: second + 1 + late,
  }));
const arrivals = fc.array(arrival, { maxLength: 40 });

const PLAIN: readonly AlertAggregation[] = ["avg", "sum", "min", "max", "count", "rate", "p50", "p90", "p95", "p99"];
const CASES: readonly (readonly [string, object])[] = [
  ...PLAIN.map((aggregation) => [aggregation, { aggregation }] as const),
  ...(["sum", "max", "min", "avg"] as const).map(
    (across) => [`${across} of the last values`, { aggregation: "last", across }] as const,
  ),
  ["sum of the last values, remembered", { aggregation: "last", remember_minutes: REMEMBERED_S / 60 }],
  ["values of either of two hosts", { aggregation: "sum", labels: { host: ["h3", "h1"] } }],
  ...[...PLAIN.slice(0, 6), "last" as const].map(
    (aggregation) => [`${aggregation} divided by another`, { aggregation, divided_by: { metric: "all" } }] as const,
  ),
  ["sum divided by that of fewer", { aggregation: "sum", divided_by: { metric: "open", labels: { host: "h1" } } }],
  [
    "last values, remembered, divided by others",
    {
      aggregation: "last",
      remember_minutes: REMEMBERED_S / 60,
      divided_by: { metric: "all", labels: { host: ["h1", "h2"] } },
    },
  ],
];

describe.each(["system_metric", "business_metric"])("a window of a %s", (source_type) => {
  test.each(CASES)("has at each instant the %s of what is in it, and changes only when it says so", (_, condition) => {
    const rule = parseAlertRule({
      ...{ rule_name: "Any", rule_type: "metric_threshold", source_type, severity: "info" },
      condition_config: {
        metric: "open",
        operator: ">",
        threshold: 1,
        time_window_minutes: WINDOW_S / 60,
        ...condition,
      },
    });
    if (rule.rule_type !== "metric_threshold") throw new TypeError("The rule is of another type.");
    const { condition_config } = rule;
    const { selector, createWindow } = sourceOf(rule);
    const isSelected = ({ sample }: Arrival) => selector.kind === "metric" && isOfMetric(selector, sample);
    fc.assert(
      fc.property(arrivals, (all) => {
        const selected = all.filter(isSelected);
        const window = createWindow() as ValueWindow;
        const led = lead(window, selected);
        for (let at = 1; at <= END; at++) {
          const held = selected.filter((one) => one.at <= at).map(({ sample }) => sample);
          expectValue(led[at], plainly(condition_config, held, at));
          expect(led[at]).toEqual(inOneGo(createWindow() as ValueWindow, held, at));
        }
        expect(window.isEmpty).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

test("values of a business metric are added, averaged and compared without rounding", () => {
  for (const aggregation of ["sum", "avg", "min", "max", "rate", "last"] as const) {
    const window = windowOf("business_metric", { aggregation });
    window.add(1, sampleOf("open", "h1", 1, "0.1"));
    window.add(1, sampleOf("open", "h2", 1, "0.2"));
    expect(typeof window.value()).toBe("object");
  }
});

test("where a sample is no decimal, all are doubles until it has left", () => {
  const window = windowOf("business_metric", { aggregation: "sum" });
  window.add(1, { ...sampleOf("open", "h1", 1, "1"), exact: null, value: 1e-50 });
  window.add(3, sampleOf("open", "h1", 3, "2"));
  expect(window.value()).toBe(2 + 1e-50);
  window.dropBefore(2);
  expect(window.value()).toEqual({ numerator: 2n * UNITS_OF_ONE, denominator: 1n });
});

test("a histogram has no newest value, and the window says so", () => {
  const window = windowOf("system_metric", { aggregation: "last" });
  window.add(1, { ...sampleOf("open", "h1", 1, "1"), buckets: { count: 1, bounds: [], counts: [1] } });
  expect(() => window.value()).toThrow(/open is a histogram/);
});

/** The value at each instant, looked at only when something came or the window's ages say so. */
function lead(window: ValueWindow, all: readonly Arrival[]): readonly (WindowValue | undefined)[] {
  const values: (WindowValue | undefined)[] = [window.value()];
  const wakes = new Set<number>();
  for (let at = 1; at <= END; at++) {
    const come = all.filter((one) => one.at === at && one.sample.second >= at - window.seconds);
    for (const { sample } of come)
      if (window.add(sample.second, sample)) for (const age of window.ages) wakes.add(sample.second + age + 1);
    if (come.length === 0 && !wakes.has(at)) values.push(values.at(-1));
    else {
      window.dropBefore(at - window.seconds);
      values.push(window.value());
    }
  }
  return values;
}

/** The same samples in another order, and all at once. */
function inOneGo(window: ValueWindow, held: readonly MetricSample[], at: number): WindowValue | undefined {
  for (const sample of [...held].reverse()) if (sample.second >= at - window.seconds) window.add(sample.second, sample);
  window.dropBefore(at - window.seconds);
  return window.value();
}

/** A value in thousandths over a denominator. */
type Fraction = readonly [numerator: bigint, denominator: bigint];

function plainly(condition: MetricThreshold, held: readonly MetricSample[], at: number): Fraction | undefined {
  const { metric, labels, aggregation, divided_by } = condition;
  const side = (match: Pick<MetricThreshold, "metric" | "labels">) =>
    sideOf(
      condition,
      held.filter(
        (one) =>
          one.metric === match.metric && (match.labels["host"] ?? ["h1", "h2", "h3"]).includes(one.labels["host"]!),
      ),
      at,
    );
  const dividend = side({ metric, labels });
  if (divided_by === undefined) return dividend;
  const divisor = side(divided_by);
  const isZero = aggregation === "sum" || aggregation === "rate" || aggregation === "count";
  const [a, b] = dividend ?? (isZero ? [0n, 1n] : []);
  if (a === undefined || b === undefined || divisor === undefined || divisor[0] === 0n) return undefined;
  return [a * divisor[1] * THOUSAND, b * divisor[0]];
}

function sideOf(
  { aggregation, across, remember_minutes }: MetricThreshold,
  samples: readonly MetricSample[],
  at: number,
): Fraction | undefined {
  const live = samples.filter(({ second }) => second >= at - WINDOW_S);
  const values = aggregation === "last" ? newestOf(live) : live.map(thousandthsOf);
  const sorted = values.sort(byValue);
  const count = BigInt(sorted.length);
  if (aggregation === "count") return [count * THOUSAND, 1n];
  if (count === 0n) {
    const isRemembered = remember_minutes !== undefined && samples.some(({ second }) => second >= at - REMEMBERED_S);
    return isRemembered ? [0n, 1n] : undefined;
  }
  const sum = sorted.reduce((all, one) => all + one, 0n);
  switch (aggregation === "last" ? across : aggregation) {
    case "sum":
      return [sum, 1n];
    case "avg":
      return [sum, count];
    case "rate":
      return [sum, BigInt(WINDOW_S)];
    case "min":
      return [sorted[0]!, 1n];
    case "max":
      return [sorted.at(-1)!, 1n];
    default: {
      // The smallest value that is not below so many in a hundred of them.
      const rank = Number(aggregation.slice(1));
      return [sorted.find((_, i) => (i + 1) * 100 >= rank * sorted.length)!, 1n];
    }
  }
}

/** Of each host the newest value, and of several in one second the greatest. */
function newestOf(samples: readonly MetricSample[]): bigint[] {
  return ["h1", "h2", "h3"].flatMap((host) => {
    const own = samples.filter(({ labels }) => labels["host"] === host);
    const newest = own.reduce((latest, { second }) => Math.max(latest, second), 0);
    const values = own.filter(({ second }) => second === newest).map(thousandthsOf);
    return values.length === 0 ? [] : [values.sort(byValue).at(-1)!];
  });
}

function expectValue(value: WindowValue | undefined, expected: Fraction | undefined): void {
  if (value === undefined || expected === undefined) return expect(value).toBe(expected);
  const [numerator, denominator] = expected;
  if (typeof value === "number") expect(value).toBeCloseTo(Number(numerator) / Number(denominator) / 1_000, 9);
  else expect(value.numerator * denominator * THOUSAND).toBe(numerator * value.denominator * UNITS_OF_ONE);
}

function windowOf(source_type: string, condition: object): ValueWindow {
  const rule = parseAlertRule({
    ...{ rule_name: "Any", rule_type: "metric_threshold", source_type, severity: "info" },
    condition_config: { metric: "open", operator: ">", threshold: 1, time_window_minutes: WINDOW_S / 60, ...condition },
  });
  return sourceOf(rule).createWindow() as ValueWindow;
}

function sampleOf(metric: string, host: string, second: number, text: string): MetricSample {
  const exact = host === "h2" ? null : text;
  return {
    source: "otlp",
    metric,
    unit: "1",
    labels: { host },
    second,
    value: Number(text),
    exact,
    buckets: null,
    percentiles: null,
  };
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function thousandthsOf({ value }: MetricSample): bigint {
  return BigInt(Math.round(value * 1_000));
}
