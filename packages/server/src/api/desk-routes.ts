// What the desk says of itself: what arrives, what is lost, how large the store is, what is in force, and how events look.
import { createRoute, z } from "@hono/zod-openapi";
import { signalCountsSchema } from "./metric-routes.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["desk"];
const count = z.int();

/** How events of a type are shown. */
export const cardSchema = z
  .object({
    title: z.string().openapi({ description: "Instead of the type's name in words.", example: "Funding paid" }),
    icon: z.string().optional().openapi({ description: "The name of one of the page's icons.", example: "coins" }),
    tone: z
      .enum(["neutral", "accept", "reject", "error", "info"])
      .optional()
      .openapi({ description: "Colour and shape; default neutral." }),
    text: z.string().optional().openapi({
      description: "What it says; `{field}` is filled in from the data.",
      example: "{amount} {currency} at {rate}",
    }),
    fields: z
      .array(z.string())
      .optional()
      .openapi({ description: "Fields that are shown, in this order; default the first ones." }),
  })
  .openapi("Card");

/** How alerting is doing. */
const alertsHealthSchema = z.object({
  role: z.enum(["off", "idle", "stopped", "standby", "evaluator"]).openapi({
    description: "`off`: switched off here; `idle`: there is no rule; `standby`: another process evaluates.",
  }),
  rules: count,
  broken_rules: z
    .array(z.object({ rule: z.string(), problem: z.string() }))
    .openapi({ description: "Rules that are not evaluated, by their id or their place in the file, and why." }),
  firing: count.openapi({ description: "Alerts that fire, acknowledged ones included." }),
  lag_seconds: z.number().openapi({ description: "From the end of a second to when what came of it was written." }),
  evaluation_seconds: z.number().openapi({ description: "What the last look took." }),
  channels: count,
  notifications_waiting: count.openapi({ description: "Up to 1,000." }),
  notifications_failed: count.openapi({ description: "In the last 24 hours, of the newest 1,000." }),
});

/** `GET /api/telemetry/desk` */
export const deskRoute = createRoute({
  method: "get",
  path: "/api/telemetry/desk",
  tags: TAGS,
  summary: "What the page needs to know before it shows anything",
  responses: {
    200: {
      description: "The desk.",
      content: {
        "application/json": {
          schema: z.object({
            version: z.string(),
            title: z.string(),
            started_at: z.string(),
            now: z.string(),
            cards: z.record(z.string(), cardSchema),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/health` */
export const healthRoute = createRoute({
  method: "get",
  path: "/api/telemetry/health",
  tags: TAGS,
  summary: "What arrives, what is dropped and why, what the store is, what is in force",
  responses: {
    200: {
      description: "The state of everything. `problems` is empty when all is well.",
      content: {
        "application/json": {
          schema: z.object({
            problems: z.array(z.string()),
            store: z.object({
              engine: z.string(),
              engine_version: z.string(),
              schema_version: count,
              path: z.string(),
              size_bytes: count,
              log_bytes: count,
              events: count,
              decisions: count,
              spans: count,
              oldest_timestamp: z.string().nullable(),
              newest_timestamp: z.string().nullable(),
              written: count,
              duplicates: count,
              rejected: count,
              failed_writes: count,
              pending_bytes: count,
            }),
            signals: z.object({ traces: signalCountsSchema, logs: signalCountsSchema, metrics: signalCountsSchema }),
            live: z.object({ readers: count, sent: count, skipped: count }),
            sources: z.array(
              z.object({ service_name: z.string(), instance_id: z.string(), last_timestamp: z.string().nullable() }),
            ),
            dropped: z
              .array(z.object({ service_name: z.string(), what: z.string(), reason: z.string(), count }))
              .openapi({
                description: "What the services themselves say that they have dropped, in the last 24 hours.",
              }),
            alerts: alertsHealthSchema,
            retention: z.array(
              z.object({
                what: z.string(),
                keep_days: z.number().nullable().openapi({ description: "Null: for ever." }),
                last_cleanup: z.string().nullable(),
                last_removed: count,
              }),
            ),
            configuration: z
              .array(z.object({ name: z.string(), value: z.string(), source: z.string() }))
              .openapi({ description: "What is in force and where it came from; secrets are masked." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/openapi.json` */
export const openApiRoute = createRoute({
  method: "get",
  path: "/api/telemetry/openapi.json",
  tags: TAGS,
  summary: "This document",
  responses: {
    200: {
      description: "The document of the API, OpenAPI 3.1.",
      content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
    },
    ...PROBLEM_RESPONSES,
  },
});
