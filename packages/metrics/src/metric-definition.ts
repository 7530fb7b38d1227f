// What a metric is, as data: name, unit, kind, labels, help.
import { MetricsError, quoteValue } from "./errors.ts";

/** How values of a metric add up: `counter` only rises, `updowncounter` is a sum that may fall, `gauge` is the last value. */
export type MetricKind = "counter" | "gauge" | "histogram" | "updowncounter";

/** A metric, defined once. Everything that names it (instruments, exporters, docs, dashboards, rules) reads this. */
export interface MetricDefinition<Label extends string = string> {
  /** As it stands on the wire. */
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM: `s`, `By`, `1`, `%`; what is counted in braces: `{trade}`, `{USD}`. */
  readonly unit: string;
  /** The names of its labels, in the order in which positional values are given. */
  readonly labels: readonly Label[];
  /** One sentence for people. */
  readonly help: string;
  /** Upper bounds of a histogram's buckets, inclusive and rising; the last bucket (to infinity) is implied. */
  readonly bounds?: readonly number[];
  /** The row of the feature list that asks for it; users' own have none. */
  readonly feature?: number;
  /** Who records it: this library, or an instrumentation of OpenTelemetry whose metric is catalogued for docs and dashboards. */
  readonly recordedBy?: "instrumentation";
}

/** A label value; it becomes text of at most 128 characters. Undefined and null become the empty text, objects `other`. */
export type LabelValue = string | number | boolean | bigint | null | undefined;

/** Values for the labels of a metric, by name; a name left out is the empty text. */
export type Labels<Label extends string = string> = { readonly [name in Label]?: LabelValue };

const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,127}$/;
const KINDS: ReadonlySet<unknown> = new Set(["counter", "gauge", "histogram", "updowncounter"] satisfies MetricKind[]);
/** Identifiers that are new with every trade, user or request: each value would be a series of its own. */
const UNBOUNDED =
  /^(?:(?:client_|exchange_)?order|trade|fill|signal|event|message|user|session|license|request|trace|span|run|transaction|tx)_?(?:id|hash)$|^(?:uuid|timestamp|email|ip|source_ip|url)$/i;
const MAX_LABELS = 12;
/** The first bucket of a value is looked up in a table of bytes. */
const MAX_BOUNDS = 254;

/**
 * Declares a metric of your own; use it with `registry.counter(definition)` and the like.
 *
 * @example
 * const fundingPaid = defineMetric({ name: "funding_paid_usd_total", kind: "counter", unit: "{USD}", labels: ["symbol"], help: "Funding paid." });
 * @throws MetricsError `invalid_metric_name`, `invalid_metric_definition`, `unbounded_label` (a label such as `order_id`)
 */
export function defineMetric<const Label extends string>(definition: MetricDefinition<Label>): MetricDefinition<Label> {
  const { name, kind, unit, labels, help, bounds } = definition;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new MetricsError("invalid_metric_name", `The metric name is ${quoteValue(name)}.`);
  }
  if (!KINDS.has(kind)) throw invalid(name, "kind", kind, "counter, gauge, histogram or updowncounter");
  if (typeof unit !== "string" || unit.length > 63)
    throw invalid(name, "unit", unit, "a UCUM unit such as s, By, 1 or {trade}");
  if (typeof help !== "string" || help.length > 1024) throw invalid(name, "help", help, "one sentence");
  checkLabels(name, labels);
  if (bounds !== undefined) checkBounds(name, kind, bounds);
  return Object.freeze({
    ...definition,
    labels: Object.freeze([...labels]),
    ...(bounds === undefined ? undefined : { bounds: Object.freeze([...bounds]) }),
  });
}

function checkLabels(name: string, labels: unknown): void {
  if (!Array.isArray(labels) || labels.length > MAX_LABELS || new Set(labels).size !== labels.length) {
    throw invalid(name, "labels", labels, `at most ${MAX_LABELS} different names`);
  }
  for (const label of labels) {
    if (typeof label !== "string" || !NAME.test(label) || label === "le" || label === "quantile") {
      throw invalid(name, "labels", label, "names of letters, digits, underscores and dots; le and quantile are taken");
    }
    if (UNBOUNDED.test(label)) throw new MetricsError("unbounded_label", `${name} has the label ${quoteValue(label)}.`);
  }
}

function checkBounds(name: string, kind: MetricKind, bounds: unknown): void {
  const isRising =
    Array.isArray(bounds) &&
    bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 ? bound >= 0 : bound > bounds[i - 1]));
  if (kind !== "histogram" || !isRising || bounds.length > MAX_BOUNDS) {
    throw invalid(
      name,
      "bounds",
      bounds,
      `for histograms only: at most ${MAX_BOUNDS} rising finite numbers, none below 0`,
    );
  }
}

function invalid(name: string, field: string, value: unknown, wanted: string): MetricsError {
  return new MetricsError("invalid_metric_definition", `${name}: ${field} is ${quoteValue(value)}, not ${wanted}.`);
}
