// Writes points of metrics, each as what came since the point before, whatever its series counts from.
import { createHash } from "node:crypto";
import { toColumn } from "../../sqlite/column-text.ts";
import { FLOW_OUTCOMES } from "../../sqlite/metric-writer.ts";
import { type Increase, increaseOf, isLevel, isOld, type SeriesState } from "../../sqlite/series-state.ts";
import type { MetricPointInput } from "../../store-input.ts";
import type { Connection } from "../connection.ts";
import { insertSurely } from "./sure-insert.ts";
import type { Written } from "./write-queue.ts";

/** Of more series there is no state to tell what came from what was there: their points are refused. */
const MAX_SERIES = 20_000;
/** Hex digits of a series' number, below 2^53. */
const ID_DIGITS = 13;
const POINT_COLUMNS = [
  "series",
  "name",
  "labels",
  "instance_id",
  "ServiceName",
  "time_micros",
  "value",
  "amount",
  "bucket_counts",
];
const SERIES_COLUMNS = [
  "id",
  "name",
  "labels_json",
  "type",
  "unit",
  "description",
  "instance_id",
  "ServiceName",
  "host_name",
  "bounds",
  "last_start_micros",
  "last_time_micros",
  "last_value",
  "last_counts",
  "version",
];

interface Series extends SeriesState {
  readonly id: number;
  readonly name: string;
  readonly labels: string;
  readonly type: string;
  readonly unit: string;
  readonly description: string;
  readonly instanceId: string;
  readonly serviceName: string;
  readonly hostName: string;
  readonly bounds: readonly number[];
}

type SeriesRow = readonly [
  ...texts: [string, string, string, string, string, string, string, string, string],
  bounds: number[],
  start: string,
  time: string,
  value: number,
  counts: number[],
];

/** The one writer of points of a store: it alone knows where each series stood. */
export class MetricWriter {
  readonly #connection: Connection;
  #series: Map<number, Series> | undefined;
  #version = 0;
  #refused = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Points that were refused since it was made. */
  get refused(): number {
    return this.#refused;
  }

  /** Cost: some 10 us a point here, and two inserts. */
  async write(requests: readonly (readonly MetricPointInput[])[]): Promise<readonly Written[]> {
    this.#series ??= await this.#load();
    const known = this.#series;
    const rows: unknown[][] = [];
    const changed = new Set<number>();
    try {
      const done = requests.map((points) => {
        let written = 0;
        let refused = 0;
        let message: string | undefined;
        for (const point of points) {
          const series = seriesOf(known, point);
          if (series === undefined) {
            refused++;
            message ??= `${JSON.stringify(point.name)} has series beyond the ${MAX_SERIES} that a store keeps: their points are left out.`;
          } else if (series.timeMicros === 0 || !isOld(series, point)) {
            rows.push(toRow(point, series));
            changed.add(series.id);
            move(series, point);
            written++;
          }
        }
        return { written, refused, message };
      });
      await this.#insert(
        rows,
        [...changed].map((id) => known.get(id)!),
      );
      for (const { refused } of done) this.#refused += refused;
      return done;
    } catch (error) {
      // What of it is there, the database knows.
      this.#series = undefined;
      throw error;
    }
  }

  async #insert(rows: readonly (readonly unknown[])[], changed: readonly Series[]): Promise<void> {
    await insertSurely(this.#connection, { table: "metric_points", columns: POINT_COLUMNS, rows });
    this.#version = Math.max(this.#version + 1, Date.now());
    await insertSurely(this.#connection, {
      table: "metric_series",
      columns: SERIES_COLUMNS,
      rows: changed.map((one) => [
        one.id,
        one.name,
        one.labels,
        one.type,
        one.unit,
        one.description,
        one.instanceId,
        one.serviceName,
        one.hostName,
        one.bounds,
        one.startMicros,
        one.timeMicros,
        one.value,
        one.counts ?? [],
        this.#version,
      ]),
    });
  }

  async #load(): Promise<Map<number, Series>> {
    const rows = await this.#connection.lists(
      `SELECT ${SERIES_COLUMNS.slice(0, -1).join(", ")} FROM metric_series FINAL`,
    );
    return new Map(
      (rows as unknown as readonly SeriesRow[]).map((row) => {
        const [
          id,
          name,
          labels,
          type,
          unit,
          description,
          instanceId,
          serviceName,
          hostName,
          bounds,
          start,
          time,
          value,
          counts,
        ] = row;
        const fixed = {
          id: Number(id),
          name,
          labels,
          type,
          unit,
          description,
          instanceId,
          serviceName,
          hostName,
          bounds,
        };
        const state = { startMicros: Number(start), timeMicros: Number(time), value: Number(value) };
        return [Number(id), { ...fixed, ...state, counts: counts.length === 0 ? undefined : counts }];
      }),
    );
  }
}

/** Undefined for a series that would be one too many. One that comes with other bounds begins anew. */
function seriesOf(known: Map<number, Series>, point: MetricPointInput): Series | undefined {
  const { source } = point;
  const name = toColumn(point.name);
  const labels = JSON.stringify(Object.fromEntries(Object.entries(point.labels).sort(byName)));
  const instanceId = toColumn(source.instanceId);
  const serviceName = toColumn(source.serviceName);
  const hostName = toColumn(source.hostName ?? "");
  const instance = instanceId === "" ? `service:${serviceName}` : instanceId;
  const first = idOf(name, labels, instance);
  // An id need only be unique within its service: one that is a host's name is that of every service there.
  const service = known.get(first)?.serviceName ?? "";
  const isOther = service !== "" && serviceName !== "" && service !== serviceName;
  const id = isOther ? idOf(name, labels, `${instance}\u001f${serviceName}`) : first;
  const bounds = point.type === "histogram" ? point.bounds : [];
  const found = known.get(id);
  if (found !== undefined && isSameList(found.bounds, bounds)) return found;
  if (found === undefined && known.size >= MAX_SERIES) return undefined;
  const { unit, description } = found ?? { unit: toColumn(point.unit), description: toColumn(point.description) };
  const fixed = {
    id,
    name,
    labels,
    type: isLevel(point) ? "gauge" : point.type,
    unit,
    description,
    instanceId,
    serviceName,
    hostName,
    bounds,
  };
  const series: Series = { ...fixed, startMicros: 0, timeMicros: 0, value: 0, counts: undefined };
  known.set(id, series);
  return series;
}

function toRow(point: MetricPointInput, series: Series): unknown[] {
  const increase: Increase = isLevel(point)
    ? { value: point.value, count: undefined, counts: undefined }
    : increaseOf(series.timeMicros === 0 ? undefined : series, point);
  const isFlow = series.name === FLOW_OUTCOMES;
  return [
    series.id,
    series.name,
    isFlow ? point.labels : {},
    series.instanceId,
    series.serviceName,
    point.timeMicros,
    increase.value,
    toCount(isFlow ? increase.value : (increase.count ?? 0)),
    (increase.counts ?? []).map(toCount),
  ];
}

function move(series: Series, point: MetricPointInput): void {
  series.startMicros = point.startMicros;
  series.timeMicros = point.timeMicros;
  series.value = point.type === "histogram" ? point.sum : point.value;
  series.counts = point.type === "histogram" ? point.bucketCounts : undefined;
}

function idOf(...parts: readonly string[]): number {
  const hash = createHash("sha256").update(parts.join("\0")).digest("hex");
  return Number.parseInt(hash.slice(0, ID_DIGITS), 16);
}

/** A whole number that a column can hold: anybody may send a counter of half a flow, or of 10^300. */
function toCount(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), Number.MAX_SAFE_INTEGER);
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((value, i) => value === other[i]));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
