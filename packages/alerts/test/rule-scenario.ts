// Series of metrics as a scenario has them, written into a store and as input of `promtool test rules`: the same for both.
import type { MetricDefinition } from "@tracebook/metrics";
import type { MetricPointInput } from "@tracebook/store";
import { stringify } from "yaml";

/** Between two points of a series. */
export const STEP_S = 30;

/** A series: its labels as a rule names them, and its points from the beginning on. */
export interface ScenarioSeries {
  readonly metric: MetricDefinition;
  readonly labels: { readonly service_name: string; readonly instance_id: string; readonly [label: string]: string };
  /** A level; of a counter what came since the point before; of a histogram that for each bucket. Undefined: no point. */
  readonly points: readonly (number | readonly number[] | undefined)[];
}

/** What happens, and what must come of it. */
export interface Scenario {
  readonly rule: string;
  readonly what: string;
  readonly series: readonly ScenarioSeries[];
  /** Seconds from the beginning, with the labels of each alert that fires then, as a rule names them. */
  readonly firing: readonly (readonly [second: number, alerts: readonly { readonly [label: string]: string }[]])[];
}

/** An alert as Prometheus must have it. */
export interface ExpectedAlert {
  readonly exp_labels: { readonly [label: string]: string };
}

/** The points for a store; the beginning is the second `start`. */
export function toPoints(series: readonly ScenarioSeries[], start: number): readonly MetricPointInput[] {
  return series.flatMap((one) => {
    const { service_name: serviceName, instance_id: instanceId, ...labels } = one.labels;
    const { name, unit, bounds = [], kind } = one.metric;
    const total = new Total();
    return one.points.flatMap((point, i): readonly MetricPointInput[] => {
      if (point === undefined) return [];
      const frame = {
        source: { serviceName, instanceId },
        ...{ name, unit, labels, description: "" },
        startMicros: start * 1e6,
        timeMicros: (start + i * STEP_S) * 1e6,
        isCumulative: true,
      };
      if (kind !== "histogram")
        return [
          {
            ...frame,
            type: kind === "counter" ? "sum" : "gauge",
            isMonotonic: kind === "counter",
            value: kind === "counter" ? total.add([point as number])[0]! : (point as number),
          },
        ];
      const bucketCounts = total.add(point as readonly number[]);
      const count = bucketCounts.reduce((sum, one) => sum + one, 0);
      return [{ ...frame, type: "histogram", count, sum: count, bounds, bucketCounts }];
    });
  });
}

/** The file of tests for the rule file beside it. `toAlert` says what Prometheus calls an alert of a scenario. */
export function toPromtoolTests(
  scenarios: readonly Scenario[],
  toAlert: (rule: string, labels: { readonly [label: string]: string }) => ExpectedAlert,
): string {
  const tests = scenarios.map(({ rule, what, series, firing }) => ({
    name: `${rule}: ${what}`,
    interval: `${STEP_S}s`,
    input_series: series.flatMap(toInputSeries),
    alert_rule_test: firing.map(([second, alerts]) => ({
      eval_time: `${second}s`,
      alertname: rule,
      exp_alerts: alerts.map((labels) => toAlert(rule, labels)),
    })),
  }));
  return stringify(
    { rule_files: ["rules.yml"], evaluation_interval: `${STEP_S}s`, tests },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function toInputSeries({ metric, labels, points }: ScenarioSeries): readonly { series: string; values: string }[] {
  const { service_name: job, instance_id: instance, ...others } = labels;
  const write = (name: string, more: object, values: readonly (number | undefined)[]) => ({
    series: `${name}{${Object.entries({ job, instance, ...others, ...more })
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      .join(", ")}}`,
    values: values.map((value) => value ?? "_").join(" "),
  });
  if (metric.kind === "histogram") {
    const { bounds = [] } = metric;
    const total = new Total();
    const rows = points.map((point) => total.add(point as readonly number[]));
    return [...bounds.map(String), "+Inf"].map((le, i) =>
      write(
        `${metric.name}_bucket`,
        { le },
        rows.map((row) => row.slice(0, i + 1).reduce((sum, one) => sum + one, 0)),
      ),
    );
  }
  const total = new Total();
  const values = points.map((point) =>
    point === undefined || metric.kind !== "counter" ? (point as number | undefined) : total.add([point as number])[0],
  );
  return [write(metric.name, {}, values)];
}

/** Adds up what came, place by place. */
class Total {
  #counts: readonly number[] = [];

  add(counts: readonly number[]): readonly number[] {
    this.#counts = counts.map((count, i) => count + (this.#counts[i] ?? 0));
    return this.#counts;
  }
}
