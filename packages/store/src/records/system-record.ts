// An event `system_metric` as the row that each store keeps of it.
import { textOf } from "../sqlite/signal-fields.ts";
import type { EventInput, JsonValue } from "../store-input.ts";

/** The event type. */
export const SYSTEM_METRIC = "system_metric";

/** What a store keeps of it, whether its event is still there or not. */
export interface SystemRecord {
  readonly metricName: string;
  readonly metricType: string;
  readonly metricValue: number;
  readonly metricUnit: string;
  /** Of the event, else of its source. */
  readonly serviceName: string | null;
  readonly hostName: string | null;
  readonly instanceId: string | null;
  /** The 50th, 90th, 95th and 99th. */
  readonly percentiles: readonly [number | null, number | null, number | null, number | null];
  readonly tags: JsonValue;
  readonly metricTimestamp: string;
}

const TYPES: ReadonlySet<string> = new Set(["counter", "gauge", "histogram", "timer"]);

/** The record of an event `system_metric`; undefined where it has no name or no value: it is an event like any other then. */
export function systemRecordOf({ data, source, timestamp }: EventInput): SystemRecord | undefined {
  const metricName = textOf(data["metric_name"]) ?? "";
  const metricValue = numberOf(data["metric_value"]);
  if (metricName === "" || metricValue === null) return undefined;
  const metricType = textOf(data["metric_type"])?.toLowerCase() ?? "";
  return {
    metricName,
    metricType: TYPES.has(metricType) ? metricType : "gauge",
    metricValue,
    metricUnit: textOf(data["metric_unit"]) ?? "",
    serviceName: textOf(data["service_name"]) || textOf(source.serviceName) || null,
    hostName: textOf(data["host_name"]) || textOf(source.hostName) || null,
    instanceId: textOf(data["instance_id"]) || textOf(source.instanceId) || null,
    percentiles: [
      numberOf(data["percentile_50"]),
      numberOf(data["percentile_90"]),
      numberOf(data["percentile_95"]),
      numberOf(data["percentile_99"]),
    ],
    tags: data["tags"] ?? null,
    metricTimestamp: timestamp,
  };
}

/** A number, or the text of one; never -0, which not every database knows. */
function numberOf(value: JsonValue | undefined): number | null {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return null;
  const number = Number(value) + 0;
  return Number.isFinite(number) ? number : null;
}
