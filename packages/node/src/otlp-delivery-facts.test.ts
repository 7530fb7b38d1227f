import { describe, expect, it } from "vitest";
import { resolveConfig } from "./config.ts";
import type { TelemetryOptions } from "./config-options.ts";
import { deliveryFactsOf } from "./otlp-delivery-facts.ts";

function factsOf(signal: "traces" | "metrics" | "logs", env: Record<string, string>, options: TelemetryOptions = {}) {
  const { config } = resolveConfig({ enabled: true, ...options }, env);
  return deliveryFactsOf(signal, config.otlp[signal]!, config.sources);
}

describe("what a remedy names", () => {
  it("is the variable that each value of the signal is from", () => {
    const env = {
      TELEMETRY_OTLP_ENDPOINT: "http://collector:4318",
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=desk-1",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "authorization=Bearer%20abc",
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    };
    expect(factsOf("logs", env).settings).toEqual({
      endpoint: "TELEMETRY_OTLP_ENDPOINT",
      headers: "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
      protocol: "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
      compression: "OTEL_EXPORTER_OTLP_COMPRESSION",
    });
    expect(factsOf("traces", env).settings).toEqual({
      endpoint: "TELEMETRY_OTLP_ENDPOINT",
      headers: "OTEL_EXPORTER_OTLP_HEADERS",
      protocol: undefined,
      compression: "OTEL_EXPORTER_OTLP_COMPRESSION",
    });
  });

  it("is left to the explanation where nobody set it", () => {
    expect(factsOf("metrics", { OTEL_METRICS_EXPORTER: "otlp" }).settings).toEqual({});
  });

  it("is the option where it was set in code", () => {
    const options = { otlpEndpoint: "http://collector:4318", otlpHeaders: { "x-tenant": "desk-1" } };
    expect(factsOf("logs", {}, options).settings).toEqual({ endpoint: "otlpEndpoint", headers: "otlpHeaders" });
    const own = { otlpLogsEndpoint: "http://collector:4318/v1/logs" };
    expect(factsOf("logs", {}, own).settings).toEqual({ endpoint: "otlpLogsEndpoint" });
  });
});

it("what must not be shown is the values of the headers, not their names", () => {
  const env = { TELEMETRY_OTLP_ENDPOINT: "http://collector:4318", TELEMETRY_OTLP_HEADERS: '{"x-a":"one","x-b":"two"}' };
  expect(factsOf("traces", env)).toMatchObject({
    url: "http://collector:4318/v1/traces",
    protocol: "http/protobuf",
    secrets: ["one", "two"],
  });
});
