// The life of an alert as a state machine: whatever happens in whatever order, these hold.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAlertRule } from "../rules/parse-rule.ts";
import { advanceAlert, type LifecycleSettings } from "./advance-alert.ts";
import type { Alert, AlertNotification, AlertSilence } from "./alert.ts";
import { secondText } from "./alert-times.ts";

const SETTINGS: LifecycleSettings = { reopenWithinSeconds: 20, maxChanges: 3, flapWindowSeconds: 30 };
const START = Date.parse("2026-11-20T12:00:00Z") / 1_000;

/** What happens in a second. */
const second = fc.record({
  holds: fc.constantFrom(true, true, false, undefined),
  person: fc.constantFrom("none", "none", "none", "none", "acknowledge", "resolve"),
  skip: fc.constantFrom(1, 1, 1, 5, 25),
});
const quiet = fc.option(fc.record({ from: fc.nat({ max: 60 }), seconds: fc.nat({ max: 30 }) }), { nil: undefined });

test("states follow each other as they may, each change is notified once, and what was told is the truth in the end", () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 2), fc.array(second, { maxLength: 60 }), quiet, (forSeconds, seconds, silenced) => {
      const rule = createRule(forSeconds);
      const silences = silenced === undefined ? [] : [createSilence(silenced.from, silenced.seconds)];
      const told: AlertNotification[] = [];
      let alert: Alert | undefined;
      let at = START;
      const step = (holds: boolean | undefined) => {
        const before = alert;
        const progress = advanceAlert(before, {
          rule,
          holds,
          value: holds === true ? 1 : 0,
          at,
          silences,
          settings: SETTINGS,
        });
        alert = progress.alert;
        told.push(...progress.notifications);
        expect(FOLLOWS[before?.state ?? "none"]).toContain(alert?.state ?? "none");
        expect(progress.notifications.length).toBeLessThanOrEqual(1);
        if (alert?.state === "firing" && before?.state !== "firing" && before?.state !== "acknowledged")
          expect(at - Date.parse(alert.pending_since) / 1_000).toBeGreaterThanOrEqual(forSeconds);
        if (alert !== undefined && alert !== before)
          expect(progress.isChanged || alert.state === before?.state).toBe(true);
        if (progress.notifications.length > 0)
          expect([alert?.silence_id, before?.is_flapping === true && alert?.is_flapping]).toEqual([null, false]);
      };
      for (const { holds, person, skip } of seconds) {
        at += skip;
        step(holds);
        alert = act(alert, person, at);
      }
      expect(new Set(told.map(({ notification_id }) => notification_id)).size).toBe(told.length);
      // Long after, with nothing more happening: no silence, no flapping, and the last thing told is how it is.
      for (const wait of [100, 100]) {
        at += wait;
        step(undefined);
      }
      const last = (alert as Alert | undefined)?.notified_state;
      if (alert !== undefined && alert.triggered_at !== null && alert.state !== "pending") {
        expect(alert).toMatchObject({ silence_id: null, is_flapping: false });
        if (alert.state === "resolved") expect(last === "firing").toBe(false);
        else expect(last).toBe("firing");
      }
    }),
    { numRuns: 500 },
  );
});

/** To which states an alert may go within one instant. */
const FOLLOWS = {
  none: ["none", "pending", "firing"],
  pending: ["pending", "firing", "none", "resolved"],
  firing: ["firing", "resolved"],
  acknowledged: ["acknowledged", "resolved"],
  // Another one may begin, or the same be re-opened.
  resolved: ["resolved", "pending", "firing"],
} as const satisfies Record<string, readonly string[]>;

/** As the desk does it. */
function act(alert: Alert | undefined, person: string, at: number): Alert | undefined {
  if (alert === undefined || (alert.state !== "firing" && alert.state !== "acknowledged")) return alert;
  if (person === "acknowledge") return { ...alert, state: "acknowledged" };
  if (person !== "resolve") return alert;
  const isTold = alert.silence_id === null && !alert.is_flapping && alert.notified_state === "firing";
  const told = isTold
    ? ({ notified_state: "resolved", notification_count: alert.notification_count + 1 } as const)
    : {};
  return { ...alert, state: "resolved", status: "resolved", resolved_at: secondText(at), resolved_by: "ada", ...told };
}

function createRule(for_seconds: number) {
  return parseAlertRule({
    rule_name: "Errors",
    rule_type: "event_frequency",
    severity: "error",
    for_seconds,
    condition_config: { event_type: "error_event", threshold: 1 },
  });
}

function createSilence(from: number, seconds: number): AlertSilence {
  return {
    silence_id: "s",
    matchers: { severity: "error" },
    starts_at: secondText(START + from),
    ends_at: secondText(START + from + seconds),
    created_by: "ada",
    reason: "drill",
    revision: 0,
  };
}
