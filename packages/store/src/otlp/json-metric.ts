// Metrics in OTLP/JSON.
import type { MetricPointInput } from "../store-input.ts";
import type { ItemList } from "./item-list.ts";
import { TEMPORALITIES } from "./json-enums.ts";
import { readExponentialPoint, readHistogramPoint, readNumberPoint, readPoint } from "./json-point.ts";
import { type JsonField, type JsonObject, type JsonReader, jsonField } from "./json-reader.ts";
import type { JsonItemReader, JsonLists } from "./json-request.ts";
import { type MetricHead, PointDraft } from "./point-draft.ts";

const NAME = jsonField("name");
const UNIT = jsonField("unit");
const DESCRIPTION = jsonField("description");
const POINTS = jsonField("dataPoints");
const TEMPORALITY = jsonField("aggregationTemporality");
const IS_MONOTONIC = jsonField("isMonotonic");
const CUMULATIVE = 2;

/** How the points of each kind are read. */
const KINDS: readonly {
  readonly type: MetricHead["type"];
  readonly field: JsonField;
  readonly read: (reader: JsonReader, point: JsonObject, draft: PointDraft) => void;
}[] = [
  { type: "gauge", field: jsonField("gauge"), read: readNumberPoint },
  { type: "sum", field: jsonField("sum"), read: readNumberPoint },
  { type: "histogram", field: jsonField("histogram"), read: readHistogramPoint },
  { type: "exponential_histogram", field: jsonField("exponentialHistogram"), read: readExponentialPoint },
  { type: "summary", field: jsonField("summary"), read: () => {} },
];

/** The lists of a request of metrics. */
export const JSON_METRIC_LISTS: JsonLists = Object.freeze({
  resources: jsonField("resourceMetrics"),
  scopes: jsonField("scopeMetrics"),
  items: jsonField("metrics"),
});

/** Makes the reader of metrics: an item is a point. */
export function createJsonMetricReader(list: ItemList<MetricPointInput>): JsonItemReader {
  const { maxDepth } = list.settings;
  const draft = new PointDraft(list.settings);
  return (reader, metric, { source }) => {
    const texts = {
      name: reader.text(metric, NAME),
      unit: reader.text(metric, UNIT),
      description: reader.text(metric, DESCRIPTION),
    };
    for (const { type, field, read } of KINDS)
      reader.in(metric, field, (data) => {
        const isCumulative = type !== "gauge" && reader.int32(data, TEMPORALITY, TEMPORALITIES) === CUMULATIVE;
        const isMonotonic = type === "sum" && reader.bool(data, IS_MONOTONIC);
        const head = { source, ...texts, type, isMonotonic, isCumulative };
        reader.forEach(data, POINTS, (point) => {
          list.begin();
          draft.clear();
          if (type !== "summary") readPoint(reader, point, draft, maxDepth);
          read(reader, point, draft);
          list.addOrReject(draft.toInput(head));
        });
      });
  };
}
