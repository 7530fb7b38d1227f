// Random records of metrics and events of users for tests: few values, so that they meet; numbers whose sums are exact in every order.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import type { EventData, EventInput } from "../src/store-input.ts";
import type { TimeRange } from "../src/store-queries.ts";
import type { BusinessMetricFilter, SystemMetricFilter } from "../src/stored-record.ts";
import { micros, range } from "./store-arbitraries.ts";

const NAMES = ["cpu_usage", "response_time", "%_\\'"] as const;
const SERVICES = ["api", "bot"] as const;
const HOSTS = ["server-01", "server-02"] as const;
const TYPES = ["counter", "gauge", "histogram", "timer"] as const;
const CATEGORIES = ["revenue", "user_engagement"] as const;
const LICENSES = ["license-1", "license-2", "license-3"] as const;
const USERS = ["user-1", "user-2", "__proto__"] as const;
const PERIODS = ["daily", "monthly"] as const;
const CURRENCIES = ["USD", "EUR"] as const;

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
/** Mostly missing: of a filter that has everything nothing is left. */
const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
/** Quarters: their sums are exact. */
const quarter = fc.integer({ min: -400, max: 4_000 }).map((value) => value / 4);
const tags = fc.constantFrom<EventData[string]>({ endpoint: "/orders" }, ["a", "b"], "plain");

const systemData = fc.record(
  {
    metric_name: oneOf(NAMES),
    metric_type: oneOf(TYPES),
    metric_value: quarter,
    metric_unit: fc.constantFrom("percentage", "milliseconds"),
    service_name: oneOf(SERVICES),
    host_name: oneOf(HOSTS),
    instance_id: fc.constantFrom("api-1", "api-2"),
    percentile_50: quarter,
    percentile_90: quarter,
    percentile_95: quarter,
    percentile_99: quarter,
    tags,
  },
  { requiredKeys: ["metric_name", "metric_type", "metric_value", "metric_unit"] },
);

const businessData = fc.record(
  {
    metric_name: fc.constantFrom("revenue_per_user", "daily_active_users"),
    metric_category: oneOf(CATEGORIES),
    metric_value: fc.integer({ min: -99_999, max: 999_999 }).map((value) => (value / 100).toFixed(2)),
    metric_unit: fc.constantFrom("usd", "count"),
    currency: oneOf(CURRENCIES),
    period_start: micros.map(toTimestamp),
    period_end: micros.map(toTimestamp),
    period_type: oneOf(PERIODS),
    calculation_method: fc.constantFrom("sum", "average"),
    user_id: oneOf(USERS),
    license_id: oneOf(LICENSES),
    tags,
  },
  { requiredKeys: ["metric_name", "metric_value", "metric_unit", "period_start"] },
);

const userData = fc.record(
  {
    event_name: fc.constantFrom("user_login", "GET_/orders"),
    event_category: fc.constantFrom("authentication", "processing"),
    user_id: oneOf(USERS),
    duration_ms: quarter,
  },
  { requiredKeys: ["event_name"] },
);

const kind = fc.oneof(
  fc.record({ eventType: fc.constant("system_metric"), data: systemData as fc.Arbitrary<EventData> }),
  fc.record({ eventType: fc.constant("business_metric"), data: businessData as fc.Arbitrary<EventData> }),
  fc.record({ eventType: fc.constantFrom("user_action", "api_event"), data: userData as fc.Arbitrary<EventData> }),
  fc.record({ eventType: fc.constant("scan_completed"), data: fc.constant<EventData>({ symbols_scanned: 3 }) }),
);

/** Events of two instances; records of the same number are the same record. */
export const recordEvents: fc.Arbitrary<EventInput[]> = fc.array(
  fc
    .tuple(
      kind,
      fc.record({
        timestamp: micros.map(toTimestamp),
        source: fc.constantFrom(
          { serviceName: "bot", instanceId: "i-1", hostName: "server-02" },
          { serviceName: "gateway", instanceId: "i-2" },
        ),
        seq: fc.integer({ min: 0, max: 60 }),
      }),
    )
    .map(([what, rest]) => ({
      ...rest,
      ...what,
      runId: undefined,
      symbol: undefined,
      traceId: undefined,
      spanId: undefined,
      severityNumber: 9,
    })),
  { maxLength: 60 },
);

/** Open more often than not. */
export const recordRange: fc.Arbitrary<TimeRange> = fc.oneof(fc.constant({}), range);

export const systemFilter: fc.Arbitrary<SystemMetricFilter> = fc
  .tuple(
    recordRange,
    fc.record({
      metricName: optional(oneOf(NAMES)),
      serviceName: optional(fc.constantFrom(...SERVICES, "gateway")),
      hostName: optional(oneOf(HOSTS)),
      metricType: optional(oneOf(TYPES)),
    }),
  )
  .map(([times, rest]) => ({ ...times, ...rest }));

export const businessFilter: fc.Arbitrary<BusinessMetricFilter> = fc
  .tuple(
    recordRange,
    fc.record({
      metricName: optional(fc.constant("revenue_per_user")),
      metricCategory: optional(oneOf(CATEGORIES)),
      licenseId: optional(oneOf(LICENSES)),
      userId: optional(oneOf(USERS)),
      periodType: optional(oneOf(PERIODS)),
      currency: optional(oneOf(CURRENCIES)),
    }),
  )
  .map(([times, rest]) => ({ ...times, ...rest }));
