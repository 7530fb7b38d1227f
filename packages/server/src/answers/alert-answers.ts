// Alerts: read, and what people do with them.
import { testChannel } from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import type { AlertHistoryEntry, AlertNotification, AlertSilence, StoredAlert } from "@tracebook/store";
import {
  acknowledgeRoute,
  alertRoute,
  alertsRoute,
  assignRoute,
  channelsRoute,
  commentRoute,
  impactRoute,
  resolveRoute,
  silenceRoute,
  silencesRoute,
  testChannelRoute,
  unsilenceRoute,
} from "../api/alert-routes.ts";
import { parseTimestampParameter } from "../api/timestamp-parameter.ts";
import type { Api } from "../http/api-app.ts";
import { ProblemError } from "../http/problem.ts";
import type { AnswerContext } from "./answer-context.ts";
import { openRange } from "./time-range.ts";

/** Whoever has just done something wants to see it. */
const UNSHARED = { isShared: false } as const;
const NOTIFICATIONS = 200;

/** Adds the routes. */
export function addAlertAnswers(api: Api, context: AnswerContext): void {
  addReading(api, context);
  addActions(api, context);
  addSilences(api, context);
  addChannels(api, context);
}

function addReading(api: Api, { store }: AnswerContext): void {
  api.answer(
    alertsRoute,
    async ({ query }) => {
      const { state, status, severity, rule_id: ruleId, assigned_to: assignedTo } = query;
      const filter = { ...openRange(query), state, status, severity, ruleId, assignedTo };
      const alerts = await store.alerts.findAlerts(filter, query.limit, query.offset);
      return { alerts: alerts.map(toShownAlert), count: alerts.length };
    },
    UNSHARED,
  );
  api.answer(
    alertRoute,
    async ({ params: { alert_id: id } }) => {
      const alert = await store.alerts.alert(id);
      if (alert === undefined)
        throw new ProblemError("not_found", "There is no such alert, or it has come to nothing.");
      const [history, notifications] = await Promise.all([
        store.alerts.history(id),
        store.alerts.notifications(id, NOTIFICATIONS),
      ]);
      return {
        alert: toShownAlert(alert),
        history: history.map(toShownEntry),
        notifications: notifications.map(toShownNotification),
      };
    },
    UNSHARED,
  );
}

function addActions(api: Api, { alerts }: AnswerContext): void {
  const { desk } = alerts;
  const told = async (action: Promise<StoredAlert>) => {
    const alert = toShownAlert(await action);
    alerts.notify();
    return { alert };
  };
  api.write(acknowledgeRoute, ({ params }, { by, note }) => told(desk.acknowledge(params.alert_id, by, note)));
  api.write(assignRoute, ({ params }, { by, to }) => told(desk.assign(params.alert_id, to, by)));
  api.write(resolveRoute, ({ params }, { by, note }) => told(desk.resolve(params.alert_id, by, note)));
  api.write(commentRoute, ({ params }, { by, text }) => told(desk.comment(params.alert_id, by, text)));
  api.write(impactRoute, ({ params }, { by, impact }) => told(desk.setImpact(params.alert_id, impact, by)));
}

function addSilences(api: Api, { store, alerts, nowMs }: AnswerContext): void {
  api.answer(
    silencesRoute,
    async () => ({ silences: (await store.alerts.silences(toTimestamp(nowMs() * 1_000))).map(toShownSilence) }),
    UNSHARED,
  );
  api.write(silenceRoute, async (_, { until, ...request }) => {
    const end = parseTimestampParameter(until);
    const problem = "must be a time as ISO 8601 has it, like 2026-11-20T18:00:00Z";
    if (end === undefined)
      throw new ProblemError("invalid_body", `until ${problem}.`, {
        problems: [{ path: "until", problem, nearest: null }],
      });
    return { silence: toShownSilence(await alerts.desk.silence({ ...request, until: end })) };
  });
  api.answer(
    unsilenceRoute,
    async ({ params }) => ({ silence: toShownSilence(await alerts.desk.unsilence(params.silence_id)) }),
    UNSHARED,
  );
}

function addChannels(api: Api, { alerts, nowMs }: AnswerContext): void {
  api.answer(
    channelsRoute,
    () => ({
      channels: [...alerts.channels.values()].map(({ name, kind, destination }) => ({ name, kind, destination })),
      problem: alerts.channelProblem ?? null,
    }),
    UNSHARED,
  );
  // It may take as long as the channel's own time-out.
  api.write(
    testChannelRoute,
    async ({ params, signal }) => {
      const channel = alerts.channels.get(params.channel);
      const names = [...alerts.channels.keys()].join(", ") || "none";
      if (channel === undefined) throw new ProblemError("not_found", `There is no such channel; there are: ${names}.`);
      const { destination, answer, tookMs } = await testChannel(channel, { nowMs, signal });
      return { channel: channel.name, destination, outcome: answer.kind, words: answer.words, took_ms: tookMs };
    },
    { isHeavy: true },
  );
}

function toShownAlert({ recent_changes: _r, notified_state: _n, ...alert }: StoredAlert) {
  return alert;
}

function toShownEntry({ alert_id: _a, ...entry }: AlertHistoryEntry) {
  return entry;
}

/** The alert as it was is left out, and what the rule says for the channel. */
function toShownNotification({ alert_id: _i, alert: _a, config: _c, ...notification }: AlertNotification) {
  return notification;
}

function toShownSilence({ revision: _r, ...silence }: AlertSilence) {
  return silence;
}
