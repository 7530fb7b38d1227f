// An event `business_metric` as the row that each store keeps of it.
import { parseTimestamp, toTimestamp } from "@tracebook/core";
import { textOf } from "../sqlite/signal-fields.ts";
import type { EventInput, JsonValue } from "../store-input.ts";
import { toDecimalText } from "./decimal-text.ts";

/** The event type. */
export const BUSINESS_METRIC = "business_metric";

/** What a store keeps of it, whether its event is still there or not. */
export interface BusinessRecord {
  readonly metricName: string;
  readonly metricCategory: string | null;
  /** Exact, in plain notation, of at most 38 digits before the point and behind it. */
  readonly metricValue: string;
  readonly metricUnit: string;
  readonly currency: string | null;
  /** `2026-11-20T00:00:00.000000Z`. */
  readonly periodStart: string;
  readonly periodEnd: string | null;
  readonly periodType: string | null;
  readonly calculationMethod: string | null;
  readonly userId: string | null;
  readonly licenseId: string | null;
  readonly tags: JsonValue;
  readonly metricTimestamp: string;
}

/** With or without its time, its second and its zone: without one it is UTC. */
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d(?:\.\d{1,9})?))?)?(Z|[+-]\d\d:\d\d)?$/;
const TIMESTAMP_LENGTH = "2026-11-20T12:34:56.789012Z".length;

/**
 * The record of an event `business_metric`; undefined where it has no name, no value that is a decimal, or no period that can be read: it is
 * an event like any other then.
 */
export function businessRecordOf({ data, timestamp }: EventInput): BusinessRecord | undefined {
  const metricName = textOf(data["metric_name"]) ?? "";
  const metricValue = toDecimalText(data["metric_value"]);
  const periodStart = instantOf(data["period_start"]);
  if (metricName === "" || metricValue === undefined || periodStart === undefined) return undefined;
  return {
    metricName,
    metricCategory: textOf(data["metric_category"]) || null,
    metricValue,
    metricUnit: textOf(data["metric_unit"]) ?? "",
    currency: textOf(data["currency"]) || null,
    periodStart,
    periodEnd: instantOf(data["period_end"]) ?? null,
    periodType: textOf(data["period_type"]) || null,
    calculationMethod: textOf(data["calculation_method"]) || null,
    userId: textOf(data["user_id"]) || null,
    licenseId: textOf(data["license_id"]) || null,
    tags: data["tags"] ?? null,
    metricTimestamp: timestamp,
  };
}

/** A time as it sorts; undefined for what is none, the 30th of February among it. */
function instantOf(value: JsonValue | undefined): string | undefined {
  const match = typeof value === "string" ? INSTANT.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, date = "", minute = "00:00", second = "00", zone = "Z"] = match;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return undefined;
  const micros = parseTimestamp(`${date}T${minute}:${second}${zone}`);
  const text = micros === undefined ? "" : toTimestamp(micros);
  return text.length === TIMESTAMP_LENGTH ? text : undefined;
}
