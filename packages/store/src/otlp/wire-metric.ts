// Metrics in protobuf: Metric and what holds its points, of opentelemetry-proto 1.x, metrics.proto.
import type { MetricPointInput } from "../store-input.ts";
import type { ItemGroup } from "./item-group.ts";
import type { ItemList } from "./item-list.ts";
import { type MetricHead, PointDraft } from "./point-draft.ts";
import { forEachMessage } from "./wire-messages.ts";
import { readExponentialPoint, readHistogramPoint, readNumberPoint } from "./wire-point.ts";
import type { WireReader } from "./wire-reader.ts";
import type { WireItemReader } from "./wire-request.ts";

const NAME = 0x0a;
const DESCRIPTION = 0x12;
const UNIT = 0x1a;
const GAUGE = 0x2a;
const SUM = 0x3a;
const HISTOGRAM = 0x4a;
const EXPONENTIAL_HISTOGRAM = 0x52;
const SUMMARY = 0x5a;
/** Gauge, Sum, Histogram, ExponentialHistogram, Summary: the same numbers in all that have the field. */
const POINTS = 0x0a;
const TEMPORALITY = 0x10;
const IS_MONOTONIC = 0x18;

type MutableHead = { -readonly [Key in keyof MetricHead]: MetricHead[Key] };

/** What kind of metric it is by the field that holds its points. */
const KINDS: ReadonlyMap<number, MetricHead["type"]> = new Map([
  [GAUGE, "gauge"],
  [SUM, "sum"],
  [HISTOGRAM, "histogram"],
  [EXPONENTIAL_HISTOGRAM, "exponential_histogram"],
  [SUMMARY, "summary"],
]);

/** Makes the reader of metrics: an item is a point. */
export function createWireMetricReader(list: ItemList<MetricPointInput>): WireItemReader {
  const draft = new PointDraft(list.settings);
  return (reader, end, group) => {
    const start = reader.at;
    const head = readHead(reader, end, group);
    reader.at = start;
    while (reader.at < end) {
      const tag = reader.tag();
      const type = KINDS.get(tag);
      if (type === undefined) reader.skip(tag, end);
      else readPoints(reader, reader.enter(end), { ...head, type }, draft, list);
    }
  };
}

function readHead(reader: WireReader, end: number, { source }: ItemGroup): MutableHead {
  const head: MutableHead = {
    source,
    name: "",
    unit: "",
    description: "",
    type: "gauge",
    isMonotonic: false,
    isCumulative: false,
  };
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === NAME) head.name = reader.text(end);
    else if (tag === DESCRIPTION) head.description = reader.text(end);
    else if (tag === UNIT) head.unit = reader.text(end);
    else reader.skip(tag, end);
  }
  reader.close(end);
  return head;
}

function readPoints(
  reader: WireReader,
  end: number,
  head: MutableHead,
  draft: PointDraft,
  list: ItemList<MetricPointInput>,
): void {
  const { maxDepth } = list.settings;
  const start = reader.at;
  readAggregation(reader, end, head);
  reader.at = start;
  forEachMessage(reader, end, POINTS, (pointEnd) => {
    list.begin();
    draft.clear();
    if (head.type === "gauge" || head.type === "sum") readNumberPoint(reader, pointEnd, draft, maxDepth);
    else if (head.type === "histogram") readHistogramPoint(reader, pointEnd, draft, maxDepth);
    else if (head.type === "exponential_histogram") readExponentialPoint(reader, pointEnd, draft, maxDepth);
    else reader.at = pointEnd;
    list.addOrReject(draft.toInput(head));
  });
}

/** How the points are to be added up; it stands behind them. */
function readAggregation(reader: WireReader, end: number, head: MutableHead): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === TEMPORALITY && head.type !== "gauge") head.isCumulative = reader.int32() === 2;
    else if (tag === IS_MONOTONIC && head.type === "sum") head.isMonotonic = reader.bool();
    else reader.skip(tag, end);
  }
  reader.close(end);
}
