import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { requestEvents } from "./request-events.ts";
import { toRouteTemplate } from "./request-route.ts";

interface Line {
  event_type: string;
  trace_id?: string;
  span_id?: string;
  data: {
    event_name: string;
    event_data: { status_code: number; method: string; path: string; aborted?: boolean };
    user_id?: string;
    source?: string;
    duration_ms: number;
  };
}

/** The kind of a server's spans, as OTLP numbers it. */
const SERVER = 2;

describe("requests of a plain server", () => {
  let dir = "";
  let sink: OtlpSink;
  let lines: Line[];
  let text = "";
  let report: { routes: string[]; unrouted: Record<string, number> };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "tracebook-requests-"));
    sink = await startOtlpSink();
    const env = { TELEMETRY_ENABLED: "true", TELEMETRY_OTLP_ENDPOINT: sink.url, TELEMETRY_DIR: dir };
    report = await startChild("requests.ts", { env: { ...env, TELEMETRY_PROMETHEUS_SERVER: "false" } }).result();
    text = readFileSync(join(dir, "logs/telemetry.jsonl"), "utf8");
    lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line)
      .filter(({ event_type }) => event_type === "api_event");
  });
  afterAll(async () => {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const named = (name: string): Line[] => lines.filter(({ data }) => data.event_name === name);

  it("are one event each, named by method and route, with status, duration and user", () => {
    const [order, ...others] = named("GET_/orders/:order_id");
    expect(others).toEqual([]);
    expect(order?.data).toMatchObject({
      event_data: { status_code: 200, method: "GET", path: "/orders/:order_id" },
      event_category: "http",
      user_id: "ada",
      source: "backend",
    });
    expect(order?.data.duration_ms).toBeGreaterThan(0);
    expect(named("POST_/teapot")[0]?.data.event_data.status_code).toBe(418);
    expect(named("POST_/teapot")[0]?.data.user_id).toHaveLength(128);
  });

  it("join the trace of their request, whose span and metrics bear the same route", () => {
    const order = named("GET_/orders/:order_id")[0];
    const span = sink.spans.find(({ spanId }) => spanId === order?.span_id);
    expect(span).toMatchObject({ traceId: order?.trace_id, name: "GET /orders/:order_id" });
    expect(span?.attributes["http.route"]).toBe("/orders/:order_id");
    expect(report.routes).toContain("/orders/:order_id");
    expect(report.routes.join()).not.toContain("17");
  });

  it("without a route share one name, and without routeOf ids are replaced", () => {
    expect(named("GET_unmatched")).toHaveLength(20);
    expect(named("GET_/v2/orders/:id/fills/:id")).toHaveLength(1);
  });

  it("that are ignored are none; a callback that throws costs its part only; a client that hangs up is told", () => {
    expect(named("GET_/health")).toEqual([]);
    expect(named("GET_/hostile")[0]?.data).not.toHaveProperty("user_id");
    expect(named("GET_/hangs")[0]?.data.event_data).toMatchObject({ aborted: true, status_code: 499 });
    expect(named("GET_/hangs/late")[0]?.data.event_data).toMatchObject({ aborted: true, status_code: 206 });
    expect(lines).toHaveLength(26);
  });

  it("that are scrapes of the host's own /metrics are neither traced nor measured", () => {
    const served = sink.spans.filter(({ kind }) => kind === SERVER).map(({ attributes }) => attributes);
    // What is posted there is something else.
    expect(served.filter((span) => span["url.path"] === "/metrics").map((span) => span["http.request.method"])).toEqual(
      ["POST"],
    );
    expect(report.unrouted).toEqual({ GET: 21, POST: 1 });
  });

  it("keep query strings, and secrets in them, to themselves", () => {
    expect(text).not.toContain("planted-api-key");
    expect(sink.bodies.join()).not.toContain("planted-api-key");
  });
});

describe("a route template", () => {
  it.each([
    ["/", "/"],
    ["/orders?limit=1", "/orders"],
    ["/api/v1/telemetry/recent", "/api/v1/telemetry/recent"],
    ["/orders/17/fills", "/orders/:id/fills"],
    ["/users/550e8400-e29b-41d4-a716-446655440000", "/users/:id"],
    ["/blob/deadbeef9a", "/blob/:id"],
    ["/day/2026-11-20", "/day/:id"],
    ["/a%20b/x", "/:id/x"],
    [`/${"y".repeat(500)}`, "/:id"],
    [`/${"a/".repeat(40)}`, "/a/a/a/a/a/a/a/a/a/a/a/a/*"],
  ])("of %s is %s", (url, route) => expect(toRouteTemplate(url)).toBe(route));
});

it("wrong options throw at once and name what is wrong", () => {
  expect(() => requestEvents(() => {}, { routeOf: "GET" as never })).toThrow("routeOf is string, not a function");
  expect(() => requestEvents(null as never)).toThrow("listener is object, not a function");
});
