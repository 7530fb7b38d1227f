import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toChannelTarget } from "./channel-target.ts";
import { dueSteps } from "./escalation.ts";
import type { Escalation } from "./notification-config.ts";
import { parseNotificationConfig } from "./parse-notification-config.ts";
import { type RoutedAlert, routeAlert } from "./route-alert.ts";

const hook = (name: string) => ({ kind: "slack", webhook_url: `https://hooks.slack.com/services/${name}` });
const config = parseNotificationConfig({
  channels: { ops: hook("ops"), fx: hook("fx"), risk: hook("risk"), boss: hook("boss") },
  teams: {
    fx: { channels: ["fx"], escalation: { after_minutes: 10, to: "boss" } },
    risk: { channels: ["risk"] },
  },
  routes: [
    { min_severity: "critical", channels: ["boss"], continue: true },
    { labels: { symbol: "EUR/*", rule_name: "Spread*wide" }, team: "fx" },
    { labels: { service: "api" }, severities: ["warning", "error"], channels: ["ops", "risk"] },
  ],
  default: { channels: ["ops"], escalation: { to: ["boss"], min_severity: "error" } },
});
const alert = (fields: Partial<RoutedAlert> = {}): RoutedAlert => ({
  rule_id: "r",
  rule_name: "Spread is wide",
  severity: "warning",
  labels: {},
  ...fields,
});
const told = (fields: Partial<RoutedAlert>) => routeAlert(config, alert(fields)).channels;

describe("routes", () => {
  it("take an alert by labels, team and severity, the first that matches", () => {
    expect(told({ labels: { team: "fx", symbol: "EUR/USD", service: "api" } })).toEqual(["fx"]);
    expect(told({ labels: { service: "api" } })).toEqual(["ops", "risk"]);
    expect(told({ labels: { service: "api" }, severity: "info" })).toEqual(["ops"]);
  });

  it("go on where they say so", () => {
    expect(told({ severity: "critical", labels: { team: "fx", symbol: "EUR/USD" } })).toEqual(["boss", "fx"]);
  });

  it("leave to the team, then to the default, what none of them takes", () => {
    expect(told({ labels: { team: "risk" } })).toEqual(["risk"]);
    expect(told({ labels: { team: "nobody" } })).toEqual(["ops"]);
    expect(told({ labels: { team: "__proto__" } })).toEqual(["ops"]);
  });

  it("have the escalation of their team, or else of the default", () => {
    expect(routeAlert(config, alert({ labels: { team: "fx" } })).escalation?.afterMinutes).toBe(10);
    expect(routeAlert(config, alert({ labels: { team: "risk" } })).escalation?.minSeverity).toBe("error");
  });

  it("match patterns as a regular expression would", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const one = parseNotificationConfig({
          channels: { ops: hook("ops") },
          routes: [{ labels: { x: pattern === "" ? "*" : pattern }, channels: ["ops"] }],
        });
        const expected = new RegExp(`^${(pattern === "" ? "*" : pattern).replaceAll("*", ".*")}$`).test(text);
        expect(routeAlert(one, alert({ labels: { x: text } })).channels.length).toBe(expected ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("what a rule says to a channel", () => {
  it.each([
    ["email", ["ops-team@company.com"], { to: ["ops-team@company.com"] }],
    ["email", { to: "a@b.c" }, { to: ["a@b.c"] }],
    ["email", null, {}],
    ["email", [5, ""], {}],
    ["slack", { channel: "#alerts" }, { channel: "#alerts" }],
    ["slack", "#alerts", { channel: "#alerts" }],
    ["slack", { channel: 5 }, {}],
    ["pagerduty", { to: "x" }, {}],
  ] as const)("to %s: %j", (kind, given, target) => {
    expect(toChannelTarget(kind, given)).toEqual(target);
  });
});

describe("escalation", () => {
  const firing = {
    alert_id: "a",
    state: "firing",
    severity: "warning",
    triggered_at: "2026-11-20T12:00:00.000000Z",
    silence_id: null,
  } as const;
  const firedMs = Date.parse(firing.triggered_at);

  it("has a step for every passed wait, at most all of them, each with a key of its own that never changes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: -100, max: 5_000 }),
        (afterMinutes, count, repeat, minutes) => {
          const steps = Array.from({ length: count }, (_, i) => [`c${i}`]);
          const escalation: Escalation = { afterMinutes, minSeverity: "warning", steps, repeat };
          const due = dueSteps(escalation, firing, firedMs + minutes * 60_000);
          const passed = Math.max(0, Math.floor(minutes / afterMinutes));
          expect(due).toHaveLength(Math.min(passed, count * (repeat + 1)));
          expect(new Set(due.map(({ key }) => key)).size).toBe(due.length);
          const later = dueSteps(escalation, firing, firedMs + (minutes + 60) * 60_000);
          expect(later.slice(0, due.length)).toEqual(due);
          for (const { number, channels } of due) expect(channels).toEqual([`c${(number - 1) % count}`]);
        },
      ),
    );
  });
});
