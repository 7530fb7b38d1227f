// Alerts: what fires, what becomes of it, silences, and the ways by which people are told.
import { createRoute, z } from "@hono/zod-openapi";
import {
  ALERT_SEVERITIES,
  ALERT_STATES,
  ALERT_STATUSES,
  alertHistorySchema,
  alertNotificationSchema,
  alertSchema,
  alertSilenceSchema,
} from "./alert-schemas.ts";
import { choiceParameter, integerParameter, rangeParameters, textParameter } from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES, WRITE_PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["alerts"];
const MAX_TEXT = 4_000;
const words = z.string().min(1).max(MAX_TEXT);
const by = z.string().min(1).max(200).openapi({ description: "Who does it.", example: "ada" });

/** What stands in a path: an id or a name. */
export function pathText<const N extends string>(name: N) {
  const rule = "it must have 1 to 200 characters";
  return z.object({ [name]: z.string().min(1, rule).max(200, rule) } as Record<N, z.ZodString>);
}

/** The one answer of a route. */
export function jsonAnswer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { "application/json": { schema } } };
}

/** The body of a request. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } };
}

/** `GET /api/telemetry/alerts` */
export const alertsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alerts",
  tags: TAGS,
  summary: "Alerts, newest first",
  description:
    "The range is of `triggered_at`, or of `pending_since` of those that have not fired. The live feed does not tell of alerts: the page asks " +
    "again every few seconds, and what has changed is there at once (no answer about alerts is shared or cached).",
  request: {
    query: z.strictObject({
      state: choiceParameter(ALERT_STATES, "Only alerts in this state."),
      status: choiceParameter(ALERT_STATUSES, "Only alerts of this status: `active` is firing or acknowledged."),
      severity: choiceParameter(ALERT_SEVERITIES, "Only alerts of this severity."),
      rule_id: textParameter("Only alerts of this rule.", "high-error-rate"),
      assigned_to: textParameter("Only alerts of this person.", "ada"),
      ...rangeParameters,
      limit: integerParameter(1, 1_000, 100, "At most so many."),
      offset: integerParameter(0, 1_000_000, 0, "So many of the newest are left out."),
    }),
  },
  responses: {
    200: jsonAnswer("Alerts.", z.object({ alerts: z.array(alertSchema), count: z.int() })),
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/alerts/{alert_id}` */
export const alertRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alerts/{alert_id}",
  tags: TAGS,
  summary: "An alert with its history and notifications",
  request: { params: pathText("alert_id") },
  responses: {
    200: jsonAnswer(
      "The alert.",
      z.object({
        alert: alertSchema,
        history: z.array(alertHistorySchema).openapi({ description: "Oldest first." }),
        notifications: z.array(alertNotificationSchema).openapi({ description: "Newest first; at most 200." }),
      }),
    ),
    ...PROBLEM_RESPONSES,
  },
});

/** What a person does with an alert; `doing` is the last part of the path. */
function actionRoute<const Doing extends string, Body extends z.ZodType>(doing: Doing, summary: string, body: Body) {
  return createRoute({
    method: "post",
    path: `/api/telemetry/alerts/{alert_id}/${doing}`,
    tags: TAGS,
    summary,
    request: { params: pathText("alert_id"), body: jsonBody(body) },
    responses: {
      200: jsonAnswer("The alert as it is now.", z.object({ alert: alertSchema })),
      ...WRITE_PROBLEM_RESPONSES,
    },
  });
}

/** `POST /api/telemetry/alerts/{alert_id}/acknowledge` */
export const acknowledgeRoute = actionRoute(
  "acknowledge",
  "Somebody has seen it: escalation ends",
  z.strictObject({ by, note: words.optional() }),
);

/** `POST /api/telemetry/alerts/{alert_id}/assign` */
export const assignRoute = actionRoute(
  "assign",
  "Who is to look into it",
  z.strictObject({ by, to: words.nullable().openapi({ description: "Null: nobody.", example: "grace" }) }),
);

/** `POST /api/telemetry/alerts/{alert_id}/resolve` */
export const resolveRoute = actionRoute(
  "resolve",
  "It is over: nothing fires before the condition has ended and come back",
  z.strictObject({ by, note: words }),
);

/** `POST /api/telemetry/alerts/{alert_id}/comment` */
export const commentRoute = actionRoute("comment", "A note in its history", z.strictObject({ by, text: words }));

/** `POST /api/telemetry/alerts/{alert_id}/impact` */
export const impactRoute = actionRoute("impact", "What it does to the business", z.strictObject({ by, impact: words }));

/** `GET /api/telemetry/alert-silences` */
export const silencesRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alert-silences",
  tags: TAGS,
  summary: "Silences that have not ended",
  responses: {
    200: jsonAnswer("Silences.", z.object({ silences: z.array(alertSilenceSchema) })),
    ...PROBLEM_RESPONSES,
  },
});

/** `POST /api/telemetry/alert-silences` */
export const silenceRoute = createRoute({
  method: "post",
  path: "/api/telemetry/alert-silences",
  tags: TAGS,
  summary: "Keeps alerts quiet for a time",
  description: "Alerts that match all matchers are not notified until it ends; those that fire then are.",
  request: {
    body: jsonBody(
      z.strictObject({
        by,
        reason: words,
        until: z
          .string()
          .min(1)
          .max(40)
          .openapi({ description: "At most a year from now.", example: "2026-11-20T18:00:00Z" }),
        matchers: z.record(z.string(), z.string()).openapi({
          description: "At least one; `*` stands for anything. `rule_id`, `rule_name` and `severity` are labels too.",
          example: { rule_id: "high-error-rate" },
        }),
      }),
    ),
  },
  responses: { 200: jsonAnswer("The silence.", z.object({ silence: alertSilenceSchema })), ...WRITE_PROBLEM_RESPONSES },
});

/** `DELETE /api/telemetry/alert-silences/{silence_id}` */
export const unsilenceRoute = createRoute({
  method: "delete",
  path: "/api/telemetry/alert-silences/{silence_id}",
  tags: TAGS,
  summary: "Ends a silence now",
  request: { params: pathText("silence_id") },
  responses: {
    200: jsonAnswer("The silence, ended.", z.object({ silence: alertSilenceSchema })),
    ...WRITE_PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/alert-channels` */
export const channelsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alert-channels",
  tags: TAGS,
  summary: "The channels that notifications go by, without their secrets",
  responses: {
    200: jsonAnswer(
      "Channels.",
      z.object({
        channels: z.array(
          z.object({
            name: z.string().openapi({ example: "slack" }),
            kind: z.string().openapi({ example: "slack" }),
            destination: z.string().openapi({ description: "For people: secrets are hidden." }),
          }),
        ),
        problem: z.string().nullable().openapi({ description: "What is wrong with the configuration; null: nothing." }),
      }),
    ),
    ...PROBLEM_RESPONSES,
  },
});

/** `POST /api/telemetry/alert-channels/{channel}/test` */
export const testChannelRoute = createRoute({
  method: "post",
  path: "/api/telemetry/alert-channels/{channel}/test",
  tags: TAGS,
  summary: "Sends a test message over a channel",
  request: { params: pathText("channel"), body: jsonBody(z.strictObject({})) },
  responses: {
    200: jsonAnswer(
      "What came back.",
      z.object({
        channel: z.string(),
        destination: z.string(),
        outcome: z.enum(["delivered", "skipped", "retry", "refused"]).openapi({
          description: "`retry`: it did not arrive now, and might later; `refused`: it would not, `words` says why.",
        }),
        words: z.string(),
        took_ms: z.number(),
      }),
    ),
    ...WRITE_PROBLEM_RESPONSES,
  },
});
