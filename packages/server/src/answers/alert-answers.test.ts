// Alerts over the API: filters, what people do with them, silences.
import { toTimestamp } from "@tracebook/core";
import { beforeAll, describe, expect, test } from "vitest";
import { numberedEvents } from "../../test/numbered-events.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { until } from "../../test/test-desk.ts";

const API = "/api/telemetry";
const rule = (severity: string) => ({
  rule_name: `Errors (${severity})`,
  rule_type: "event_frequency",
  condition_config: { event_type: "error_event", threshold: 1, time_window_minutes: 60 },
  severity,
});

const shared = sharedDesk(undefined, { alertRules: [rule("error"), rule("critical")] });
const ids: Record<string, string> = {};

function post(path: string, body: unknown) {
  const headers = { "content-type": "application/json" };
  return shared.get(`${API}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

beforeAll(async () => {
  await until(async () => (await shared.get(`${API}/health`)).json.alerts.role === "evaluator");
  await shared.desk.store.writeEvents(numberedEvents(1, { eventType: "error_event", severityNumber: 17 }));
  await until(async () => (await shared.get(`${API}/alerts?state=firing`)).json.count === 2);
  for (const alert of (await shared.get(`${API}/alerts`)).json.alerts) ids[alert.severity] = alert.alert_id;
});

describe("alerts", () => {
  test.each([
    ["severity=critical", ["critical"]],
    ["rule_id=errors-error", ["error"]],
    ["status=active&limit=1&offset=1", [expect.any(String)]],
    ["state=resolved", []],
    ["end_time=2020-01-01", []],
    ["assigned_to=nobody", []],
  ])("are found by %s", async (query, severities) => {
    const { json } = await shared.get(`${API}/alerts?${query}`);
    expect(json.alerts.map(({ severity }: { severity: string }) => severity)).toEqual(severities);
    expect(json.count).toBe(severities.length);
  });

  test("are assigned, commented on, given an impact, and say who did what", async () => {
    const path = `/alerts/${ids["critical"]}`;
    expect((await post(`${path}/assign`, { by: "ada", to: "grace" })).json.alert.assigned_to).toBe("grace");
    expect((await post(`${path}/comment`, { by: "grace", text: "looking" })).status).toBe(200);
    const told = await post(`${path}/impact`, { by: "grace", impact: "no fills on ETH" });
    expect(told.json.alert.impact).toBe("no fills on ETH");
    expect(told.headers.get("cache-control")).toBe("no-store");
    const { json } = await shared.get(`${API}/alerts/${ids["critical"]}`);
    expect(
      json.history.map((entry: Record<string, unknown>) => [entry["change"], entry["changed_by"], entry["note"]]),
    ).toEqual([
      ["firing", null, null],
      ["assigned", "ada", "grace"],
      ["commented", "grace", "looking"],
      ["impact", "grace", "no fills on ETH"],
    ]);
    expect((await shared.get(`${API}/alerts?assigned_to=grace`)).json.count).toBe(1);
  });

  test("that are not there, or in no state for it, are said to be so", async () => {
    expect((await shared.get(`${API}/alerts/none`)).json.code).toBe("not_found");
    const missing = await post("/alerts/none/acknowledge", { by: "ada" });
    expect([missing.status, missing.json.code]).toEqual([404, "not_found"]);
    await post(`/alerts/${ids["error"]}/resolve`, { by: "ada", note: "over" });
    const late = await post(`/alerts/${ids["error"]}/acknowledge`, { by: "ada" });
    expect([late.status, late.json.code]).toEqual([409, "conflict"]);
    const nameless = await post(`/alerts/${ids["error"]}/comment`, { text: "x" });
    expect([nameless.status, nameless.json.problems[0].path]).toEqual([422, "by"]);
    const blank = await post(`/alerts/${ids["error"]}/comment`, { by: " ", text: "x" });
    expect([blank.status, blank.json.code]).toEqual([422, "invalid_body"]);
  });

  test("are not notified while a silence lasts, which is ended by hand or by itself", async () => {
    const end = toTimestamp((Date.now() + 3_600_000) * 1_000);
    const request = { by: "ada", reason: "maintenance", until: end, matchers: { severity: "critical" } };
    const { silence } = (await post("/alert-silences", request)).json;
    expect(silence).toMatchObject({ matchers: { severity: "critical" }, created_by: "ada", ends_at: end });
    expect((await shared.get(`${API}/alert-silences`)).json.silences).toEqual([silence]);
    await until(async () => (await shared.get(`${API}/alerts/${ids["critical"]}`)).json.alert.silence_id !== null);
    const ended = await shared.get(`${API}/alert-silences/${silence.silence_id}`, { method: "DELETE" });
    expect(ended.json.silence.silence_id).toBe(silence.silence_id);
    expect((await shared.get(`${API}/alert-silences`)).json.silences).toEqual([]);
    const again = await shared.get(`${API}/alert-silences/${silence.silence_id}`, { method: "DELETE" });
    expect(again.status).toBe(404);
    for (const wrong of [{ until: "soon" }, { until: "2020-01-01" }, { matchers: {} }, { reason: "" }])
      expect((await post("/alert-silences", { ...request, ...wrong })).status).toBe(422);
  });
});
