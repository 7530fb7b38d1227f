// System and business figures that hosts know by name: recorded into a few metrics that carry the name as a label.
import type { Counter } from "./counter.ts";
import type { Gauge, GaugeValue } from "./gauge.ts";
import type { Histogram } from "./histogram.ts";

/** One sample of a system metric. */
export interface SystemMetric {
  readonly metricName: string;
  /** `counter`: the value is added; `gauge`: it replaces the last one; `histogram` and `timer`: it is a sample of a distribution. */
  readonly metricType: "counter" | "gauge" | "histogram" | "timer";
  readonly metricValue: number;
  /** A label; of a timer the unit of the value: `seconds` (default), `milliseconds`, `microseconds`, `s`, `ms`, `us`. */
  readonly metricUnit?: string | undefined;
}

/** One business figure of a period. Its period and licence belong on an event: as labels they would never end. */
export interface BusinessMetric {
  readonly metricName: string;
  readonly category?: string | undefined;
  readonly metricValue: GaugeValue;
  /** `daily`, `monthly`, ... */
  readonly periodType?: string | undefined;
  readonly currency?: string | undefined;
  readonly calculationMethod?: string | undefined;
}

/** The instruments that such figures are recorded with. */
export interface GenericInstruments {
  readonly systemCounter: Counter<"metric_name" | "unit">;
  readonly systemGauge: Gauge<"metric_name" | "unit">;
  readonly systemHistogram: Histogram<"metric_name" | "unit">;
  readonly systemTimer: Histogram<"metric_name">;
  readonly businessMetric: Gauge<"metric_name" | "category" | "period_type" | "currency" | "calculation_method">;
}

const SECONDS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["seconds", 1],
  ["s", 1],
  ["milliseconds", 1e-3],
  ["ms", 1e-3],
  ["microseconds", 1e-6],
  ["us", 1e-6],
]);

/** Records a sample of a system metric. A timer of a unit that is not known is refused and counted. Never throws. */
export function recordSystemMetric(instruments: GenericInstruments, metric: SystemMetric): void {
  try {
    const { metricName: metric_name, metricType, metricValue, metricUnit: unit } = metric;
    const labels = { metric_name, unit };
    if (metricType === "counter") instruments.systemCounter.add(metricValue, labels);
    else if (metricType === "gauge") instruments.systemGauge.set(metricValue, labels);
    else if (metricType === "histogram") instruments.systemHistogram.record(metricValue, labels);
    else if (metricType === "timer") {
      const secondsPerUnit = SECONDS_PER_UNIT.get(unit ?? "seconds") ?? Number.NaN;
      const isNumber = typeof metricValue === "number";
      instruments.systemTimer.record(isNumber ? metricValue * secondsPerUnit : Number.NaN, { metric_name });
    }
  } catch {
    // A getter or Proxy of the host's threw: there is nothing to record.
  }
}

/** Records a business figure. Never throws. */
export function recordBusinessMetric(instruments: GenericInstruments, metric: BusinessMetric): void {
  try {
    instruments.businessMetric.set(metric.metricValue, {
      metric_name: metric.metricName,
      category: metric.category,
      period_type: metric.periodType,
      currency: metric.currency,
      calculation_method: metric.calculationMethod,
    });
  } catch {
    // As above.
  }
}
