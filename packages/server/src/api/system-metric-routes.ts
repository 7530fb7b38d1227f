// Metrics of services and machines as records: a list, one over time, the table of performance, and requests by route.
import { createRoute, z } from "@hono/zod-openapi";
import {
  choiceParameter,
  integerParameter,
  rangeParameters,
  requiredTextParameter,
  stepParameter,
  textParameter,
} from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["system metrics"];
const day = "Default: the last 24 hours.";
const name = z.string().nullable();
const number = z.number().nullable();
const tags = z.unknown().openapi({ description: "As the event has them; the labels of a metric that came by OTLP." });
const time = z.int().openapi({ description: "Where the slice begins, in seconds since 1970." });
const percentiles = {
  percentile_50: number,
  percentile_90: number,
  percentile_95: number,
  percentile_99: number,
};
const serviceParameter = textParameter("Only this service.", "api");
const hostParameter = textParameter("Only this host.", "server-01");

/** A system metric. */
const systemMetricSchema = z
  .object({
    metric_name: z.string().openapi({ example: "cpu_usage" }),
    metric_type: z.string().openapi({ description: "`counter`, `gauge`, `histogram` or `timer`.", example: "gauge" }),
    metric_value: z.number(),
    metric_unit: z.string().openapi({ example: "%" }),
    service_name: name,
    host_name: name,
    instance_id: name,
    ...percentiles,
    tags,
    metric_timestamp: z.string().openapi({ description: "UTC, six digits.", example: "2026-11-20T12:34:56.789012Z" }),
  })
  .openapi("SystemMetric");

/** `GET /api/telemetry/system-metrics` */
export const systemMetricsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/system-metrics",
  tags: TAGS,
  summary: "System metrics as records, newest first",
  description: `${day} Points that came by OTLP, one value a minute, and \`system_metric\` events.`,
  request: {
    query: z.strictObject({
      ...rangeParameters,
      metric_name: textParameter("Only this metric.", "cpu_usage"),
      service_name: serviceParameter,
      host_name: hostParameter,
      metric_type: choiceParameter(["counter", "gauge", "histogram", "timer"], "Only metrics of this type."),
      limit: integerParameter(1, 10_000, 100, "At most so many."),
      offset: integerParameter(0, 1_000_000, 0, "So many of the newest are left out."),
    }),
  },
  responses: {
    200: {
      description: "Records.",
      content: {
        "application/json": { schema: z.object({ metrics: z.array(systemMetricSchema), count: z.int() }) },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/system-metrics/timeline` */
export const systemTimelineRoute = createRoute({
  method: "get",
  path: "/api/telemetry/system-metrics/timeline",
  tags: TAGS,
  summary: "One system metric over time, by service, host and instance",
  description: `${day} Looks at no more than the newest 100,000 records.`,
  request: {
    query: z.strictObject({
      ...rangeParameters,
      metric_name: requiredTextParameter("Which metric.", "cpu_usage"),
      service_name: serviceParameter,
      host_name: hostParameter,
      step_seconds: stepParameter,
    }),
  },
  responses: {
    200: {
      description: "Series, those heard of last first; at most 50.",
      content: {
        "application/json": {
          schema: z.object({
            metric_name: z.string(),
            step_seconds: z.int(),
            series: z.array(
              z.object({
                service_name: name,
                host_name: name,
                instance_id: name,
                tags,
                metric_type: z.string(),
                metric_unit: z.string(),
                last_value: z.number(),
                last_timestamp: z.string(),
                slices: z.array(
                  z.object({ time, samples: z.int(), avg_value: z.number(), max_value: z.number(), ...percentiles }),
                ),
              }),
            ),
            series_left_out: z.int(),
            looked_back_to: z
              .string()
              .nullable()
              .openapi({ description: "The time back to which was looked; null: at all of the range." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/system-performance` */
export const systemPerformanceRoute = createRoute({
  method: "get",
  path: "/api/telemetry/system-performance",
  tags: TAGS,
  summary: "System metrics by service: average, largest value, 95th percentile",
  description: `${day} Largest average first.`,
  request: { query: z.strictObject({ ...rangeParameters, service_name: serviceParameter }) },
  responses: {
    200: {
      description: "A row for each service, metric and unit.",
      content: {
        "application/json": {
          schema: z.object({
            metrics: z.array(
              z.object({
                service_name: name,
                metric_name: z.string(),
                metric_unit: z.string(),
                samples: z.int(),
                avg_value: z.number(),
                max_value: z.number(),
                p95_value: z.number().openapi({
                  description: "The largest stored 95th percentile where there is one, else that of the values.",
                }),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/request-activity` */
export const requestActivityRoute = createRoute({
  method: "get",
  path: "/api/telemetry/request-activity",
  tags: TAGS,
  summary: "Requests by route: how many, how many failed, how long they took",
  description: `${day} Worked out of the newest 50,000 events of type \`api_event\`.`,
  request: {
    query: z.strictObject({
      ...rangeParameters,
      step_seconds: stepParameter,
      limit: integerParameter(1, 500, 50, "At most so many routes."),
    }),
  },
  responses: {
    200: {
      description: "Routes, most asked first.",
      content: {
        "application/json": {
          schema: z.object({
            requests: z.int(),
            routes: z.array(
              z.object({
                event_name: z.string().openapi({ example: "POST_/orders/:id" }),
                service_name: name,
                requests: z.int(),
                refused: z.int().openapi({ description: "Status 400 to 499." }),
                failed: z.int().openapi({ description: "Status 500 and above." }),
                p50_ms: number,
                p95_ms: number,
                max_ms: number,
              }),
            ),
            routes_left_out: z.int(),
            step_seconds: z.int(),
            slices: z.array(z.object({ time, requests: z.int(), refused: z.int(), failed: z.int() })),
            looked_back_to: z
              .string()
              .nullable()
              .openapi({ description: "The time back to which was looked; null: at all of the range." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
