// Records of metrics for tests: S4's examples.
import type { EventInput } from "../src/store-input.ts";
import { createEvent } from "./store-events.ts";

/** S4's gauge, but for what `data` says. */
export function createSystemMetric(seq: number, data: EventInput["data"] = {}, more: Partial<EventInput> = {}) {
  return createEvent({
    eventType: "system_metric",
    seq,
    symbol: undefined,
    data: {
      metric_name: "cpu_usage",
      metric_type: "gauge",
      service_name: "api",
      host_name: "server-01",
      metric_value: 85.5,
      metric_unit: "percentage",
      ...data,
    },
    ...more,
  });
}

/** S4's histogram. */
export const RESPONSE_TIME = {
  metric_name: "response_time",
  metric_type: "histogram",
  metric_value: 245,
  percentile_50: 150,
  percentile_90: 280,
  percentile_95: 350,
  percentile_99: 450,
  metric_unit: "milliseconds",
} as const;

/** S4's revenue of a user, but for what `data` says. */
export function createBusinessMetric(seq: number, data: EventInput["data"] = {}, more: Partial<EventInput> = {}) {
  return createEvent({
    eventType: "business_metric",
    seq,
    symbol: undefined,
    data: {
      metric_name: "revenue_per_user",
      metric_category: "revenue",
      metric_value: "49.99",
      metric_unit: "usd",
      currency: "USD",
      period_start: "2024-01-01T00:00:00Z",
      period_end: "2024-01-31T23:59:00Z",
      period_type: "monthly",
      calculation_method: "average",
      ...data,
    },
    ...more,
  });
}

/** S4's count of users of a day. */
export const DAILY_ACTIVE_USERS = {
  metric_name: "daily_active_users",
  metric_category: "user_engagement",
  license_id: "license-1",
  metric_value: "1250",
  metric_unit: "count",
  currency: null,
  period_start: "2024-01-01T00:00:00Z",
  period_end: "2024-01-01T23:59:00Z",
  period_type: "daily",
  calculation_method: null,
} as const;
