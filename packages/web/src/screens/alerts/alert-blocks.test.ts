import { expect, test } from "vitest";
import type { Alert } from "../../api/client.ts";
import { alertBlocks, blockFigures, byRule, isFolded } from "./alert-blocks.ts";

const alert = (rule_id: string, group: string, more: Partial<Alert> = {}) =>
  ({
    ...{ alert_id: `${rule_id}-${group}`, rule_id, fingerprint: `${rule_id} ${group}`, severity: "warning" },
    ...{ state: "firing", triggered_at: "2026-11-20T12:00:00.000000Z", pending_since: "" },
    ...more,
  }) as Alert;
const idsOf = (alerts: readonly Alert[]) => alerts.map(({ alert_id: id }) => id);

test("all alerts of a rule stand behind its worst one, the worst rule first", () => {
  const alerts = [
    alert("position", "a"),
    alert("errors", "", { severity: "error" }),
    alert("position", "b", { severity: "critical" }),
    alert("position", "c", { state: "acknowledged" }),
  ];
  expect(idsOf(byRule(alerts))).toEqual(["position-b", "position-a", "position-c", "errors-"]);
});

test("what follows each other of one rule is a block, and has a head where it is of several groups", () => {
  const blocks = alertBlocks([
    alert("position", "a"),
    alert("position", "b"),
    alert("errors", ""),
    alert("errors", ""),
    alert("position", "a"),
  ]);
  expect(blocks.map(({ ruleId, alerts, hasHead }) => [ruleId, alerts.length, hasHead])).toEqual([
    ["position", 2, true],
    ["errors", 2, false],
    ["position", 1, false],
  ]);
  expect(alertBlocks([])).toEqual([]);
});

test("a block is open, a long one folded, until somebody turns it; without a head there is nothing to fold", () => {
  const block = (count: number) =>
    alertBlocks(Array.from({ length: count }, (_, i) => alert("position", String(i))))[0]!;
  expect([isFolded(block(2), []), isFolded(block(2), ["position"])]).toEqual([false, true]);
  expect([isFolded(block(40), []), isFolded(block(40), ["position"])]).toEqual([true, false]);
  expect(isFolded(block(1), ["position"])).toBe(false);
});

test("the head says how many are in which state, the worst severity, and when the last one began", () => {
  const [block] = alertBlocks([
    alert("position", "a", { state: "acknowledged" }),
    alert("position", "b", { severity: "error", triggered_at: null, pending_since: "2026-11-20T12:09:00.000000Z" }),
    alert("position", "b"),
  ]);
  expect(blockFigures(block!)).toMatchObject({
    ...{ worst: { severity: "error" }, groups: 2, newest: "2026-11-20T12:09:00.000000Z" },
    states: [
      ["firing", 2],
      ["acknowledged", 1],
    ],
  });
});
