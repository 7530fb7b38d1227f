// PromQL from metric definitions: names and labels come from the definition, so that neither can drift.

import { growth as growthFromZero } from "../rules/rule.ts";
import { toWireName } from "../wire-names.ts";

/** What a query has to know of a metric: a definition of the catalogue, or a metric that someone else exports. */
export interface ReadMetric<Label extends string = string> {
  /** As OpenTelemetry names it (dots become underscores); several where versions of an exporter differ. */
  readonly name: string | readonly string[];
  readonly kind: "counter" | "gauge" | "histogram" | "updowncounter";
  readonly labels: readonly Label[];
}

/** A condition on a label: `=running`, `!=end_to_end`, `=~accepted|failed`, `!~test.*`. */
export type Matcher = `=${string}` | `!=${string}` | `=~${string}` | `!~${string}`;

/** Conditions by label. */
export type Where<Label extends string> = { readonly [name in Label]?: Matcher | readonly Matcher[] };

/** Labels to group by: those of the metric, and those Prometheus gives to every series. */
export type By<Label extends string> = Label | "job" | "instance";

/** Makes PromQL expressions that follow the variables of one dashboard. */
export interface Queries {
  /** `name{...}`, as it stands. */
  series<Label extends string>(metric: ReadMetric<Label>, where?: Where<Label>): string;
  /** A gauge summed up by labels. */
  level<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
  /** A gauge of which each process tells the same (the depth of a shared queue) or the worst counts (an age): its largest value. */
  largest<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
  /** A counter (of a histogram: its count) per second, by labels. */
  rate<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
  /** The same per minute: what happens a few times a minute reads badly per second. */
  perMinute<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
  /**
   * By how much it grew over the time range that the dashboard shows, or over another span. A series that is new (the first
   * rejected order) counts from 0, where `increase` would miss its first value.
   */
  growth<Label extends string>(
    metric: ReadMetric<Label>,
    by: readonly By<Label>[],
    where?: Where<Label>,
    span?: RangeSpan,
  ): string;
  /** A quantile (0 to 1) of a histogram, by labels; over the whole time range of the dashboard if asked. */
  quantile<Label extends string>(
    quantile: number,
    metric: ReadMetric<Label>,
    by: readonly By<Label>[],
    where?: Where<Label>,
    span?: RangeSpan,
  ): string;
  /** Observations per second in each bucket, for heatmaps. */
  buckets<Label extends string>(metric: ReadMetric<Label>, where?: Where<Label>): string;
  /** The sum of what was observed per second: seconds spent in a second. */
  spent<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
  /** The mean of what was observed, by labels, over the time range of the dashboard. */
  mean<Label extends string>(metric: ReadMetric<Label>, by: readonly By<Label>[], where?: Where<Label>): string;
}

/** Grafana's interval for rates, or the time range of the dashboard. */
export type RangeSpan = "$__rate_interval" | "$__range";

/**
 * Queries that are narrowed by the dashboard's variables: the `instance` variable for every metric of a service, and each of
 * `labels` (`symbol` by `$symbol`) where a metric has it. Metrics of `unscoped` come from elsewhere and are never narrowed.
 */
export function createQueries(labels: readonly string[], unscoped: ReadonlySet<unknown>): Queries {
  const scope = (metric: ReadMetric) =>
    unscoped.has(metric) ? [] : ["instance", ...labels.filter((label) => metric.labels.includes(label))];
  const series = (metric: ReadMetric, where: Where<string> = {}, part = ""): string => {
    const given = Object.entries(where).flatMap(([label, given]) =>
      [given ?? []].flat().map((one) => match(label, one)),
    );
    const variables = scope(metric).map((label) => `${toWireName(label)}=~"$${label}"`);
    return selector([metric.name].flat(), part, [...given, ...variables]);
  };
  const rate = (metric: ReadMetric, by: readonly string[], where?: Where<string>) =>
    sum(by, `rate(${series(metric, where, countPart(metric))}[$__rate_interval])`);
  return {
    series: (metric, where) => series(metric, where),
    level: (metric, by, where) => sum(by, series(metric, where)),
    largest: (metric, by, where) => aggregate("max", by, series(metric, where)),
    rate,
    perMinute: (metric, by, where) => `60 * ${rate(metric, by, where)}`,
    growth: (metric, by, where, span = "$__range") =>
      sum(by, growthFromZero(series(metric, where, countPart(metric)), span)),
    quantile: (quantile, metric, by, where, span = "$__rate_interval") =>
      `histogram_quantile(${quantile}, ${sum(["le", ...by], `rate(${series(metric, where, "_bucket")}[${span}])`)})`,
    buckets: (metric, where) => sum(["le"], `rate(${series(metric, where, "_bucket")}[$__rate_interval])`),
    spent: (metric, by, where) => sum(by, `rate(${series(metric, where, "_sum")}[$__rate_interval])`),
    mean(metric, by, where) {
      const [all, count] = ["_sum", "_count"].map((part) => `increase(${series(metric, where, part)}[$__range])`);
      return `${sum(by, `${all}`)} / ${sum(by, `${count}`)}`;
    },
  };
}

/** `a / b` where there is something to divide by; what is missing above the line counts as 0. */
export function ratio(part: string, whole: string): string {
  return `(${part} or vector(0)) / (${whole} > 0)`;
}

/** 0 as long as some process of the chosen services reports: "nothing was lost" is no answer when nobody is there. */
const ZERO = '0 * count(target_info{instance=~"$instance"})';

/** What was counted, or 0 where nothing was, since what never happened has no series. */
export function orZero(counted: string): string {
  return `${counted} or ${ZERO}`;
}

/** The same for counts by a label: one series, called `none`, where nothing was counted. */
export function orNone(counted: string, label: string, zero: string = ZERO): string {
  return `${counted} or on() label_replace(${zero}, "${label}", "none", "", "")`;
}

function countPart(metric: ReadMetric): string {
  if (metric.kind === "gauge") throw new TypeError(`${metric.name} is a gauge: it has no rate`);
  return metric.kind === "histogram" ? "_count" : "";
}

function sum(by: readonly string[], expression: string): string {
  return aggregate("sum", by, expression);
}

function aggregate(operator: "sum" | "max", by: readonly string[], expression: string): string {
  if (by.length === 0) return `${operator}(${expression})`;
  return `${operator} by (${by.map(toWireName).join(", ")}) (${expression})`;
}

function selector(names: readonly string[], part: string, matchers: readonly string[]): string {
  const full = names.map((name) => toWireName(name) + part);
  const all = full.length === 1 ? matchers : [`__name__=~"${full.join("|")}"`, ...matchers];
  return `${full.length === 1 ? full[0] : ""}${all.length === 0 ? "" : `{${all.join(",")}}`}`;
}

function match(label: string, matcher: Matcher): string {
  const [, operator, value] = /^(=~|!~|!=|=)(.*)$/s.exec(matcher) ?? [];
  if (operator === undefined || value === undefined) throw new TypeError(`${matcher} is no condition on ${label}`);
  return `${toWireName(label)}${operator}"${value.replace(/["\\]/g, "\\$&")}"`;
}
