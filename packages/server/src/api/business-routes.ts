// Business metrics, their totals, and what users do.
import { createRoute, z } from "@hono/zod-openapi";
import { integerParameter, rangeParameters, textParameter } from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["business"];
const text = z.string().nullable();
const amount = z.string().openapi({ description: "A decimal, exact.", example: "49.99" });
const timestamp = z
  .string()
  .openapi({ description: "UTC, six digits: text sorts as time.", example: "2026-11-20T00:00:00.000000Z" });

/** A business metric. */
const businessMetricSchema = z
  .object({
    event_id: z.int(),
    metric_name: z.string().openapi({ example: "daily_active_users" }),
    metric_category: text.openapi({ example: "user_engagement" }),
    metric_value: amount,
    metric_unit: z.string().openapi({ example: "usd" }),
    currency: text.openapi({ example: "USD" }),
    period_start: timestamp,
    period_end: timestamp.nullable(),
    period_type: text.openapi({ example: "daily" }),
    calculation_method: text.openapi({ example: "average" }),
    user_id: text,
    license_id: text,
    tags: z.unknown(),
    metric_timestamp: timestamp.openapi({ description: "When it was recorded." }),
  })
  .openapi("BusinessMetric");

/** `GET /api/telemetry/business-metrics` */
export const businessMetricsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/business-metrics",
  tags: TAGS,
  summary: "Business metrics, newest period first",
  description: "The range is of `period_start`.",
  request: {
    query: z.strictObject({
      ...rangeParameters,
      metric_name: textParameter("Only this metric.", "daily_active_users"),
      metric_category: textParameter("Only this category.", "revenue"),
      period_type: textParameter("Only periods of this kind.", "daily"),
      currency: textParameter("Only this currency.", "USD"),
      license_id: textParameter("Only this licence."),
      user_id: textParameter("Only this user."),
      limit: integerParameter(1, 10_000, 100, "At most so many."),
      offset: integerParameter(0, 1_000_000, 0, "So many of the newest are left out."),
    }),
  },
  responses: {
    200: {
      description: "Records.",
      content: {
        "application/json": { schema: z.object({ metrics: z.array(businessMetricSchema), count: z.int() }) },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/business-totals` */
export const businessTotalsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/business-totals",
  tags: TAGS,
  summary: "Business metrics summed by name, category, unit and currency",
  description: "Default: periods that began in the last 30 days. Nothing is summed across units or currencies.",
  request: { query: z.strictObject(rangeParameters) },
  responses: {
    200: {
      description: "Totals.",
      content: {
        "application/json": {
          schema: z.object({
            totals: z.array(
              z.object({
                metric_name: z.string(),
                metric_category: text,
                metric_unit: z.string(),
                currency: text,
                total_value: amount,
                records: z.int(),
                active_licenses: z.int(),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/user-activity` */
export const userActivityRoute = createRoute({
  method: "get",
  path: "/api/telemetry/user-activity",
  tags: TAGS,
  summary: "Events and users by hour and category",
  description: "Default: the last 24 hours. Newest hour first, then most events first.",
  request: { query: z.strictObject(rangeParameters) },
  responses: {
    200: {
      description: "A row for each hour and category that has events.",
      content: {
        "application/json": {
          schema: z.object({
            hours: z.array(
              z.object({
                hour: timestamp,
                event_category: text.openapi({ description: "Null: events without a category." }),
                event_count: z.int(),
                unique_users: z.int(),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
