// The findings for programs: stable names, and of what was sent only what arrived.
import { describe, expect, it } from "vitest";
import { type Answer, startReceiver } from "../../test/receivers.ts";
import { doctor } from "../../test/services.ts";

describe("what tracebook doctor --json prints", () => {
  it("is one JSON object with stable names on request", async () => {
    const { url } = await startReceiver(({ path }) =>
      path === "/v1/logs" ? { status: 429, headers: { "retry-after": "7" } } : {},
    );
    const finished = await doctor(url, { TELEMETRY_SLOW_MS: "80" }, ["--json"]);
    const report = JSON.parse(finished.stdout);
    expect(finished.code).toBe(1);
    expect(Object.keys(report)).toEqual([
      "verdict",
      "exit_code",
      "service_name",
      "environment",
      "env_file",
      "enabled",
      "refuses_to_start",
      "node",
      "packages",
      "settings",
      "problems",
      "checks",
      "destinations",
      "sent",
      "journal",
    ]);
    expect(report).toMatchObject({
      verdict: "not_well",
      exit_code: 1,
      service_name: "basis-trader",
      environment: null,
    });
    expect(report.settings).toContainEqual({
      name: "slowMs",
      group: "Keeping traces",
      value: "80",
      source: "TELEMETRY_SLOW_MS",
      variables: ["TELEMETRY_SLOW_MS"],
    });
    expect(report.checks).toContainEqual({ id: "configuration", status: "ok", what: expect.any(String), remedy: null });
    expect(
      report.destinations.map((one: Record<string, unknown>) => [one.signal, one.outcome, one.http_status]),
    ).toEqual([
      ["traces", "accepted", 200],
      ["metrics", "accepted", 200],
      ["logs", "rate_limited", 429],
    ]);
    expect(report.destinations[2]).toMatchObject({ url: `${url}/v1/logs`, retry_after_ms: 7_000, headers: 0 });
    expect(report.sent).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_name: "tracebook doctor",
    });
    expect(report.journal).toMatchObject({ dir: finished.dir, exists: true, writers: [], spool: [] });
  });
});

describe("what was sent", () => {
  const REFUSED = { status: 401 };

  /** `sent` in JSON, and the lines of the text, when these signals are refused. */
  async function sentWith(refused: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const answer = ({ path }: { path: string }): Answer => (refused.some((one) => path.endsWith(one)) ? REFUSED : {});
    const { url } = await startReceiver(answer);
    const [json, text] = [await doctor(url, env, ["--json"]), await doctor(url, env)];
    const lines = /^Sent .*\n((?: {2}.*\n)*)/m.exec(text.stdout)?.[1] ?? "";
    return { sent: JSON.parse(json.stdout).sent, lines };
  }

  it("is all of it when all of it was taken", async () => {
    const { sent, lines } = await sentWith([]);
    expect(sent).toEqual({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_name: "tracebook doctor",
      metric_name: "tracebook_doctor_run_timestamp_seconds",
      event_name: "trading.doctor",
    });
    expect(lines.match(/^ {2}(?:span|metric|event) /gm)).toHaveLength(3);
  });

  it("is null, and not spoken of, when nothing was taken", async () => {
    expect(await sentWith(["traces", "metrics", "logs"])).toEqual({ sent: null, lines: "" });
  });

  it("has the name of the metric, and no trace, when that alone was taken or sent", async () => {
    const expected = {
      sent: {
        trace_id: null,
        span_name: null,
        metric_name: "tracebook_doctor_run_timestamp_seconds",
        event_name: null,
      },
      lines: "  metric  tracebook_doctor_run_timestamp_seconds\n",
    };
    expect(await sentWith(["traces", "logs"])).toEqual(expected);
    expect(await sentWith([], { OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" })).toEqual(expected);
  });

  it("has no name of a signal that was refused", async () => {
    const { sent, lines } = await sentWith(["traces"]);
    expect(sent).toMatchObject({ trace_id: expect.any(String), span_name: null, event_name: "trading.doctor" });
    expect(lines).toMatch(/^ {2}metric .*\n {2}event {3}trading\.doctor, trace [0-9a-f]{32}\n$/);
  });
});
