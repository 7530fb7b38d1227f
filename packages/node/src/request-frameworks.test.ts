import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { expressRequestEvents } from "./request-express.ts";
import { fastifyRequestEvents } from "./request-fastify.ts";

interface Line {
  event_type: string;
  trace_id?: string;
  span_id?: string;
  data: {
    event_name: string;
    event_data: { status_code: number; method: string; path: string; aborted?: boolean };
    user_id?: string;
    source: string;
    duration_ms: number;
  };
}

let dir = "";
let sink: OtlpSink;
let text = "";
let lines: Line[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-frameworks-"));
  sink = await startOtlpSink();
  const env = { TELEMETRY_ENABLED: "true", TELEMETRY_OTLP_ENDPOINT: sink.url, TELEMETRY_DIR: dir };
  await startChild("request-frameworks.ts", { env: { ...env, TELEMETRY_PROMETHEUS_SERVER: "false" } }).result();
  text = readFileSync(join(dir, "logs/telemetry.jsonl"), "utf8");
  lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
    .filter(({ event_type }) => event_type === "api_event");
}, 60_000);
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

describe.each(["fastify", "express"])("requests of %s", (source) => {
  const all = () => lines.filter(({ data }) => data.source === source);
  const named = (name: string) => all().filter(({ data }) => data.event_name === name);

  it("are one event each, though the middleware is used twice, by the template of their route", () => {
    expect(named("GET_/")).toHaveLength(1);
    const [order, ...others] = named("GET_/api/orders/:order_id");
    expect(others).toEqual([]);
    expect(order?.data).toMatchObject({
      event_data: { status_code: 200, method: "GET", path: "/api/orders/:order_id" },
      event_category: "http",
      user_id: "ada",
    });
    expect(order?.data.duration_ms).toBeGreaterThan(0);
  });

  it("whose handler throws have its route all the same, and the status that was answered", () => {
    const [thrown] = named("POST_/api/throws/:id");
    expect(thrown?.data.event_data.status_code).toBe(500);
    expect(thrown?.data).not.toHaveProperty("user_id");
  });

  it("that are streamed end as events when their last byte is sent, and those of clients that hang up say so", () => {
    expect(named("GET_/stream")[0]?.data.event_data).toEqual({ status_code: 200, method: "GET", path: "/stream" });
    expect(named("GET_/hangs")[0]?.data.event_data).toMatchObject({ aborted: true, status_code: 499 });
    expect(named("GET_/hangs/late")[0]?.data.event_data).toMatchObject({ aborted: true, status_code: 206 });
  });

  it("that no route answers share one name, and those that are ignored are none", () => {
    expect(named("GET_unmatched")).toHaveLength(5);
    expect(named("GET_unmatched")[0]?.data.event_data.status_code).toBe(404);
    expect(named("GET_/health")).toEqual([]);
    expect(all()).toHaveLength(source === "express" ? 12 : 11);
  });

  it("join the trace of their request, whose span bears the same route", () => {
    const [order] = named("GET_/api/orders/:order_id");
    const span = sink.spans.find(({ spanId }) => spanId === order?.span_id);
    expect(span).toMatchObject({ traceId: order?.trace_id, name: "GET /api/orders/:order_id" });
    expect(span?.attributes["http.route"]).toBe("/api/orders/:order_id");
  });
});

it("a router of Express below a path with an id is told without the id, a regular expression as it is written", () => {
  const found = lines.filter(({ data }) => data.event_name.startsWith("GET_/tenants"));
  expect(found.map(({ data }) => data.event_name)).toEqual(["GET_/tenants/:id^\\/(?:a|b)$"]);
});

it("a middleware within a listener that is observed itself makes no second event", () => {
  expect(lines.filter(({ data }) => data.source === "plain").map(({ data }) => data.event_name)).toEqual([
    "GET_/stream",
  ]);
});

it("neither query strings nor what errors say is in an event", () => {
  expect(text).not.toContain("planted");
});

it("wrong options throw at once and name what is wrong", () => {
  expect(() => expressRequestEvents({ userIdOf: "x" as never })).toThrow("expressRequestEvents: userIdOf is string");
  expect(() => fastifyRequestEvents({ ignore: 1 as never })).toThrow("fastifyRequestEvents: ignore is number");
});
