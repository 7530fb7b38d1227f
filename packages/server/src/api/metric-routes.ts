// Metrics: names, one over time, and the latencies of stages.
import { createRoute, z } from "@hono/zod-openapi";
import { rangeParameters, stepParameter, textParameter } from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["metrics"];
const ms = z
  .number()
  .nullable()
  .openapi({ description: "Milliseconds, by interpolation within a bucket; null without values." });
const percentiles = { count: z.int(), mean_ms: ms, p50_ms: ms, p90_ms: ms, p95_ms: ms, p99_ms: ms };
const labels = z.record(z.string(), z.string());
const time = z.int().openapi({ description: "Where the slice begins, in seconds since 1970." });

/** `GET /api/telemetry/metrics` */
export const metricsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/metrics",
  tags: TAGS,
  summary: "The metrics there are",
  request: { query: z.strictObject(rangeParameters) },
  responses: {
    200: {
      description: "By name.",
      content: {
        "application/json": {
          schema: z.object({
            metrics: z.array(
              z.object({
                name: z.string(),
                type: z.string(),
                unit: z.string(),
                description: z.string(),
                series: z.int(),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/metrics/{name}` */
export const metricRoute = createRoute({
  method: "get",
  path: "/api/telemetry/metrics/{name}",
  tags: TAGS,
  summary: "One metric over time",
  description: "Sums: what came in each slice. Gauges: the last value in it. Histograms: percentiles of each slice.",
  request: {
    params: z.object({ name: z.string().min(1).max(255, "it must have at most 255 characters") }),
    query: z.strictObject({
      ...rangeParameters,
      step_seconds: stepParameter,
      label: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .transform((value) => (value === undefined ? [] : [value].flat()))
        .openapi({
          description: "`name:value`: only series that have it; may be repeated.",
          type: "array",
          items: { type: "string" },
        }),
    }),
  },
  responses: {
    200: {
      description: "Series.",
      content: {
        "application/json": {
          schema: z.object({
            name: z.string(),
            step_seconds: z.int(),
            numbers: z.array(
              z.object({
                labels,
                instance_id: z.string().nullable(),
                service_name: z.string().nullable(),
                type: z.enum(["gauge", "sum"]),
                unit: z.string(),
                slices: z.array(z.object({ time, value: z.number() })),
              }),
            ),
            histograms: z.array(
              z.object({
                labels,
                bounds: z.array(z.number()),
                slices: z.array(z.object({ time, count: z.int(), sum: z.number(), bucket_counts: z.array(z.int()) })),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/latency` */
export const latencyRoute = createRoute({
  method: "get",
  path: "/api/telemetry/latency",
  tags: TAGS,
  summary: "Percentiles of each stage of a flow, over the range and over time",
  request: {
    query: z.strictObject({
      ...rangeParameters,
      step_seconds: stepParameter,
      flow: textParameter("Which flow; without it the one with most.", "tick"),
    }),
  },
  responses: {
    200: {
      description: "Stages in their order, `end_to_end` last.",
      content: {
        "application/json": {
          schema: z.object({
            flows: z.array(z.object({ flow: z.string(), count: z.int() })),
            flow: z.string().nullable(),
            step_seconds: z.int(),
            bounds_ms: z.array(z.number()).openapi({ description: "Upper bounds of the buckets of all stages." }),
            stages: z.array(
              z.object({
                stage: z.string(),
                ...percentiles,
                bucket_counts: z.array(z.int()).openapi({ description: "One more than there are bounds." }),
                slices: z.array(z.object({ time, ...percentiles, bucket_counts: z.array(z.int()) })),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** What of the health route speaks of one signal that came in. */
export const signalCountsSchema = z
  .object({
    requests: z.int(),
    accepted: z.int().openapi({ description: "Log records, spans or data points that are stored, or were already." }),
    rejected: z.int(),
    refused_requests: z.record(z.string(), z.int()).openapi({ description: "Requests by why they were refused." }),
    last_received: z.string().nullable(),
  })
  .openapi("SignalCounts");
