import { gzipSync } from "node:zlib";
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { type OtlpFormat, type OtlpSignal, type Store, StoreError, type WriteResult } from "@tracebook/store";
import { expect, test } from "vitest";
import { sharedDesk } from "../../test/shared-desk.ts";
import { CONTENT_TYPES, stockRequests } from "../../test/stock-requests.ts";
import { openTestDesk, until } from "../../test/test-desk.ts";
import { BODY_LIMITS, type BodyRequest } from "./otlp-body.ts";
import { createOtlpReceiver } from "./otlp-receiver.ts";
import { SignalCounts } from "./signal-counts.ts";

const SIGNALS = ["traces", "logs", "metrics"] as const;
const FORMATS = ["protobuf", "json"] as const;
const SERIALIZERS = {
  traces: ProtobufTraceSerializer,
  logs: ProtobufLogsSerializer,
  metrics: ProtobufMetricsSerializer,
};
const CASES = SIGNALS.flatMap((signal) =>
  FORMATS.flatMap((format) => [false, true].map((isGzip) => [signal, format, isGzip] as const)),
);

const shared = sharedDesk();

function post(signal: OtlpSignal, format: OtlpFormat, body: Uint8Array, headers: Record<string, string> = {}) {
  const init = {
    method: "POST",
    headers: { "content-type": CONTENT_TYPES[format], ...headers },
    body: new Uint8Array(body),
  };
  return fetch(`${shared.desk.url}/v1/${signal}`, init);
}

test.each(CASES)(
  "a request of the stock SDK with %s as %s (gzip: %s) is stored, and answered in its format",
  async (signal, format, isGzip) => {
    const body = (await stockRequests())[signal][format];
    const before = shared.desk.store.health();
    const answer = await post(
      signal,
      format,
      isGzip ? gzipSync(body) : body,
      isGzip ? { "content-encoding": "gzip" } : {},
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(CONTENT_TYPES[format]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (format === "json") expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({});
    else expect(SERIALIZERS[signal].deserializeResponse(bytes)).toEqual({});
    const after = shared.desk.store.health();
    expect(after.written + after.duplicates - before.written - before.duplicates).toBe(2);
  },
);

test("what was sent stands in the answers: traces, events and metrics", async () => {
  const { desk, get } = await openTestDesk();
  const requests = await stockRequests();
  for (const signal of SIGNALS) await desk.destination.take(signal, requests[signal].protobuf, "protobuf");
  const traces = await get("/api/telemetry/traces");
  expect(traces.json.traces.map((one: { root: { operation_name: string } }) => one.root.operation_name).sort()).toEqual(
    ["GET /orders", "tidy up"],
  );
  const events = await get("/api/telemetry/events");
  expect(events.json.events.map((one: { event_type: string }) => one.event_type).sort()).toEqual([
    "log",
    "signal_rejected",
  ]);
  expect(events.json.events[0].service_name).toBe("stock-service");
  const metrics = await get("/api/telemetry/metrics");
  expect(metrics.json.metrics.map((one: { name: string }) => one.name)).toEqual(["latency_seconds", "orders_total"]);
  const { json } = await get("/api/telemetry/health");
  expect(json.signals.logs).toMatchObject({ requests: 1, accepted: 2, rejected: 0, refused_requests: {} });
  expect(json.signals.logs.last_received).toMatch(/Z$/);
});

test.each(FORMATS)("what of a request cannot be taken is a partial success in %s", async (format) => {
  const body = (await stockRequests()).metrics[format];
  const result: WriteResult = { written: 1, duplicates: 0, rejected: 300, message: "é of a reason", lastEventId: 0 };
  const receiver = receiverOf(() => Promise.resolve(result));
  for (const signal of SIGNALS) {
    const answer = await receiver.respond(signal, requestOf(format, body));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const name = { traces: "rejectedSpans", logs: "rejectedLogRecords", metrics: "rejectedDataPoints" }[signal];
    if (format === "json")
      expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({
        partialSuccess: { [name]: "300", errorMessage: "é of a reason" },
      });
    else {
      const { partialSuccess } = SERIALIZERS[signal].deserializeResponse(bytes) as {
        partialSuccess: Record<string, unknown>;
      };
      expect([Number(partialSuccess[name]), partialSuccess.errorMessage]).toEqual([300, "é of a reason"]);
    }
  }
});

test.each([
  ["database_busy", 503, "1"],
  ["database_full", 503, "15"],
  ["store_overloaded", 503, "1"],
  ["store_failed", 503, "1"],
  ["store_closed", 503, "1"],
] as const)("a store that is %s asks for the same again with %i", async (code, status, retryAfter) => {
  const body = (await stockRequests()).logs.json;
  const receiver = receiverOf(() => Promise.reject(new StoreError(code, "of /secret/path/telemetry.db")));
  for (const format of FORMATS) {
    const answer = await receiver.respond("logs", requestOf(format, body));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(answer.headers.get("content-type")).toBe(CONTENT_TYPES[format]);
    expect(await answer.text()).not.toContain("/secret");
  }
});

test("what nobody expected is told to the log, not to the sender", async () => {
  const errors: unknown[] = [];
  const receiver = receiverOf(
    () => Promise.reject(new TypeError("a stack of mine")),
    (error) => errors.push(error),
  );
  const answer = await receiver.respond("logs", requestOf("json", Buffer.from("{}")));
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("a stack of mine");
  expect(errors).toHaveLength(1);
});

test.each([
  ["no request", "json", "[]", {}, 400, "malformed"],
  ["no JSON", "json", "{", {}, 400, "malformed"],
  ["no protobuf", "protobuf", "\u0007\u00ff", {}, 400, "malformed"],
  ["gzip twice", "json", "twice", {}, 400, "malformed"],
  ["no gzip", "json", "{}", { "content-encoding": "gzip" }, 400, "malformed"],
  ["br", "json", "{}", { "content-encoding": "br" }, 415, "wrong_encoding"],
  ["two encodings", "json", "{}", { "content-encoding": "gzip, gzip" }, 415, "wrong_encoding"],
  ["a form", "json", "{}", { "content-type": "application/x-www-form-urlencoded" }, 415, "wrong_content_type"],
  ["plain text", "json", "{}", { "content-type": "text/plain" }, 415, "wrong_content_type"],
] as const)("%s is refused for good", async (_name, format, text, headers, status, reason) => {
  const inner = gzipSync("{}");
  const body = text === "twice" ? gzipSync(inner) : Buffer.from(text, "latin1");
  const answer = await post("logs", format, body, {
    ...(text === "twice" && { "content-encoding": "gzip" }),
    ...headers,
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("retry-after")).toBeNull();
  // Health is worked out once a second.
  await until(async () => (await shared.get("/api/telemetry/health")).json.signals.logs.refused_requests[reason] > 0);
  if (format === "json") expect(await answer.json()).toEqual({ code: 3, message: expect.any(String) });
});

test("a charset does not matter, and neither does the case of a content type", async () => {
  for (const type of ["application/json; charset=utf-8", "Application/JSON"])
    expect((await post("logs", "json", Buffer.from("{}"), { "content-type": type })).status).toBe(200);
});

test("a prototype in a body is data, and changes none", async () => {
  const value = { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "polluted" } }] } };
  const record = {
    eventName: "trading.evil",
    attributes: [
      { key: "__proto__", value },
      { key: "constructor", value: { intValue: "1" } },
    ],
  };
  const body = JSON.stringify({ __proto__x: 1, resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const answer = await post("logs", "json", Buffer.from(body.replace("__proto__x", "__proto__")));
  expect(answer.status).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const { json } = await shared.get("/api/telemetry/events?event_type=evil");
  expect(json.pagination.total).toBe(1);
});

test("secrets that other programs send stand in no answer", async () => {
  const canary = "hunter2Zx9hunter2Zx9";
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const record = {
    eventName: "trading.request_failed",
    body: { stringValue: `Authorization: Bearer ${canary}` },
    attributes: [
      attribute("apiKey", canary),
      attribute("url", `https://user:${canary}@api.example.com/?signature=${canary}`),
    ],
  };
  const span = {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    name: "GET",
    kind: 3,
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now()}000000`,
    attributes: [
      attribute("url.full", `https://api.example.com/?api_key=${canary}`),
      attribute("X-MBX-APIKEY", canary),
    ],
    status: { code: 2, message: `password=${canary}` },
  };
  const { desk, get } = await openTestDesk();
  const take = (signal: OtlpSignal, body: object) =>
    desk.destination.take(signal, Buffer.from(JSON.stringify(body)), "json");
  await take("logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  await take("traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  for (const path of [
    "recent",
    "events",
    "export?format=csv",
    "traces",
    `traces/${"a".repeat(32)}`,
    "facets",
    "health",
  ]) {
    const { status, text } = await get(`/api/telemetry/${path}`);
    expect([path, status, text.includes(canary)]).toEqual([path, 200, false]);
  }
  expect((await get("/api/telemetry/events")).json.events[0].data.apiKey).toBe("[REDACTED]");
});

test("what is acknowledged is there when the process is gone in the next moment", async () => {
  const { desk, dir } = await openTestDesk();
  const body = (await stockRequests()).logs.json;
  await fetch(`${desk.url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: new Uint8Array(body),
  });
  // Another one reads the file as it is on the disk.
  const { openSqliteStore } = await import("@tracebook/store/sqlite");
  const other = await openSqliteStore({ path: `${dir}/telemetry.db` });
  expect(await other.countEvents({})).toBe(2);
  await other.close();
});

function receiverOf(takeOtlp: Store["takeOtlp"], onError: (error: unknown) => void = () => {}) {
  return createOtlpReceiver({
    store: { takeOtlp },
    counts: new SignalCounts(),
    limits: BODY_LIMITS,
    onError,
  });
}

function requestOf(format: OtlpFormat, bytes: Uint8Array): BodyRequest {
  const init = { method: "POST", headers: { "content-type": CONTENT_TYPES[format] }, body: new Uint8Array(bytes) };
  const { headers, body } = new Request("http://localhost/v1/logs", init);
  return { headers, body, isUnshared: false };
}
