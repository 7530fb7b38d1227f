// Decisions: the list, one, reasons, margins, time line, near misses, what-if, the funnel and why there was no trade.
import { createRoute, z } from "@hono/zod-openapi";
import { decisionSchema, eventSchema, timeRangeSchema } from "./event-schemas.ts";
import {
  choiceParameter,
  decimalParameter,
  idParameter,
  integerParameter,
  optionalIntegerParameter,
  rangeParameters,
  stepParameter,
  strategyParameter,
  symbolParameter,
  textParameter,
} from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["decisions"];
const scope = { ...rangeParameters, symbol: symbolParameter, strategy: strategyParameter };
const unit = textParameter("Only decisions in this unit: units never mix.", "bps");
const percent = z.number().openapi({ description: "Percent, 0 to 100." });
const count = z.int();

/** `GET /api/telemetry/decisions` */
export const decisionsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/decisions",
  tags: TAGS,
  summary: "Decisions, newest first",
  request: {
    query: z.strictObject({
      ...scope,
      decision: choiceParameter(["ACCEPT", "REJECT"], "Only these."),
      reason_code: textParameter("Only this reason.", "insufficient_edge"),
      edge_unit: unit,
      limit: integerParameter(1, 1_000, 100, "At most so many."),
      before_id: optionalIntegerParameter(1, Number.MAX_SAFE_INTEGER, "Continue after this one, the last of a page."),
    }),
  },
  responses: {
    200: {
      description: "A page of decisions.",
      content: {
        "application/json": {
          schema: z.object({
            decisions: z.array(decisionSchema),
            next_before_id: count.nullable().openapi({ description: "For the next page; null at the end." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/decisions/{event_id}` */
export const decisionRoute = createRoute({
  method: "get",
  path: "/api/telemetry/decisions/{event_id}",
  tags: TAGS,
  summary: "One decision with its record",
  request: {
    params: z.object({
      event_id: idParameter("The id of the decision's event."),
    }),
  },
  responses: {
    200: {
      description: "The decision and the event that carried it: gates, the sentence, what else was on the record.",
      content: {
        "application/json": {
          schema: z.object({
            decision: decisionSchema,
            event: eventSchema,
            arithmetic: z
              .string()
              .nullable()
              .openapi({ description: "What does not add up in the record; null when it does." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/decisions/reasons` */
export const reasonsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/decisions/reasons",
  tags: TAGS,
  summary: "Decisions by reason, most first",
  request: { query: z.strictObject(scope) },
  responses: {
    200: {
      description: "Reasons.",
      content: {
        "application/json": {
          schema: z.object({
            total: count,
            accepted: count,
            rejected: count,
            reasons: z.array(
              z.object({
                reason_code: z.string(),
                explanation: z.string().openapi({ description: "The code in plain words." }),
                count,
                percentage: percent,
                accepted: z.boolean().openapi({
                  description: "True for decisions to go ahead; a code that others have as well is there twice.",
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

/** `GET /api/telemetry/decisions/timeline` */
export const decisionTimelineRoute = createRoute({
  method: "get",
  path: "/api/telemetry/decisions/timeline",
  tags: TAGS,
  summary: "Accepts and rejects over time",
  request: { query: z.strictObject({ ...scope, step_seconds: stepParameter }) },
  responses: {
    200: {
      description: "Slices that have decisions, oldest first.",
      content: {
        "application/json": {
          schema: z.object({
            step_seconds: count,
            slices: z.array(z.object({ time: z.int(), accepted: count, rejected: count })),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/decisions/margins` */
export const marginsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/decisions/margins",
  tags: TAGS,
  summary: "How far net edges were from the threshold",
  request: {
    query: z.strictObject({
      ...scope,
      edge_unit: textParameter("The unit; without it the most used one. Units never mix.", "bps"),
      bins: integerParameter(5, 200, 60, "About so many bins."),
      within_percent: decimalParameter(
        "Rejects that miss the threshold by at most so many percent of it are near misses; default 10.",
      ),
    }),
  },
  responses: {
    200: {
      description: "A histogram of `net_edge - min_threshold`.",
      content: {
        "application/json": {
          schema: z.object({
            units: z.array(z.string()).openapi({ description: "Units of the range, most used first." }),
            edge_unit: z.string().nullable(),
            count,
            bin_width: z.number(),
            bins: z.array(z.object({ from: z.number(), accepted: count, rejected: count })),
            near_misses: z.object({
              within_percent: z.string(),
              total: count,
              by_gate: z.array(
                z.object({ gate: z.string().openapi({ description: "`edge`, or a gate's name." }), count }),
              ),
              samples: z.array(decisionSchema.extend({ gate: z.string(), margin: z.string() })),
              examined: count.openapi({ description: "Decisions that were looked at, newest first; at most 20,000." }),
            }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

const totals = z.object({ examined: count, judged: count, other_unit: count, not_judgeable: count });

/** `GET /api/telemetry/whatif` */
export const whatifRoute = createRoute({
  method: "get",
  path: "/api/telemetry/whatif",
  tags: TAGS,
  summary: "Recorded decisions judged again under other thresholds and costs",
  description:
    "Exact decimals, never across units. Costs are set (`fees_est=2.5`) or multiplied (`fees_est_times=1.5`). With no change at all there are 0 flips.",
  request: {
    query: z.strictObject({
      ...scope,
      edge_unit: z
        .string()
        .min(1, "it must be a unit, such as bps")
        .max(64, "it must have at most 64 characters")
        .openapi({ example: "bps" }),
      min_threshold: decimalParameter("The threshold, instead of the recorded one."),
      threshold_by: decimalParameter("Added to each recorded threshold."),
      fees_est: decimalParameter("Fees, instead of the recorded ones."),
      fees_est_times: decimalParameter("Recorded fees times this."),
      slippage_est: decimalParameter("Slippage, instead of the recorded one."),
      slippage_est_times: decimalParameter("Recorded slippage times this."),
      gas_est: decimalParameter("Gas, instead of the recorded one."),
      gas_est_times: decimalParameter("Recorded gas times this."),
      latency_buffer: decimalParameter("The latency buffer, instead of the recorded one."),
      latency_buffer_times: decimalParameter("The recorded latency buffer times this."),
      gate: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .transform((value) => (value === undefined ? [] : [value].flat()))
        .openapi({
          description: "`name:threshold`: another threshold of one gate; may be repeated.",
          type: "array",
          items: { type: "string" },
        }),
      max_decisions: integerParameter(1, 1_000_000, 100_000, "At most so many decisions, newest first."),
    }),
  },
  responses: {
    200: {
      description: "What would have been decided.",
      content: {
        "application/json": {
          schema: totals.extend({
            complete: z.boolean().openapi({ description: "False: there are more decisions than were looked at." }),
            before: z.object({ accepted: count, rejected: count }),
            after: z.object({ accepted: count, rejected: count }),
            flips: z.object({ to_accept: count, to_reject: count }),
            net_edge_of_new_accepts: z.string().openapi({ description: "Sum of net edges, exact, in the unit." }),
            net_edge_of_new_rejects: z.string(),
            by_reason: z.array(z.object({ reason_code: z.string(), to_accept: count, to_reject: count })),
            by_symbol: z.array(z.object({ symbol: z.string(), to_accept: count, to_reject: count })),
            samples: z
              .array(
                decisionSchema.extend({
                  new_decision: z.string(),
                  new_reason_code: z.string(),
                  new_net_edge: z.string().nullable(),
                  new_min_threshold: z.string().nullable(),
                }),
              )
              .openapi({ description: "The newest flips, at most 100." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/funnel` */
export const funnelRoute = createRoute({
  method: "get",
  path: "/api/telemetry/funnel",
  tags: TAGS,
  summary: "From ticks to orders: where flows ended and why",
  description: "Each step has the count of the one before minus its drops. The range is widened to whole minutes.",
  request: {
    query: z.strictObject({ ...scope, flow: textParameter("Which flow; without it the one with most.", "tick") }),
  },
  responses: {
    200: {
      description: "The funnel.",
      content: {
        "application/json": {
          schema: z.object({
            flows: z.array(z.object({ flow: z.string(), count })),
            flow: z.string().nullable(),
            entered: count,
            no_reason: count.openapi({ description: "Flows that ended without saying why." }),
            orders: count.openapi({ description: "Flows that ended with an order." }),
            steps: z.array(
              z.object({
                stage: z.string().openapi({ description: "`entered`, then the stages in their order." }),
                count: count.openapi({ description: "Flows that have reached it." }),
                dropped: count.openapi({ description: "Of those, how many ended here." }),
                ended: z.array(
                  z.object({
                    reason_code: z.string(),
                    explanation: z.string(),
                    kind: z.enum(["order", "rejected", "nothing", "error"]),
                    count,
                  }),
                ),
              }),
            ),
            symbols: z.array(z.object({ symbol: z.string(), entered: count, orders: count })),
            strategies: z.array(z.object({ strategy: z.string(), entered: count, orders: count })),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/why` */
export const whyRoute = createRoute({
  method: "get",
  path: "/api/telemetry/why",
  tags: TAGS,
  summary: "Why no trade, or why so few: one sentence with its numbers",
  request: {
    query: z.strictObject({ ...scope, flow: textParameter("Which flow; without it the one with most.", "tick") }),
  },
  responses: {
    200: {
      description: "The sentence.",
      content: {
        "application/json": {
          schema: z.object({
            sentence: z.string(),
            parts: z.array(z.object({ label: z.string(), value: z.string(), link: z.string().nullable() })).openapi({
              description: "The numbers in it, with where to look further (a path and query of the page).",
            }),
            time_range: timeRangeSchema,
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
