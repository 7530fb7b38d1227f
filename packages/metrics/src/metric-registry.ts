// The registry: makes each instrument once, collects them all, hands them to a foreign SDK.
import { SELF_METRICS } from "./catalogue/self.ts";
import { type Counter, CounterInstrument, type UpDownCounter, UpDownCounterInstrument } from "./counter.ts";
import { MetricsError, wholeNumberOption } from "./errors.ts";
import { type Gauge, GaugeInstrument } from "./gauge.ts";
import { type Histogram, HistogramInstrument } from "./histogram.ts";
import { type HealthCounters, InstrumentHealth } from "./instrument-health.ts";
import { MeterForwarding, type MeterLike } from "./meter-forwarding.ts";
import { defineMetric, type MetricDefinition, type MetricKind } from "./metric-definition.ts";
import { type MetricProblemListener, ProblemLog } from "./metric-problem.ts";
import type {
  CollectOptions,
  HistogramMetric,
  MetricReading,
  MetricSnapshot,
  ScalarMetric,
} from "./metric-snapshot.ts";
import type { CardinalityLimits } from "./series-index.ts";

/** Options of {@link createMetricRegistry}. */
export interface MetricRegistryOptions {
  /** Series a metric may have; further combinations are counted under `other`. 10 to 100000, default 1000. */
  readonly maxSeriesPerMetric?: number | undefined;
  /** Values a label may take; further ones are `other`. 1 to 10000, default 200. */
  readonly maxValuesPerLabel?: number | undefined;
  /** Hears once of each problem of each metric. */
  readonly onProblem?: MetricProblemListener | undefined;
  /** Wall-clock milliseconds since 1970. Default `Date.now`. */
  readonly nowEpochMs?: (() => number) | undefined;
}

/** Holds metrics in memory, whether telemetry is on or off. */
export interface MetricRegistry {
  /**
   * The instrument of a definition: made when first asked for, then the same one.
   *
   * @throws MetricsError `metric_conflict` when the name is taken by another kind or other labels; what {@link defineMetric} throws
   */
  counter<Label extends string>(definition: MetricDefinition<Label>): Counter<Label>;
  upDownCounter<Label extends string>(definition: MetricDefinition<Label>): UpDownCounter<Label>;
  gauge<Label extends string>(definition: MetricDefinition<Label>): Gauge<Label>;
  histogram<Label extends string>(definition: MetricDefinition<Label>): Histogram<Label>;
  /** Runs `observe` before each collection, to set gauges that are read and not told. Returns the way to stop that. */
  onCollect(observe: () => void): () => void;
  /** Tells `listener` of every problem, those of the past first, each code once a metric. Returns the way to stop that. */
  onProblem(listener: MetricProblemListener): () => void;
  /** All series, cumulative. Never throws. Cost: well under a millisecond for 1,000 series. */
  collect(options?: CollectOptions): MetricSnapshot;
  /** All metrics, also those without series, whose series are read one by one when the reader comes to them. Never throws. */
  read(options?: CollectOptions): readonly MetricReading[];
  /**
   * Feeds a meter of someone else's SDK: sums and gauges when it collects, histograms value by value from now on. One meter at
   * a time: a second one takes the place of the first. Returns the way to stop that.
   */
  forward(meter: MeterLike): () => void;
}

/** Any instrument of a registry. */
export type AnyInstrument =
  | CounterInstrument<string>
  | UpDownCounterInstrument<string>
  | GaugeInstrument<string>
  | HistogramInstrument<string>;

const MAX_METRICS = 1000;
const INSTRUMENTS = {
  counter: CounterInstrument,
  updowncounter: UpDownCounterInstrument,
  gauge: GaugeInstrument,
  histogram: HistogramInstrument,
} as const;

const SELF_NAMES: ReadonlySet<string> = new Set(Object.values(SELF_METRICS).map((metric) => metric.name));

/**
 * Makes an empty registry.
 *
 * @throws MetricsError `invalid_option`
 */
export function createMetricRegistry(options: MetricRegistryOptions = {}): MetricRegistry {
  return new Registry(options);
}

class Registry implements MetricRegistry {
  readonly #instruments = new Map<string, AnyInstrument>();
  readonly #problems = new ProblemLog();
  readonly #observers = new Set<() => void>();
  readonly #registryHealth = new InstrumentHealth("tracebook", this.#problems, undefined);
  readonly #limits: CardinalityLimits;
  readonly #nowEpochMs: () => number;
  readonly #startEpochMs: number;
  #forwarding: MeterForwarding | undefined;

  constructor(options: MetricRegistryOptions) {
    this.#limits = Object.freeze({
      maxSeriesPerMetric: wholeNumberOption("maxSeriesPerMetric", options.maxSeriesPerMetric, 1000, 10, 100_000),
      maxValuesPerLabel: wholeNumberOption("maxValuesPerLabel", options.maxValuesPerLabel, 200, 1, 10_000),
    });
    this.#nowEpochMs = options.nowEpochMs ?? Date.now;
    this.#startEpochMs = this.#nowEpochMs();
    if (options.onProblem !== undefined) this.#problems.listen(options.onProblem);
  }

  counter<Label extends string>(definition: MetricDefinition<Label>): Counter<Label> {
    return this.#instrument<Counter<Label>>("counter", definition);
  }

  upDownCounter<Label extends string>(definition: MetricDefinition<Label>): UpDownCounter<Label> {
    return this.#instrument<UpDownCounter<Label>>("updowncounter", definition);
  }

  gauge<Label extends string>(definition: MetricDefinition<Label>): Gauge<Label> {
    return this.#instrument<Gauge<Label>>("gauge", definition);
  }

  histogram<Label extends string>(definition: MetricDefinition<Label>): Histogram<Label> {
    return this.#instrument<Histogram<Label>>("histogram", definition);
  }

  onCollect(observe: () => void): () => void {
    this.#observers.add(observe);
    return () => this.#observers.delete(observe);
  }

  onProblem(listener: MetricProblemListener): () => void {
    return this.#problems.listen(listener);
  }

  collect(options: CollectOptions = {}): MetricSnapshot {
    const metrics: (ScalarMetric | HistogramMetric)[] = [];
    for (const reading of this.read(options)) {
      const metric = toMetric(reading);
      if (metric.points.length > 0) metrics.push(metric);
    }
    const startEpochMs = this.#startEpochMs;
    return { startEpochMs, timeEpochMs: Math.max(this.#nowEpochMs(), startEpochMs), metrics };
  }

  read(options: CollectOptions = {}): readonly MetricReading[] {
    this.#observe();
    return Array.from(this.#instruments.values(), (instrument) => toReading(instrument, options));
  }

  forward(meter: MeterLike): () => void {
    this.#forwarding?.stop();
    const forwarding = new MeterForwarding(meter, () => this.#observe(), this.#registryHealth);
    this.#forwarding = forwarding;
    for (const instrument of this.#instruments.values()) forwarding.add(instrument);
    return () => {
      forwarding.stop();
      if (this.#forwarding === forwarding) this.#forwarding = undefined;
    };
  }

  #observe(): void {
    for (const observe of this.#observers) {
      try {
        observe();
      } catch (error) {
        this.#registryHealth.failed("callback_failed", error);
      }
    }
  }

  /** `I` is the instrument of `kind`: the one place where the compiler has to take our word for it. */
  #instrument<I>(kind: MetricKind, definition: MetricDefinition): I {
    const known = this.#instruments.get(definition.name);
    if (known !== undefined) return sameOrThrow(known, kind, definition) as unknown as I;
    if (this.#instruments.size >= MAX_METRICS && !SELF_NAMES.has(definition.name)) {
      throw new MetricsError("too_many_metrics", `${definition.name} would be metric number ${MAX_METRICS + 1}.`);
    }
    const checked = defineMetric<string>(definition);
    if (checked.kind !== kind) {
      throw new MetricsError("metric_conflict", `${checked.name} is defined as a ${checked.kind}, not a ${kind}.`);
    }
    const health = new InstrumentHealth(checked.name, this.#problems, this.#healthCounters(checked.name));
    const made = new INSTRUMENTS[kind](checked, this.#limits, health);
    this.#instruments.set(checked.name, made);
    this.#forwarding?.add(made);
    return made as unknown as I;
  }

  /** Bound when something goes wrong for the first time. The library's own metrics are not counted in themselves: that would not end. */
  #healthCounters(metric: string): HealthCounters | undefined {
    if (SELF_NAMES.has(metric)) return undefined;
    const counter = (definition: MetricDefinition<"metric">) => () => this.counter(definition).bind({ metric });
    return {
      invalidValues: counter(SELF_METRICS.telemetryInvalidValues),
      labelOverflow: counter(SELF_METRICS.telemetryLabelOverflow),
      unknownLabels: counter(SELF_METRICS.telemetryUnknownLabels),
    };
  }
}

function sameOrThrow(known: AnyInstrument, kind: MetricKind, definition: MetricDefinition): AnyInstrument {
  const { name, labels } = known.definition;
  if (known.definition.kind !== kind || labels.join() !== definition.labels.join()) {
    const is = `a ${known.definition.kind} with the labels ${labels.join(", ") || "none"}`;
    throw new MetricsError("metric_conflict", `${name} is already ${is}.`);
  }
  return known;
}

function toReading(instrument: AnyInstrument, options: CollectOptions): MetricReading {
  const { definition } = instrument;
  const size = { definition, size: instrument.seriesCount };
  if (instrument instanceof HistogramInstrument)
    return { type: "histogram", ...size, pointAt: (series) => instrument.pointAt(series, options) };
  return { type: "scalar", ...size, pointAt: (series) => instrument.pointAt(series) };
}

function toMetric(reading: MetricReading): ScalarMetric | HistogramMetric {
  const { definition } = reading;
  if (reading.type === "histogram") return { type: "histogram", definition, points: pointsOf(reading) };
  return { type: "scalar", definition, points: pointsOf(reading) };
}

function pointsOf<Point>(reading: { readonly size: number; pointAt(series: number): Point | undefined }): Point[] {
  const points: Point[] = [];
  for (let series = 0; series < reading.size; series++) {
    const point = reading.pointAt(series);
    if (point !== undefined) points.push(point);
  }
  return points;
}
