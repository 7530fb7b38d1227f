// What every store must do with alerts, whichever database it is: its records, and the feed of the engine. Run this for each of them.
import { describe, expect, test } from "vitest";
import type { AlertRecords } from "../src/alert-records.ts";
import { describeFeedContract } from "./alert-feed-contract.ts";
import { type OpenAlertStore, withAlerts } from "./alert-store.ts";
import { createAlert, createNotification, createRule, NOON, time } from "./store-alerts.ts";

export type { AlertStore } from "./alert-store.ts";

/** Declares the tests for the store that `open` gives. */
export function describeAlertContract(name: string, open: OpenAlertStore): void {
  describe(`alerts of ${name}`, () => {
    describeRules(open);
    describeAlerts(open);
    describeOutbox(open);
    describeLeases(open);
    describeFeedContract(open);
  });
}

function describeRules(open: OpenAlertStore): void {
  test("a rule is read as it was written, keeps when it was created, and is gone once removed", () =>
    withAlerts(open, async ({ alerts }) => {
      const rule = createRule({ rule_id: "b", rule_name: "B", license_id: "lic-1" });
      const revision = await alerts.saveRule(rule);
      await alerts.saveRule(createRule({ rule_id: "a", rule_name: "A" }));
      expect(await alerts.rule("b")).toEqual({ ...rule, revision });
      expect((await alerts.rules()).map(({ rule_id }) => rule_id)).toEqual(["a", "b"]);
      const later = { ...rule, for_seconds: 60, created_at: time(100), updated_at: time(100) };
      const second = await alerts.saveRule(later);
      expect(second).toBeGreaterThan(revision);
      expect(await alerts.rule("b")).toEqual({ ...later, created_at: rule.created_at, revision: second });
      expect(await alerts.removeRule("b", time(200))).toBe(true);
      expect(await alerts.removeRule("b", time(200))).toBe(false);
      expect(await alerts.rule("b")).toBeUndefined();
      const { rules } = await alerts.changesSince(second);
      expect(rules.map(({ rule_id, removed_at }) => [rule_id, removed_at])).toEqual([["b", time(200)]]);
    }));

  test("a rule that is expected to be of a revision is written when it is, and of many that expect the same one is", () =>
    withAlerts(open, async ({ alerts }) => {
      const rule = createRule();
      const refused = { code: "alert_conflict" };
      await expect(alerts.saveRule(rule, 7)).rejects.toMatchObject(refused);
      expect(await alerts.rule("rule")).toBeUndefined();
      const begun = await Promise.allSettled([1, 2, 3, 4].map((n) => alerts.saveRule({ ...rule, for_seconds: n }, 0)));
      expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const first = (await alerts.rule("rule"))!;
      const severities = ["info", "warning", "error", "critical"] as const;
      const changed = await Promise.allSettled(
        severities.map((severity) => alerts.saveRule({ ...first, severity }, first.revision)),
      );
      const [done, ...more] = changed.filter((result) => result.status === "fulfilled");
      expect(more).toEqual([]);
      expect(changed.find((result) => result.status === "rejected")?.reason).toMatchObject(refused);
      const second = (await alerts.rule("rule"))!;
      expect(second).toMatchObject({
        revision: done?.value,
        for_seconds: first.for_seconds,
        created_at: first.created_at,
      });
      await expect(alerts.saveRule(first, 0)).rejects.toMatchObject(refused);
      await alerts.removeRule("rule", time(200));
      await expect(alerts.saveRule(second, second.revision)).rejects.toMatchObject(refused);
      await alerts.saveRule(second, 0);
      expect(await alerts.rule("rule")).toMatchObject({ severity: second.severity, removed_at: null });
    }));

  test("a problem of a rule is kept, and is no change that the engine hears of", () =>
    withAlerts(open, async ({ alerts }) => {
      const revision = await alerts.saveRule(createRule());
      await alerts.commit({ ruleProblems: [{ rule_id: "rule", problem: "too many values" }] });
      expect((await alerts.rule("rule"))?.problem).toBe("too many values");
      expect((await alerts.changesSince(revision)).rules).toEqual([]);
    }));
}

function describeAlerts(open: OpenAlertStore): void {
  test("an alert is read as it was written, whatever its texts hold", () =>
    withAlerts(open, async ({ alerts }) => {
      const alert = createAlert({
        summary: "a 'quoted' \u{1f6a8} line",
        labels: { team: "é" },
        value: 1.5,
        triggered_at: time(9),
      });
      const revision = await alerts.commit({ alerts: [{ alert, expectedRevision: 0 }] });
      expect(await alerts.alert("alert")).toEqual({ ...alert, revision });
      expect(await alerts.alert("another")).toBeUndefined();
    }));

  test("of a commit that meets a conflict nothing is written", () =>
    withAlerts(open, async ({ alerts }) => {
      const first = createAlert();
      const revision = await alerts.commit({ alerts: [{ alert: first, expectedRevision: 0 }] });
      const conflict = alerts.commit({
        engine: { cursor: "9", evaluated_until: 9 },
        alerts: [
          { alert: createAlert({ alert_id: "other" }), expectedRevision: 0 },
          { alert: { ...first, state: "firing" }, expectedRevision: revision + 7 },
        ],
        history: [entry("other")],
        notifications: [createNotification(first)],
      });
      await expect(conflict).rejects.toMatchObject({ code: "alert_conflict" });
      expect(await alerts.alert("other")).toBeUndefined();
      expect(await alerts.engineState()).toBeUndefined();
      expect(await alerts.history("other")).toEqual([]);
      expect(await alerts.notifications(undefined, 10)).toEqual([]);
      await alerts.commit({ alerts: [{ alert: { ...first, state: "firing" }, expectedRevision: revision }] });
      expect((await alerts.alert("alert"))?.state).toBe("firing");
    }));

  test("alerts are found by what they are, newest first, and changes since a revision are all that changed", () =>
    withAlerts(open, async ({ alerts }) => {
      const all = [0, 1, 2, 3].map((i) =>
        createAlert({
          alert_id: `alert-${i}`,
          rule_id: i < 2 ? "x" : "y",
          pending_since: time(i),
          triggered_at: i === 3 ? null : time(10 + i),
          state: i === 0 ? "resolved" : i === 3 ? "pending" : "firing",
          status: i === 0 ? "resolved" : i === 3 ? "pending" : "active",
        }),
      );
      const revision = await alerts.commit({ alerts: all.map((alert) => ({ alert, expectedRevision: 0 })) });
      const ids = async (filter: Parameters<AlertRecords["findAlerts"]>[0], limit = 9, offset = 0) =>
        (await alerts.findAlerts(filter, limit, offset)).map(({ alert_id }) => Number(alert_id.at(-1)));
      expect(await ids({})).toEqual([2, 1, 0, 3]);
      expect(await ids({}, 2, 1)).toEqual([1, 0]);
      expect(await ids({ ruleId: "x" })).toEqual([1, 0]);
      expect(await ids({ status: "active" })).toEqual([2, 1]);
      expect(await ids({ startTime: time(3), endTime: time(11) })).toEqual([1, 0, 3]);
      const newest = (await alerts.changesSince(0)).alerts.map(({ alert_id }) => alert_id);
      expect([...newest].sort()).toEqual(["alert-1", "alert-2", "alert-3"]);
      const changed = await alerts.commit({ alerts: [{ alert: all[0]!, expectedRevision: revision }] });
      const since = await alerts.changesSince(revision);
      expect(since.revision).toBe(changed);
      expect(since.alerts.map(({ alert_id }) => alert_id)).toEqual(["alert-0"]);
    }));

  test("from the beginning on, of each rule and fingerprint the newest alert is told, all that are open, and nothing that is long over", () =>
    withAlerts(open, async ({ alerts }) => {
      const day = 86_400;
      const resolved = (at: number) => ({ state: "resolved", status: "resolved", resolved_at: time(at) }) as const;
      const firing = { state: "firing", status: "active", triggered_at: time(0) } as const;
      const over = { condition_holds: false } as const;
      const all = [
        createAlert({ alert_id: "of a, older", fingerprint: "a", ...over, ...resolved(9) }),
        createAlert({ alert_id: "of a", fingerprint: "a", pending_since: time(20), ...firing }),
        createAlert({ alert_id: "of b, older", fingerprint: "b", ...over, ...resolved(40 * day) }),
        createAlert({ alert_id: "of b", fingerprint: "b", pending_since: time(1), ...over, ...resolved(40 * day) }),
        createAlert({ alert_id: "of b, open", fingerprint: "b", pending_since: time(-9), ...firing }),
        createAlert({ alert_id: "of c, long over", fingerprint: "c", ...over, ...resolved(10 * day - 1) }),
        createAlert({ alert_id: "of d, holds", fingerprint: "d", ...resolved(9) }),
        createAlert({ alert_id: "of e", fingerprint: "e", ...over, ...resolved(10 * day) }),
        createAlert({ alert_id: "of another rule", rule_id: "rule-2", fingerprint: "a", ...firing }),
      ];
      await alerts.commit({ alerts: all.map((alert) => ({ alert, expectedRevision: 0 })) });
      const told = async () => (await alerts.changesSince(0)).alerts.map(({ alert_id }) => alert_id).sort();
      const never = ["of a", "of another rule", "of b", "of b, open", "of c, long over", "of d, holds", "of e"];
      expect(await told()).toEqual(never);
      await alerts.commit({ engine: { cursor: "1", evaluated_until: NOON + 40 * day } });
      expect(await told()).toEqual(never.filter((id) => id !== "of c, long over"));
    }));

  test("a pending alert that comes to nothing is gone with its history; one that has fired is not", () =>
    withAlerts(open, async ({ alerts }) => {
      const fired = createAlert({ alert_id: "fired", state: "firing", status: "active" });
      const writes = [createAlert(), fired].map((alert) => ({ alert, expectedRevision: 0 }));
      await alerts.commit({ alerts: writes, history: [entry("alert"), entry("fired")] });
      await alerts.commit({ droppedAlertIds: ["alert", "fired"] });
      expect(await alerts.alert("alert")).toBeUndefined();
      expect(await alerts.history("alert")).toEqual([]);
      expect(await alerts.history("fired")).toEqual([entry("fired")]);
    }));

  test("what has been over for long is removed as the engine goes on, and what is not over stays", () =>
    withAlerts(open, async ({ alerts }) => {
      const over = createAlert({
        alert_id: "over",
        rule_id: "o",
        state: "resolved",
        status: "resolved",
        triggered_at: time(1),
      });
      const sent = { ...createNotification(over), status: "delivered" } as const;
      const writes = [over, createAlert()].map((alert) => ({ alert, expectedRevision: 0 }));
      const waiting = createNotification(createAlert());
      await alerts.commit({ alerts: writes, history: [entry("over")], notifications: [sent, waiting] });
      const day = (days: number) => ({ engine: { cursor: "1", evaluated_until: NOON + days * 86_400 } });
      await alerts.commit(day(89));
      expect(await alerts.notifications(undefined, 9)).toHaveLength(2);
      await alerts.commit(day(91));
      expect(await alerts.notifications(undefined, 9)).toEqual([waiting]);
      expect(await alerts.history("over")).toHaveLength(1);
      await alerts.commit(day(401));
      expect(await alerts.alert("over")).toBeUndefined();
      expect(await alerts.history("over")).toEqual([]);
      expect(await alerts.alert("alert")).toBeDefined();
    }));

  test("silences are those that have not ended", () =>
    withAlerts(open, async ({ alerts }) => {
      const silence = {
        silence_id: "s",
        matchers: { team: "*" },
        starts_at: time(0),
        ends_at: time(60),
        created_by: "ada",
        reason: "drill",
        revision: 0,
      };
      const revision = await alerts.commit({ silences: [silence] });
      expect(await alerts.silences(time(59))).toEqual([{ ...silence, revision }]);
      expect(await alerts.silences(time(60))).toEqual([]);
      const ended = await alerts.commit({ silences: [{ ...silence, ends_at: time(30) }] });
      expect((await alerts.changesSince(revision)).silences).toEqual([
        { ...silence, ends_at: time(30), revision: ended },
      ]);
    }));
}

function describeOutbox(open: OpenAlertStore): void {
  test("a notification is in the outbox once, due at its time, until it is delivered", () =>
    withAlerts(open, async ({ alerts }) => {
      const one = createNotification(createAlert());
      await alerts.commit({ notifications: [one] });
      await alerts.commit({ notifications: [{ ...one, channel: "made again" }] });
      expect(await alerts.dueNotifications(time(4), 10)).toEqual([]);
      expect(await alerts.dueNotifications(time(5), 10)).toEqual([one]);
      const tried = {
        status: "waiting",
        attempts: 1,
        next_attempt_at: time(65),
        last_error: "503",
        delivered_at: null,
      } as const;
      await alerts.noteDeliveries([{ notification_id: one.notification_id, ...tried }]);
      expect(await alerts.dueNotifications(time(5), 10)).toEqual([]);
      expect(await alerts.dueNotifications(time(65), 10)).toEqual([{ ...one, ...tried }]);
      const done = { ...tried, status: "delivered", attempts: 2, last_error: null, delivered_at: time(66) } as const;
      await alerts.noteDeliveries([{ notification_id: one.notification_id, ...done }]);
      expect(await alerts.dueNotifications(time(99), 10)).toEqual([]);
      expect(await alerts.notifications("alert", 10)).toEqual([{ ...one, ...done }]);
    }));

  test("notifications of one time are due in the order in which they were made, with settings or without", () =>
    withAlerts(open, async ({ alerts }) => {
      const made = ["b", "a", "c"].map((id) => ({
        ...createNotification(createAlert({ alert_id: id })),
        config: id === "a" ? null : { channel: "#alerts" },
      }));
      await alerts.commit({ notifications: made });
      expect(await alerts.dueNotifications(time(5), 10)).toEqual(made);
      expect(await alerts.dueNotifications(time(5), 2)).toEqual(made.slice(0, 2));
      expect(await alerts.notifications(undefined, 10)).toEqual(made.toReversed());
    }));
}

function describeLeases(open: OpenAlertStore): void {
  test("a lease has one holder until it ends, and what an earlier holder commits is refused", () =>
    withAlerts(open, async ({ alerts }) => {
      const first = await alerts.takeLease("evaluator", "a", time(0), time(15));
      expect(first).toMatchObject({ holder: "a", until: time(15) });
      expect(await alerts.takeLease("evaluator", "b", time(14), time(29))).toBeUndefined();
      expect(await alerts.takeLease("delivery", "b", time(14), time(29))).toBeDefined();
      const longer = await alerts.takeLease("evaluator", "a", time(10), time(25));
      expect(longer?.token).toBe(first?.token);
      const second = await alerts.takeLease("evaluator", "b", time(25), time(40));
      expect(second!.token).toBeGreaterThan(first!.token);
      const engine = { cursor: "1", evaluated_until: 1 };
      await expect(alerts.commit({ lease: first, engine })).rejects.toMatchObject({ code: "alert_lease_lost" });
      await expect(alerts.noteDeliveries([], first)).rejects.toMatchObject({ code: "alert_lease_lost" });
      expect(await alerts.engineState()).toBeUndefined();
      await alerts.commit({ lease: second, engine });
      expect(await alerts.engineState()).toEqual(engine);
      await alerts.releaseLease(first!);
      expect(await alerts.takeLease("evaluator", "a", time(26), time(50))).toBeUndefined();
      await alerts.releaseLease(second!);
      expect(await alerts.takeLease("evaluator", "a", time(26), time(50))).toBeDefined();
    }));
}

function entry(alert_id: string) {
  return { alert_id, changed_at: time(1), change: "firing", changed_by: null, note: null } as const;
}
