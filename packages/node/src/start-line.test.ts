import { expect, test } from "vitest";
import { resolveConfig } from "./config.ts";
import { formatStartLine, type StartFacts } from "./start-line.ts";

const FACTS: StartFacts = {
  metricsUrl: "http://127.0.0.1:9464/metrics",
  instrumentations: ["http", "undici"],
  instanceId: "i-1",
  runId: "r-1",
};

function lineOf(env: Record<string, string>, facts: Partial<StartFacts> = {}): string {
  return formatStartLine(resolveConfig({}, env).config, { ...FACTS, ...facts });
}

const ON = { TELEMETRY_ENABLED: "true", TELEMETRY_SERVICE_NAME: "basis-trader" };

test("the line says what is on and where it goes", () => {
  const env = {
    ...ON,
    TELEMETRY_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    TELEMETRY_SAMPLE_RATIO: "0.01",
    TELEMETRY_DIR: "./out",
  };
  expect(lineOf({ ...env, ENVIRONMENT: "production" })).toBe(
    "tracebook: on | service basis-trader (production) | traces+metrics+logs -> http://127.0.0.1:4318 (http/protobuf) | " +
      "/metrics http://127.0.0.1:9464/metrics | journal ./out | keep 1 % + accepted, failed, slow (250 ms) | " +
      "instrumented http, undici | run r-1 | instance i-1",
  );
});

test("without an endpoint it says which variable switches OTLP on, and keeps quiet about it where somebody switched it off", () => {
  expect(lineOf(ON)).toContain(" | OTLP off (set TELEMETRY_OTLP_ENDPOINT) | ");
  expect(lineOf({ ...ON, TELEMETRY_OTLP_ENDPOINT: "none" })).toContain(" | OTLP off | ");
});

test("signals that go to different places stand apart", () => {
  const line = lineOf({
    ...ON,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318/base",
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://logs.example.com/in",
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/protobuf",
  });
  expect(line).toContain(
    "traces+metrics -> http://h:4318/base (http/protobuf) | logs -> https://logs.example.com/in (http/protobuf)",
  );
});

test("destinations in the process stand behind OTLP, one of whatever name on one line", () => {
  expect(lineOf(ON, { destinations: ["desk", "a | b\u2028"] })).toContain(
    " | OTLP off (set TELEMETRY_OTLP_ENDPOINT) | traces+metrics+logs -> desk (in process) | " +
      "traces+metrics+logs -> a | b\\u{2028} (in process) | /metrics ",
  );
});

test("headers, queries and keys in paths are not in the line", () => {
  const line = lineOf({
    ...ON,
    TELEMETRY_OTLP_ENDPOINT: "https://h/tenant/0123456789abcdef?token=s3cret",
    TELEMETRY_OTLP_HEADERS: '{"authorization":"Bearer s3cret"}',
  });
  expect(line).toContain("-> https://h/tenant/***?*** (http/protobuf)");
  expect(line).not.toMatch(/s3cret|Bearer|0123456789abcdef/);
});

test("what is off or failed is said", () => {
  expect(lineOf({ ...ON, BOT_METRICS_ENABLED: "false", TELEMETRY_JOURNAL: "false" }, { instrumentations: [] })).toMatch(
    / \| \/metrics off \| journal off \| keep 100 % \| nothing instrumented \| /,
  );
  expect(lineOf(ON, { metricsUrl: undefined, journalDir: undefined })).toContain(
    " | /metrics failed (127.0.0.1 port 9464) | journal failed | ",
  );
});

test.each([
  ["0", "keep 0 % + accepted"],
  ["0.07", "keep 7 % + accepted"],
  ["0.001", "keep 0.1 % + accepted"],
  ["1", "keep 100 % | "],
])("the ratio %s reads %s", (ratio, words) => {
  expect(lineOf({ ...ON, TELEMETRY_SAMPLE_RATIO: ratio })).toContain(words);
});

test("metrics alone, and nothing at all", () => {
  expect(lineOf({ BOT_METRICS_ENABLED: "true", TELEMETRY_SERVICE_NAME: "bot" })).toBe(
    "tracebook: metrics only | service bot | /metrics http://127.0.0.1:9464/metrics | run r-1 | instance i-1",
  );
  expect(lineOf({})).toBe("tracebook: off (set TELEMETRY_ENABLED=true)");
  expect(lineOf({ ...ON, OTEL_SDK_DISABLED: "true" })).toBe("tracebook: off (by OTEL_SDK_DISABLED)");
  expect(lineOf({ TELEMETRY_ENABLED: "no" })).toBe("tracebook: off (by TELEMETRY_ENABLED)");
});

test("warnings printed before are counted", () => {
  expect(lineOf(ON, { warningCount: 1 })).toMatch(/ \| 1 warning above$/);
  expect(lineOf(ON, { warningCount: 2 })).toMatch(/ \| 2 warnings above$/);
});

test("it stays one printable line of bounded length, whatever the facts are", () => {
  const line = lineOf(ON, { journalDir: `out\n\u001b[2J${"x".repeat(10_000)}`, runId: "r\u2028\ud800" });
  expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(line.length).toBeLessThan(1_000);
});
