// Totals: tiles, summary, reasons, scores, symbols, and all of it over time.
import { createRoute, z } from "@hono/zod-openapi";
import { timeRangeSchema } from "./event-schemas.ts";
import {
  choiceParameter,
  integerParameter,
  rangeParameters,
  stepParameter,
  symbolParameter,
} from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["analytics"];
const rate = z.number().openapi({ description: "Percent, 0 to 100; 0 when there is nothing to divide.", example: 40 });
const day = "Default: the last 24 hours.";

/** `GET /api/telemetry/analytics` */
export const analyticsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics",
  tags: TAGS,
  summary: "The four tiles and why signals were rejected",
  description: day,
  request: { query: z.strictObject(rangeParameters) },
  responses: {
    200: {
      description: "Totals of the range.",
      content: {
        "application/json": {
          schema: z.object({
            metrics: z.object({
              total_scans: z.int().openapi({ description: "Completed scans." }),
              total_signals_generated: z.int(),
              total_signals_rejected: z.int(),
              total_errors: z.int(),
              signal_success_rate: rate,
            }),
            rejection_breakdown: z
              .record(z.string(), z.int())
              .openapi({ description: "Rejected signals by the reason as the event words it, most first." }),
            time_range: timeRangeSchema,
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** Totals of one range. */
const summarySchema = z
  .object({
    time_range: timeRangeSchema,
    scans: z.object({ total: z.int() }),
    signals: z.object({ total: z.int(), generated: z.int(), rejected: z.int(), signal_rate: rate }),
    errors: z.object({ total: z.int() }),
    decisions: z.object({ total: z.int(), accepted: z.int(), rejected: z.int(), accept_rate: rate }),
    orders: z.object({ requested: z.int(), results: z.int() }),
    events: z.object({ total: z.int() }),
  })
  .openapi("Summary");

/** `GET /api/telemetry/analytics/summary` */
export const summaryRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics/summary",
  tags: TAGS,
  summary: "Totals, and those of the range before it",
  description: `${day} With seven days and \`compare=previous\` it is week against week.`,
  request: {
    query: z.strictObject({
      ...rangeParameters,
      symbol: symbolParameter,
      compare: choiceParameter(["previous", "none"], "`previous`: the range of the same length before; default none."),
    }),
  },
  responses: {
    200: {
      description: "Totals.",
      content: {
        "application/json": {
          schema: summarySchema.extend({ previous: summarySchema.nullable() }).openapi("SummaryComparison"),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/analytics/rejections` */
export const rejectionsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics/rejections",
  tags: TAGS,
  summary: "Why signals were rejected, most first",
  description: day,
  request: {
    query: z.strictObject({
      ...rangeParameters,
      symbol: symbolParameter,
      limit: integerParameter(1, 1_000, 10, "At most so many reasons."),
    }),
  },
  responses: {
    200: {
      description: "Reasons.",
      content: {
        "application/json": {
          schema: z.object({
            total: z.int().openapi({ description: "Rejected signals, those of reasons left out included." }),
            rejections: z.array(
              z.object({ reason: z.string(), reason_code: z.string(), count: z.int(), percentage: rate }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/analytics/confidence` */
export const confidenceRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics/confidence",
  tags: TAGS,
  summary: "The scores of generated signals",
  description: day,
  request: { query: z.strictObject({ ...rangeParameters, symbol: symbolParameter }) },
  responses: {
    200: {
      description: "Mean and distribution.",
      content: {
        "application/json": {
          schema: z.object({
            count: z.int(),
            avg: z.number().nullable(),
            buckets: z.array(z.object({ from: z.number(), to: z.number(), count: z.int() })),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/analytics/symbols` */
export const symbolsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics/symbols",
  tags: TAGS,
  summary: "How each symbol does",
  description: day,
  request: {
    query: z.strictObject({ ...rangeParameters, limit: integerParameter(1, 200, 50, "At most so many symbols.") }),
  },
  responses: {
    200: {
      description: "Symbols, most events first.",
      content: {
        "application/json": {
          schema: z.object({
            symbols: z.array(
              z.object({
                symbol: z.string(),
                events: z.int(),
                signals_generated: z.int(),
                signals_rejected: z.int(),
                signal_success_rate: rate,
                errors: z.int(),
                decisions_accepted: z.int(),
                decisions_rejected: z.int(),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/analytics/timeline` */
export const timelineRoute = createRoute({
  method: "get",
  path: "/api/telemetry/analytics/timeline",
  tags: TAGS,
  summary: "Events by type over time",
  description: `${day} Slices without events are left out.`,
  request: { query: z.strictObject({ ...rangeParameters, symbol: symbolParameter, step_seconds: stepParameter }) },
  responses: {
    200: {
      description: "Slices, oldest first.",
      content: {
        "application/json": {
          schema: z.object({
            step_seconds: z.int(),
            slices: z.array(
              z.object({
                time: z.int().openapi({ description: "Where the slice begins, in seconds since 1970." }),
                counts: z.record(z.string(), z.int()),
              }),
            ),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
