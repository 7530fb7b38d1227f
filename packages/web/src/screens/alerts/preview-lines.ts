// What a rule looks at as lines over time, one for each group, so that the threshold can be laid over them.
import type { Answer } from "../../api/client.ts";
import { groupValues, ratioOf, type SystemSeries } from "./preview-series.ts";
import type { PreviewMetric, PreviewSource } from "./preview-source.ts";

type EventSlices = Answer<"/api/telemetry/analytics/timeline">["slices"];
type BusinessRecord = Answer<"/api/telemetry/business-metrics">["metrics"][number];
type Labels = Readonly<Record<string, string>>;

/** A line of a group. */
export interface PreviewLine {
  /** Of the group; empty where the rule makes none. */
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

/** Lines over their times. */
export interface PreviewLines {
  readonly times: readonly number[];
  readonly lines: readonly PreviewLine[];
}

/** How many events of the type came in each slice; in a slice that is left out none did. */
export function eventLines(
  slices: EventSlices,
  { name, stepSeconds }: PreviewSource,
  from: number,
  to: number,
): PreviewLines {
  const counts = new Map(slices.map(({ time, counts: of }) => [time, Object.hasOwn(of, name) ? (of[name] ?? 0) : 0]));
  const times: number[] = [];
  for (let time = Math.floor(from / stepSeconds) * stepSeconds; time < to; time += stepSeconds) times.push(time);
  return { times, lines: [{ labels: {}, values: times.map((time) => counts.get(time) ?? 0) }] };
}

/** The values of the series that the rule means; `divisors`: those of the metric by which they are divided. */
export function systemLines(
  series: readonly SystemSeries[],
  divisors: readonly SystemSeries[],
  source: PreviewSource,
): PreviewLines {
  const groupsOf = (of: readonly SystemSeries[], metric: PreviewMetric) => {
    const wanted = of.filter((one) => isOfUnit(one, source) && hasLabels(systemLabels(one), metric.labels));
    const groups = groupsBy(wanted, systemLabels, source.by);
    return [...groups.values()].map(({ labels, members }) => ({ labels, values: groupValues(members, source) }));
  };
  const dividends = groupsOf(series, source);
  if (source.divisor === undefined) return together(dividends, ({ values }, time) => values.get(time) ?? null);
  const byKey = new Map(dividends.map((group) => [keyOf(group.labels, source.by), group.values]));
  return together(groupsOf(divisors, source.divisor), ({ labels, values }, time) =>
    ratioOf(byKey.get(keyOf(labels, source.by))?.get(time), values.get(time), source),
  );
}

/**
 * The records by the time of their recording; amounts as numbers, for drawing alone. Groups are recorded at times of their own: each holds
 * its value until the next one.
 */
export function businessLines(
  records: readonly BusinessRecord[],
  divisors: readonly BusinessRecord[],
  source: PreviewSource,
  from: number,
  to: number,
): PreviewLines {
  const groupsOf = (of: readonly BusinessRecord[], metric: PreviewMetric) => {
    const wanted = of.filter((one) => hasLabels(businessLabels(one), metric.labels));
    const groups = groupsBy(wanted, businessLabels, source.by);
    return [...groups.values()].map(({ labels, members }) => ({ labels, values: pointsOf(members, from, to) }));
  };
  const dividends = groupsOf(records, source);
  const divided = source.divisor === undefined ? undefined : groupsOf(divisors, source.divisor);
  const groups = divided ?? dividends;
  const all = [...dividends, ...(divided ?? [])].flatMap(({ values }) => [...values.keys()]);
  const times = [...new Set(all)].sort((a, b) => a - b);
  const byKey = new Map(dividends.map(({ labels, values }) => [keyOf(labels, source.by), held(values, times)]));
  return {
    times,
    lines: groups.map(({ labels, values }) => {
      const own = held(values, times);
      const dividend = byKey.get(keyOf(labels, source.by)) ?? [];
      const value = (i: number) =>
        divided === undefined ? (own[i] ?? null) : ratioOf(dividend[i] ?? undefined, own[i] ?? undefined, source);
      return { labels, values: times.map((_, i) => value(i)) };
    }),
  };
}

interface Group<T> {
  readonly labels: Labels;
  readonly members: T[];
}

function groupsBy<T>(all: readonly T[], labelsOf: (one: T) => Labels, by: readonly string[]): Map<string, Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const one of all) {
    const known = labelsOf(one);
    const labels = Object.fromEntries(by.map((name) => [name, Object.hasOwn(known, name) ? (known[name] ?? "") : ""]));
    const key = keyOf(labels, by);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, members: [one] });
    else group.members.push(one);
  }
  return groups;
}

/** Lines over all times at which one of the groups has a value. */
function together<T extends { readonly labels: Labels; readonly values: ReadonlyMap<number, number> }>(
  groups: readonly T[],
  valueAt: (group: T, time: number) => number | null,
): PreviewLines {
  const times = [...new Set(groups.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  return {
    times,
    lines: groups.map((group) => ({ labels: group.labels, values: times.map((time) => valueAt(group, time)) })),
  };
}

function pointsOf(records: readonly BusinessRecord[], from: number, to: number): ReadonlyMap<number, number> {
  const points = records
    .map(({ metric_timestamp: time, metric_value: value }) => [Date.parse(time) / 1_000, Number(value)] as const)
    .filter(([time]) => time >= from && time <= to);
  // They come newest first: of one moment the newest counts.
  return new Map(points.reverse());
}

function held(values: ReadonlyMap<number, number>, times: readonly number[]): readonly (number | null)[] {
  let last: number | null = null;
  return times.map((time) => {
    last = values.get(time) ?? last;
    return last;
  });
}

function isOfUnit({ metric_unit: is }: SystemSeries, { unit, divisor }: PreviewSource): boolean {
  // Of a ratio the unit is that of neither.
  return unit === undefined || divisor !== undefined || is === unit;
}

function systemLabels({ tags, service_name, host_name, instance_id, metric_type }: SystemSeries): Labels {
  return textsOf({ service_name, host_name, instance_id, metric_type, ...objectOf(tags) });
}

function businessLabels(record: BusinessRecord): Labels {
  const { metric_category, currency, period_type, user_id, license_id } = record;
  return textsOf({ ...objectOf(record.tags), metric_category, currency, period_type, user_id, license_id });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(values: Readonly<Record<string, unknown>>): Labels {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined && typeof value !== "object")
      .map(([name, value]) => [name, String(value)]),
  );
}

function hasLabels(known: Labels, labels: PreviewMetric["labels"]): boolean {
  // Labels that are not among these (those of the source) are the engine's to know: the line shows more then, never less.
  return Object.entries(labels).every(([name, value]) => {
    const wanted: readonly unknown[] = Array.isArray(value) ? value : [value];
    return !Object.hasOwn(known, name) || wanted.includes(known[name]);
  });
}

function keyOf(labels: Labels, by: readonly string[]): string {
  return JSON.stringify(by.map((name) => labels[name]));
}
