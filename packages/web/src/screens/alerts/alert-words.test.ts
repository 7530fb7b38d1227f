import { expect, test } from "vitest";
import type { Alert } from "../../api/client.ts";
import { changeText, figuresOf, lastedText, worstFirst } from "./alert-words.ts";
import { rangeAround } from "./range-around.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

function alert(more: Partial<Alert>): Alert {
  const base = { severity: "error", state: "firing", pending_since: "2026-11-20T11:00:00.000000Z", triggered_at: null };
  return { value: null, peak_value: null, threshold: null, ...base, ...more } as Alert;
}

test("the worst comes first, what nobody has seen before what somebody has, the newest before the oldest", () => {
  const ids = worstFirst([
    alert({ alert_id: "old", triggered_at: "2026-11-20T10:00:00.000000Z" }),
    alert({ alert_id: "seen", severity: "critical", state: "acknowledged" }),
    alert({ alert_id: "info", severity: "info" }),
    alert({ alert_id: "new", triggered_at: "2026-11-20T11:30:00.000000Z" }),
    alert({ alert_id: "worst", severity: "critical" }),
  ]).map(({ alert_id: id }) => id);
  expect(ids).toEqual(["worst", "seen", "new", "old", "info"]);
});

test("figures are those that are known, and the worst only where it is another one", () => {
  expect(figuresOf(alert({ value: 14, peak_value: 22, threshold: 10 }))).toBe("14 now, 22 at worst, threshold 10");
  expect(figuresOf(alert({ value: 14, peak_value: 14, threshold: 10 }))).toBe("14 now, threshold 10");
  expect(figuresOf(alert({ value: 3, peak_value: 14, threshold: 10, state: "resolved" }))).toBe(
    "14 at worst, threshold 10",
  );
  expect(figuresOf(alert({}))).toBe("");
  expect(figuresOf(alert({ value: -1234.56789 }))).toBe("−1,234.57 now");
});

test("how long it lasted has two units, and goes on where it has not ended", () => {
  const from = "2026-11-20T09:54:56.000000Z";
  expect(lastedText(from, "2026-11-20T09:54:56.000000Z", NOW)).toBe("0 s");
  expect(lastedText(from, "2026-11-20T09:56:01.000000Z", NOW)).toBe("1 min 5 s");
  expect(lastedText(from, null, NOW)).toBe("2 h 5 min");
  expect(lastedText(from, "2026-11-23T09:54:57.000000Z", NOW)).toBe("3 d");
  expect(lastedText("soon", null, NOW)).toBe("–");
});

test("an entry of the history says who did what", () => {
  const entry = { changed_at: "2026-11-20T12:00:00.000000Z", changed_by: "ada", note: null };
  expect(changeText({ ...entry, change: "acknowledged" })).toBe("ada acknowledged it");
  expect(changeText({ ...entry, change: "assigned", note: "grace" })).toBe("ada assigned it to grace");
  expect(changeText({ ...entry, change: "assigned" })).toBe("ada assigned it to nobody");
  expect(changeText({ ...entry, change: "resolved", changed_by: null })).toBe("The condition ended");
});

test("the range around an alert begins before it and does not end in the future", () => {
  const since = "2026-11-20T11:00:00.000000Z";
  expect(rangeAround({ pending_since: since, resolved_at: null }, NOW)).toEqual({
    from: "2026-11-20T10:45:00.000Z",
    to: "2026-11-20T12:00:00.000Z",
  });
  expect(rangeAround({ pending_since: since, resolved_at: "2026-11-20T11:10:00.000000Z" }, NOW).to).toBe(
    "2026-11-20T11:15:00.000Z",
  );
  expect(rangeAround({ pending_since: since, resolved_at: "2026-11-20T11:59:00.000000Z" }, NOW).to).toBe(
    "2026-11-20T12:00:00.000Z",
  );
});
