// Rules over the API: what is taken, what is refused and why, and who may ask.
import { toTimestamp } from "@tracebook/core";
import { describe, expect, test } from "vitest";
import { numberedEvents } from "../../test/numbered-events.ts";
import { rawRequest, sendRaw } from "../../test/raw-request.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openTestDesk } from "../../test/test-desk.ts";

const RULES = "/api/telemetry/alert-rules";
const RULE = {
  rule_name: "High Error Rate",
  rule_type: "event_frequency",
  condition_config: { event_type: "error_event", threshold: 3, time_window_minutes: 5 },
  severity: "ERROR",
};

const desk = sharedDesk();

function json(method: string, body: unknown, headers: Record<string, string> = {}) {
  return { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

describe("a rule", () => {
  test("is written, read, changed under its revision, and removed", async () => {
    const created = await desk.get(`${RULES}/errors?revision=0`, json("PUT", RULE));
    expect(created.json.rule).toMatchObject({ rule_id: "errors", severity: "error", is_active: true, problem: null });
    expect(created.headers.get("cache-control")).toBe("no-store");
    const { rule } = (await desk.get(`${RULES}/errors`)).json;
    expect(rule).toEqual(created.json.rule);
    const again = await desk.get(`${RULES}/errors?revision=0`, json("PUT", RULE));
    expect([again.status, again.json.code]).toEqual([409, "conflict"]);
    const changed = await desk.get(
      `${RULES}/errors?revision=${rule.revision}`,
      json("PUT", { ...RULE, for_seconds: 60 }),
    );
    expect([changed.status, changed.json.rule.for_seconds]).toEqual([200, 60]);
    expect((await desk.get(`${RULES}/errors`, { method: "DELETE" })).json).toEqual({ rule_id: "errors" });
    expect((await desk.get(`${RULES}/errors`, { method: "DELETE" })).status).toBe(404);
    expect((await desk.get(RULES)).json).toEqual({ rules: [], count: 0 });
  });

  test("that cannot work is refused with all that is wrong, each with its place and the nearest valid form", async () => {
    const wrong = { ...RULE, severity: "eror", condition_config: { event_type: "eror_event", threshold: 3 } };
    const { status, json: problem } = await desk.get(`${RULES}/errors`, json("PUT", wrong));
    expect([status, problem.code]).toEqual([422, "invalid_rule"]);
    expect(problem.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: "severity", nearest: "error" }),
        expect.objectContaining({ path: "condition_config.event_type", nearest: "error_event" }),
      ]),
    );
    const checked = await desk.get(`${RULES}/check`, json("POST", { rule: wrong }));
    expect(checked.json).toEqual({ rule: null, problems: problem.problems });
    const known = await desk.get(`${RULES}/errors?allow_unknown=true`, json("PUT", { ...wrong, severity: "error" }));
    expect(known.status).toBe(200);
    await desk.get(`${RULES}/errors`, { method: "DELETE" });
  });

  test("is checked: with every default in place, and nothing is written", async () => {
    const { json: checked } = await desk.get(`${RULES}/check`, json("POST", { rule: RULE }));
    expect(checked.problems).toEqual([]);
    expect(checked.rule).toMatchObject({
      rule_id: "high-error-rate",
      source_type: "telemetry_event",
      condition_config: { operator: ">=", time_window_minutes: 5 },
    });
    expect((await desk.get(RULES)).json.count).toBe(0);
  });

  test("has the id of its path", async () => {
    const { status, json: problem } = await desk.get(`${RULES}/errors`, json("PUT", { ...RULE, rule_id: "other" }));
    expect([status, problem.problems]).toEqual([
      422,
      [expect.objectContaining({ path: "rule_id", nearest: "errors" })],
    ]);
  });
});

test("a back-test says when it would have fired, and refuses a range that is none", async () => {
  const at = 1_780_000_000;
  const timestamp = toTimestamp(at * 1_000_000);
  await desk.desk.store.writeEvents(numberedEvents(3, { eventType: "error_event", timestamp }));
  const range = { start_time: toTimestamp((at - 60) * 1e6), end_time: toTimestamp((at + 3_600) * 1e6) };
  const { json: result } = await desk.get(`${RULES}/backtest`, json("POST", { rule: RULE, ...range }));
  expect(result).toMatchObject({ notifications: 2, has_flapped: false, precision: "second", problem: null });
  expect(result.firings).toHaveLength(1);
  const [{ fired_at: firedAt, resolved_at: resolvedAt, peak_value: peak }] = result.firings;
  expect(Math.abs(Date.parse(firedAt) / 1_000 - at)).toBeLessThanOrEqual(1);
  expect(Math.abs(Date.parse(resolvedAt) / 1_000 - at - 300)).toBeLessThanOrEqual(1);
  expect(peak).toBe(3);
  for (const [end, path] of [
    ["2020-01-01T00:00:00Z", "end_time"],
    ["soon", "end_time"],
  ]) {
    const refused = await desk.get(`${RULES}/backtest`, json("POST", { rule: RULE, ...range, end_time: end }));
    expect([refused.status, refused.json.problems[0].path]).toEqual([422, path]);
  }
});

test("a back-test ends when its time is used up", async () => {
  const { get } = await openTestDesk({ alerts: false }, { budgetMs: -1 });
  const range = { start_time: "2026-11-20T00:00:00Z", end_time: "2026-11-21T00:00:00Z" };
  const answer = await get(`${RULES}/backtest`, json("POST", { rule: RULE, ...range }));
  expect([answer.status, answer.json.code]).toEqual([503, "took_too_long"]);
});

test("a desk that is mounted takes bodies as the web has them, with the same limits", async () => {
  const { desk: mounted } = await openTestDesk({ alerts: false, port: false, token: "0123456789abcdef" });
  const ask = (body: string) =>
    mounted.fetch(
      new Request(`http://localhost${RULES}/errors`, {
        method: "PUT",
        headers: { authorization: "Bearer 0123456789abcdef", "content-type": "application/json", host: "localhost" },
        body,
      }),
    );
  expect((await ask(JSON.stringify(RULE))).status).toBe(200);
  expect((await ask(`"${"x".repeat(2_100_000)}"`)).status).toBe(413);
});

test("rules go to Prometheus and come back; what does not is said with the reason", async () => {
  const rule = {
    rule_name: "High CPU",
    rule_type: "metric_threshold",
    condition_config: { metric: "cpu_usage", operator: ">", threshold: 90 },
    severity: "warning",
  };
  await desk.get(`${RULES}/high-cpu`, json("PUT", rule));
  await desk.get(`${RULES}/off`, json("PUT", { ...rule, rule_name: "Off", is_active: false }));
  const file = await desk.get(`${RULES}/prometheus`);
  expect(file.headers.get("content-type")).toBe("application/yaml");
  expect(file.text).toMatch(/^# left out: off: /);
  expect(file.text).toContain("alert: High CPU");
  await desk.get(`${RULES}/high-cpu`, { method: "DELETE" });
  const broken = "\n- { name: more, rules: [{ alert: Odd, expr: 'predict_linear(x[1h])' }] }\n";
  const back = await desk.get(
    `${RULES}/prometheus`,
    json("POST", { yaml: file.text + broken.replaceAll("\n", "\n  ") }),
  );
  expect(back.json.rules).toMatchObject([{ rule_id: "high-cpu", rule_name: "High CPU", severity: "warning" }]);
  expect(back.json.refused).toMatchObject([{ path: "groups[1].rules[0]", name: "Odd" }]);
  expect((await desk.get(`${RULES}/high-cpu`)).status).toBe(200);
  expect((await desk.get(`${RULES}/prometheus`, json("POST", { yaml: "- [" }))).status).toBe(422);
});

describe("a body", () => {
  const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "rule=1" };

  test.each([
    ["of a simple form", form, 415, "unsupported_media_type"],
    [
      "as text",
      { ...form, headers: { "content-type": "text/plain" }, body: '{"rule":{}}' },
      415,
      "unsupported_media_type",
    ],
    ["that is missing", { method: "POST" }, 415, "unsupported_media_type"],
    ["that is no JSON", { ...json("POST", {}), body: "{" }, 400, "invalid_request"],
    ["that is no UTF-8", { ...json("POST", {}), body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, "invalid_request"],
    ["that is nested too deep", { ...json("POST", {}), body: "[".repeat(100_000) }, 400, "invalid_request"],
    ["of unknown fields", json("POST", { rule: {}, more: 1 }), 422, "invalid_body"],
    ["of the wrong shape", json("POST", []), 422, "invalid_body"],
    ["that is too large", json("POST", { rule: { rule_name: "x".repeat(2_100_000) } }), 413, "body_too_large"],
  ])("%s is refused", async (_, init, status, code) => {
    const answer = await desk.get(`${RULES}/check`, init);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  test("with a prototype in it pollutes nothing", async () => {
    const body = '{"rule":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}';
    const { status, json: checked } = await desk.get(`${RULES}/check`, { ...json("POST", {}), body });
    expect([status, checked.rule]).toEqual([200, null]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe.each(["POST", "PUT", "DELETE"])("%s", (method) => {
  const target = method === "POST" ? `${RULES}/check` : `${RULES}/errors`;
  const send = (headers: readonly string[]) => {
    const { host } = new URL(desk.desk.url);
    const all = [`Host: ${host}`, "Content-Type: application/json", "Content-Length: 2", ...headers];
    return sendRaw(desk.desk.url, `${rawRequest(method, target, all)}{}`);
  };

  test("of another site's page is refused", async () => {
    expect((await send(["Sec-Fetch-Site: cross-site"])).status).toBe(403);
    expect((await send(["Origin: https://evil.example.com"])).status).toBe(403);
  });

  test("by another name is refused, and without the token", async () => {
    const other = rawRequest(method, target, ["Host: evil.example.com", "Content-Length: 2"]);
    expect((await sendRaw(desk.desk.url, `${other}{}`)).status).toBe(403);
    const guarded = await openTestDesk({ token: "0123456789abcdef", alerts: false });
    const init = method === "DELETE" ? { method } : json(method, RULE);
    expect((await guarded.get(target, init)).status).toBe(401);
    const headers = { "content-type": "application/json", authorization: "Bearer 0123456789abcdef" };
    expect((await guarded.get(target, { ...init, headers })).status).not.toBe(401);
  });
});
