// Traces: the list, the slowest, one.
import { createRoute, z } from "@hono/zod-openapi";
import { decisionSchema, eventSchema, spanSchema, traceSummarySchema } from "./event-schemas.ts";
import {
  choiceParameter,
  integerParameter,
  rangeParameters,
  symbolParameter,
  textParameter,
  timeParameter,
} from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["traces"];
const filters = {
  ...rangeParameters,
  service: textParameter("Only traces whose root is of this service.", "basis-trader"),
  operation: textParameter("Only traces whose root has this name.", "tick"),
  symbol: symbolParameter,
  decision: choiceParameter(["ACCEPT", "REJECT"], "Only traces with this decision."),
  reason_code: textParameter("Only traces that ended for this reason.", "order_submitted"),
  min_duration_ms: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})?$/, "it must be a number of milliseconds from 0 to 999999999")
    .transform(Number)
    .optional()
    .openapi({ description: "Only traces that took at least so long.", type: "number", minimum: 0 }),
  has_error: choiceParameter(["true", "false"], "Only traces with an error, or only those without."),
};

/** `GET /api/telemetry/traces` */
export const tracesRoute = createRoute({
  method: "get",
  path: "/api/telemetry/traces",
  tags: TAGS,
  summary: "Traces, newest or longest first",
  request: {
    query: z.strictObject({
      ...filters,
      sort: choiceParameter(["newest", "slowest"], "Default newest."),
      limit: integerParameter(1, 500, 50, "At most so many (a few more when several began in the same microsecond)."),
      before: timeParameter("Continue before this `start_time`, that of the last one of a page; for `newest` only."),
    }),
  },
  responses: {
    200: {
      description: "A page of traces.",
      content: {
        "application/json": {
          schema: z.object({
            traces: z.array(traceSummarySchema),
            next_before: z.string().nullable().openapi({ description: "For the next page; null at the end." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/traces/{trace_id}` */
export const traceRoute = createRoute({
  method: "get",
  path: "/api/telemetry/traces/{trace_id}",
  tags: TAGS,
  summary: "A trace with its events, logs and decisions",
  request: {
    params: z.object({
      trace_id: z
        .string()
        .regex(/^[0-9a-fA-F]{32}$/, "it must be 32 hex digits")
        .transform((id) => id.toLowerCase()),
    }),
  },
  responses: {
    200: {
      description: "The trace.",
      content: {
        "application/json": {
          schema: z.object({
            trace_id: z.string(),
            spans: z.array(spanSchema).openapi({ description: "By start, parents before children; at most 10,000." }),
            events: z
              .array(eventSchema)
              .openapi({ description: "Events and logs of the trace, oldest first; at most 10,000." }),
            decisions: z.array(decisionSchema),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
