// Rules of alerts: read, written, checked, tried on what was recorded, and exchanged with Prometheus.
import { createRoute, z } from "@hono/zod-openapi";
import { jsonAnswer, jsonBody, pathText } from "./alert-routes.ts";
import {
  alertRuleSchema,
  alertTime,
  givenRuleSchema,
  ruleProblemSchema,
  storedAlertRuleSchema,
} from "./alert-schemas.ts";
import { choiceParameter, optionalIntegerParameter } from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES, WRITE_PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["alerts"];

/** `GET /api/telemetry/alert-rules` */
export const alertRulesRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alert-rules",
  tags: TAGS,
  summary: "The rules of alerts, by name",
  responses: {
    200: jsonAnswer("Rules.", z.object({ rules: z.array(storedAlertRuleSchema), count: z.int() })),
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/alert-rules/{rule_id}` */
export const alertRuleRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alert-rules/{rule_id}",
  tags: TAGS,
  summary: "A rule of alerts",
  request: { params: pathText("rule_id") },
  responses: { 200: jsonAnswer("The rule.", z.object({ rule: storedAlertRuleSchema })), ...PROBLEM_RESPONSES },
});

/** `PUT /api/telemetry/alert-rules/{rule_id}` */
export const saveAlertRuleRoute = createRoute({
  method: "put",
  path: "/api/telemetry/alert-rules/{rule_id}",
  tags: TAGS,
  summary: "Writes a rule of alerts, new or not",
  description:
    "The body is the rule; its `rule_id` is the path's. A rule that cannot work is refused with 422, and `problems` says all that is wrong " +
    "with it: a metric or a type of event that the store has never seen included, unless `allow_unknown=true`.",
  request: {
    params: pathText("rule_id"),
    query: z.strictObject({
      revision: optionalIntegerParameter(
        0,
        Number.MAX_SAFE_INTEGER,
        "The revision that was read; 0: there must be none yet. Refused with 409 when it has changed. Without it the last one wins.",
      ),
      allow_unknown: choiceParameter(
        ["true", "false"],
        "Whether metrics and events may be unknown to the store. Default false.",
      ),
    }),
    body: jsonBody(givenRuleSchema),
  },
  responses: {
    200: jsonAnswer("The rule as it is stored.", z.object({ rule: storedAlertRuleSchema })),
    ...WRITE_PROBLEM_RESPONSES,
  },
});

/** `DELETE /api/telemetry/alert-rules/{rule_id}` */
export const removeAlertRuleRoute = createRoute({
  method: "delete",
  path: "/api/telemetry/alert-rules/{rule_id}",
  tags: TAGS,
  summary: "Removes a rule of alerts; its alerts stay, and what fires is resolved",
  request: { params: pathText("rule_id") },
  responses: { 200: jsonAnswer("It is removed.", z.object({ rule_id: z.string() })), ...WRITE_PROBLEM_RESPONSES },
});

/** `POST /api/telemetry/alert-rules/check` */
export const checkAlertRuleRoute = createRoute({
  method: "post",
  path: "/api/telemetry/alert-rules/check",
  tags: TAGS,
  summary: "Whether a rule of alerts can work, with all that is wrong with it",
  request: { body: jsonBody(z.strictObject({ rule: givenRuleSchema })) },
  responses: {
    200: jsonAnswer(
      "The rule with every default in place, or its problems.",
      z.object({
        rule: alertRuleSchema.nullable().openapi({ description: "Null: it cannot work." }),
        problems: z.array(ruleProblemSchema),
      }),
    ),
    ...WRITE_PROBLEM_RESPONSES,
  },
});

/** `POST /api/telemetry/alert-rules/backtest` */
export const backtestRoute = createRoute({
  method: "post",
  path: "/api/telemetry/alert-rules/backtest",
  tags: TAGS,
  summary: "When a rule of alerts would have fired, to the second",
  description: "Tried on what is stored, by the engine that evaluates live; at most 31 days. Nothing is written.",
  request: {
    body: jsonBody(
      z.strictObject({
        rule: givenRuleSchema,
        start_time: z
          .string()
          .max(64)
          .openapi({ description: "ISO 8601, any offset.", example: "2026-11-20T00:00:00Z" }),
        end_time: z.string().max(64).openapi({ example: "2026-11-21T00:00:00Z" }),
      }),
    ),
  },
  responses: {
    200: jsonAnswer(
      "What would have happened.",
      z.object({
        start: alertTime,
        end: alertTime,
        firings: z.array(
          z.object({
            labels: z.record(z.string(), z.string()).openapi({
              description: "Of the group, where the rule has `by`: one alert for each; else empty.",
              example: { symbol: "BTC/USDT" },
            }),
            fired_at: alertTime,
            resolved_at: alertTime.nullable().openapi({ description: "Null: it would fire still at the end." }),
            peak_value: z.number().nullable().openapi({ description: "The worst value; null for an absence." }),
            is_reopened: z.boolean().openapi({ description: "It would have been the alert before, re-opened." }),
          }),
        ),
        notifications: z.int(),
        has_flapped: z.boolean(),
        precision: z
          .enum(["second", "minute"])
          .openapi({ description: "`minute`: single samples of some of the range are gone." }),
        problem: z.string().nullable().openapi({ description: "Why it could not be evaluated to the end." }),
      }),
    ),
    ...WRITE_PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/alert-rules/prometheus` */
export const exportPrometheusRoute = createRoute({
  method: "get",
  path: "/api/telemetry/alert-rules/prometheus",
  tags: TAGS,
  summary: "The rules of alerts as a rule file of Prometheus",
  description: "What has no equal in Prometheus is left out; comments at the beginning say what, and why.",
  responses: {
    200: { description: "YAML.", content: { "application/yaml": { schema: z.string() } } },
    ...PROBLEM_RESPONSES,
  },
});

/** `POST /api/telemetry/alert-rules/prometheus` */
export const importPrometheusRoute = createRoute({
  method: "post",
  path: "/api/telemetry/alert-rules/prometheus",
  tags: TAGS,
  summary: "Writes the alerts of a rule file of Prometheus as rules",
  request: {
    body: jsonBody(z.strictObject({ yaml: z.string().openapi({ description: "The file; at most 1 MiB." }) })),
  },
  responses: {
    200: jsonAnswer(
      "What was written, and what was not and why.",
      z.object({
        rules: z.array(alertRuleSchema),
        refused: z.array(
          z.object({
            path: z.string().openapi({ example: "groups[0].rules[2]" }),
            name: z.string(),
            reason: z.string(),
          }),
        ),
      }),
    ),
    ...WRITE_PROBLEM_RESPONSES,
  },
});
