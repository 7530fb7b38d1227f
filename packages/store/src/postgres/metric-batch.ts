// What points of metrics change: series, minutes and flow outcomes, worked out from what is there.
import { FLOW_OUTCOMES } from "../sqlite/metric-writer.ts";
import { increaseOf, isLevel, isOld, type SeriesState } from "../sqlite/series-state.ts";
import type { MetricPointInput } from "../store-input.ts";

/** A series as it is known to the database, and as the batch leaves it. */
export interface BatchSeries extends SeriesState {
  /** Undefined: it is new. */
  id: number | undefined;
  readonly instance: number;
  readonly name: string;
  readonly labels: string;
  type: string;
  unit: string;
  description: string;
  bounds: string | null;
  /** It has had no point, or none with these bounds. */
  isNew: boolean;
  isChanged: boolean;
}

/** A minute of a series. */
export interface BatchMinute {
  readonly series: BatchSeries;
  readonly bucket: number;
  value: number;
  count: number | null;
  counts: readonly number[] | null;
}

/** A point by itself: a level, or what came since the last point of its series. */
export interface BatchSample {
  readonly series: BatchSeries;
  readonly timeMicros: number;
  readonly value: number;
  readonly count: number | null;
  readonly counts: readonly number[] | null;
}

/** Outcomes of flows in a minute. */
export interface BatchFlows {
  readonly bucket: number;
  readonly keys: readonly string[];
  count: number;
}

const MINUTE_S = 60;

/** What a batch changes. */
export class MetricBatch {
  readonly series = new Map<string, BatchSeries>();
  readonly minutes = new Map<string, BatchMinute>();
  readonly flows = new Map<string, BatchFlows>();
  /** In the order of the points. */
  readonly samples: BatchSample[] = [];

  /** The minute of a point, by the key of its series. */
  static minuteKey(seriesKey: string, point: MetricPointInput): string {
    return `${seriesKey}\0${bucketOf(point)}`;
  }

  /** Adds a point of a series that is in {@link series}; false when it is there already. */
  add(seriesKey: string, point: MetricPointInput): boolean {
    const series = this.series.get(seriesKey)!;
    const bounds = point.type === "histogram" ? JSON.stringify(point.bounds) : null;
    if (series.bounds !== bounds) beginAgain(series, bounds, point);
    if (!series.isNew && isOld(series, point)) return false;
    const minute = this.#minuteOf(seriesKey, series, point);
    if (isLevel(point)) this.#setLevel(minute, series, point);
    else this.#increase(minute, series, point);
    series.startMicros = point.startMicros;
    series.timeMicros = point.timeMicros;
    series.value = point.type === "histogram" ? point.sum : point.value;
    series.counts = point.type === "histogram" ? point.bucketCounts : undefined;
    series.isNew = false;
    series.isChanged = true;
    return true;
  }

  #setLevel(
    minute: BatchMinute,
    series: BatchSeries,
    { value, timeMicros }: MetricPointInput & { value: number },
  ): void {
    minute.value = value;
    this.samples.push({ series, timeMicros, value, count: null, counts: null });
  }

  #increase(minute: BatchMinute, series: BatchSeries, point: MetricPointInput): void {
    const { value, count, counts } = increaseOf(series.isNew ? undefined : series, point);
    const { timeMicros } = point;
    this.samples.push({
      series,
      timeMicros,
      value,
      count: count === undefined ? null : toCount(count),
      counts: counts ?? null,
    });
    minute.value += value;
    if (count !== undefined) minute.count = toCount((minute.count ?? 0) + count);
    if (counts !== undefined)
      minute.counts =
        minute.counts?.length === counts.length ? counts.map((one, i) => one + minute.counts![i]!) : counts;
    if (point.name === FLOW_OUTCOMES && value !== 0) this.#countFlow(minute.bucket, point, toCount(value));
  }

  #minuteOf(seriesKey: string, series: BatchSeries, point: MetricPointInput): BatchMinute {
    const key = MetricBatch.minuteKey(seriesKey, point);
    let minute = this.minutes.get(key);
    if (minute === undefined) {
      minute = { series, bucket: bucketOf(point), value: 0, count: null, counts: null };
      this.minutes.set(key, minute);
    }
    return minute;
  }

  #countFlow(bucket: number, { labels }: MetricPointInput, count: number): void {
    const { flow = "", stage = "", reason_code: reason = "", strategy = "", symbol = "" } = labels;
    const keys = [flow, stage, reason, strategy, symbol];
    const key = JSON.stringify([bucket, ...keys]);
    const flows = this.flows.get(key);
    if (flows === undefined) this.flows.set(key, { bucket, keys, count });
    else flows.count = toCount(flows.count + count);
  }
}

/** The second at which the minute of a point begins. */
function bucketOf({ timeMicros }: MetricPointInput): number {
  const second = Math.floor(timeMicros / 1e6);
  return second - (second % MINUTE_S);
}

function beginAgain(series: BatchSeries, bounds: string | null, point: MetricPointInput): void {
  Object.assign(series, { bounds, type: typeOf(point), isNew: true, counts: undefined });
}

/** A sum that may fall is a level: whoever reads it must not add it up. */
export function typeOf(point: MetricPointInput): string {
  return isLevel(point) ? "gauge" : point.type;
}

/** A whole number that a column can hold: anybody may send a counter of half a flow, or of 10^300. */
function toCount(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), Number.MAX_SAFE_INTEGER);
}
