// Rules of alerts: read, written, checked, tried on what was recorded, and exchanged with Prometheus.
import {
  type AlertRule,
  AlertRuleError,
  backtestRule,
  fromPrometheusRules,
  fromStoredRule,
  parseAlertRule,
  toPrometheusRules,
  toStoredRule,
} from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import { type AlertFeed, type Store, type StoredAlertRule, StoreError } from "@tracebook/store";
import {
  alertRuleRoute,
  alertRulesRoute,
  backtestRoute,
  checkAlertRuleRoute,
  exportPrometheusRoute,
  importPrometheusRoute,
  removeAlertRuleRoute,
  saveAlertRuleRoute,
} from "../api/alert-rule-routes.ts";
import { parseTimestampParameter } from "../api/timestamp-parameter.ts";
import { bodyProblems } from "../http/alert-problems.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import { type Budget, createBudget } from "../work/budget.ts";
import type { AnswerContext } from "./answer-context.ts";
import { ruleCatalogue } from "./rule-catalogue.ts";

/** Whoever has just written a rule wants to see it. */
const UNSHARED = { isShared: false } as const;
const MAX_RANGE_MICROS = 31 * 86_400 * 1_000_000;

/** Adds the routes. */
export function addAlertRuleAnswers(api: Api, context: AnswerContext): void {
  // Before those with an id: any name there could be one.
  addPrometheus(api, context);
  addTrying(api, context);
  addReading(api, context);
  addWriting(api, context);
}

function addReading(api: Api, { store }: AnswerContext): void {
  api.answer(
    alertRulesRoute,
    async () => {
      const rules = (await store.alerts.rules()).map(toShownRule);
      return { rules, count: rules.length };
    },
    UNSHARED,
  );
  api.answer(
    alertRuleRoute,
    async ({ params }) => ({ rule: toShownRule(await ruleOf(store, params.rule_id)) }),
    UNSHARED,
  );
}

function addWriting(api: Api, { store, alerts, nowMs }: AnswerContext): void {
  api.write(saveAlertRuleRoute, async ({ params: { rule_id: id }, query }, body) => {
    if (body["rule_id"] !== undefined && body["rule_id"] !== id) throw otherId(id);
    const catalogue = query.allow_unknown === "true" ? {} : await ruleCatalogue(store);
    const rule = parseAlertRule({ ...body, rule_id: id }, catalogue);
    await saveExpected(store, toStoredRule(rule, toTimestamp(nowMs() * 1_000)), query.revision);
    alerts.wake();
    return { rule: toShownRule(await ruleOf(store, id)) };
  });
  api.answer(
    removeAlertRuleRoute,
    async ({ params: { rule_id: id } }) => {
      if (!(await store.alerts.removeRule(id, toTimestamp(nowMs() * 1_000)))) throw noRule();
      return { rule_id: id };
    },
    UNSHARED,
  );
}

/** Whoever has read a rule of another revision than is stored is told which it is by now. */
async function saveExpected(
  { alerts }: Pick<Store, "alerts">,
  rule: StoredAlertRule,
  expected?: number,
): Promise<void> {
  try {
    await alerts.saveRule(rule, expected);
  } catch (error) {
    if (!(error instanceof StoreError && error.code === "alert_conflict")) throw error;
    const stored = await alerts.rule(rule.rule_id);
    const current = stored === undefined || stored.removed_at !== null ? 0 : stored.revision;
    throw new ProblemError("conflict", `The rule is of revision ${current} by now: read it again.`);
  }
}

function addTrying(api: Api, { store, budgetMs }: AnswerContext): void {
  api.write(checkAlertRuleRoute, async (_, body) => {
    try {
      return { rule: toShownData(parseAlertRule(body.rule, await ruleCatalogue(store))), problems: [] };
    } catch (error) {
      if (!(error instanceof AlertRuleError)) throw error;
      return { rule: null, problems: bodyProblems(error) };
    }
  });
  api.write(
    backtestRoute,
    async ({ signal }, body) => {
      const rule = parseAlertRule(body.rule);
      const range = rangeOf(body.start_time, body.end_time);
      const feed = withBudget(store.alertFeed, createBudget(signal, budgetMs));
      const result = await backtestRule(rule, feed, range);
      return { start: range.from, end: range.to, ...result };
    },
    { isHeavy: true },
  );
}

function addPrometheus(api: Api, { store, alerts, nowMs }: AnswerContext): void {
  api.respond(exportPrometheusRoute, async () => {
    const { yaml, left_out, notes } = toPrometheusRules((await store.alerts.rules()).flatMap(toWholeRule));
    const remark = (kind: string) => (one: { rule_id: string; remark: string }) =>
      `# ${kind}: ${one.rule_id}: ${one.remark.replaceAll(/\s+/g, " ")}\n`;
    const remarks = [...left_out.map(remark("left out")), ...notes.map(remark("note"))];
    return new Response(`${remarks.join("")}${yaml}`, { headers: { "content-type": "application/yaml" } });
  });
  api.write(importPrometheusRoute, async (_, { yaml }) => {
    const { rules, refused } = fromPrometheusRules(yaml);
    const now = toTimestamp(nowMs() * 1_000);
    for (const rule of rules) await store.alerts.saveRule(toStoredRule(rule, now));
    if (rules.length > 0) alerts.wake();
    return { rules: rules.map(toShownData), refused };
  });
}

/** A row that somebody has spoilt is none; health says so. */
function toWholeRule(row: StoredAlertRule): readonly AlertRule[] {
  try {
    return [fromStoredRule(row)];
  } catch (error) {
    if (error instanceof AlertRuleError) return [];
    throw error;
  }
}

/** The feed, until the budget is spent; a back-test reads it piece by piece. */
function withBudget(feed: AlertFeed, budget: Budget): AlertFeed {
  return {
    position: () => feed.position(),
    since: (wants, cursor) => feed.since(wants, cursor),
    range(wants, from, to, upTo) {
      if (!budget.isSpent()) return feed.range(wants, from, to, upTo);
      throw new ProblemError("took_too_long", "The back-test takes too long: ask for a shorter range.");
    },
    knownMetrics: () => feed.knownMetrics(),
    knownEventTypes: () => feed.knownEventTypes(),
  };
}

function rangeOf(start: string, end: string): { readonly from: string; readonly to: string } {
  const from = wholeSecond("start_time", start);
  const to = wholeSecond("end_time", end);
  const micros = (Date.parse(to) - Date.parse(from)) * 1_000;
  if (micros >= 0 && micros <= MAX_RANGE_MICROS) return { from, to };
  throw wrongBody("end_time", "must be after start_time, by 31 days at most");
}

/** Rules are evaluated at whole seconds. */
function wholeSecond(field: string, text: string): string {
  const timestamp = parseTimestampParameter(text);
  if (timestamp !== undefined) return `${timestamp.slice(0, 19)}.000000Z`;
  throw wrongBody(field, "must be a time as ISO 8601 has it, like 2026-11-20T12:34:56Z");
}

function wrongBody(path: string, problem: string): ProblemError {
  return new ProblemError("invalid_body", `${path} ${problem}.`, { problems: [{ path, problem, nearest: null }] });
}

async function ruleOf({ alerts }: Pick<Store, "alerts">, id: string): Promise<StoredAlertRule> {
  const rule = await alerts.rule(id);
  if (rule === undefined || rule.removed_at !== null) throw noRule();
  return rule;
}

function noRule(): ProblemError {
  return new ProblemError("not_found", "There is no such rule: see /api/telemetry/alert-rules.");
}

function otherId(id: string): ProblemError {
  const problem = "is not the rule of the path: leave it out";
  return new ProblemError("invalid_body", `rule_id ${problem}.`, {
    problems: [{ path: "rule_id", problem, nearest: id }],
  });
}

function toShownRule({ removed_at: _r, ...rule }: StoredAlertRule) {
  return rule;
}

function toShownData(rule: AlertRule) {
  return { ...rule, condition_config: { ...rule.condition_config } as Readonly<Record<string, unknown>> };
}
