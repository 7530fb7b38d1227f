import { describe, expect, it } from "vitest";
import { ALL_SETTINGS } from "./config-table.ts";
import { describeConfiguration } from "./doctor-configuration.ts";

function inForce(env: Record<string, string>) {
  const found = describeConfiguration(env);
  return { ...found, of: (name: string) => found.settings.find((setting) => setting.name === name)! };
}

describe("describeConfiguration", () => {
  it("has every setting once, with its group, its variables, its value and where that is from", () => {
    const { settings } = inForce({});
    expect(settings.map(({ name }) => name)).toEqual(ALL_SETTINGS.map(({ name }) => name));
    expect(settings.every(({ value, source }) => value !== "" && source === "default")).toBe(true);
    expect(inForce({ TELEMETRY_SLOW_MS: "80" }).of("slowMs")).toEqual({
      name: "slowMs",
      group: "Keeping traces",
      value: "80",
      source: "TELEMETRY_SLOW_MS",
      variables: ["TELEMETRY_SLOW_MS"],
    });
  });

  it("names the variable that won, be it of Tracebook or of OpenTelemetry", () => {
    const both = inForce({ TELEMETRY_SERVICE_NAME: "a", OTEL_SERVICE_NAME: "b", OTEL_BSP_MAX_QUEUE_SIZE: "4096" });
    expect(both.of("serviceName")).toMatchObject({ value: "a", source: "TELEMETRY_SERVICE_NAME" });
    expect(both.of("spanQueueSize")).toMatchObject({ value: "4096", source: "OTEL_BSP_MAX_QUEUE_SIZE" });
  });

  it("says where each signal goes, and what settled that", () => {
    const { of } = inForce({
      TELEMETRY_ENABLED: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://logs.example/otlp/v1/logs",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "authorization=Bearer%20abc",
      OTEL_METRICS_EXPORTER: "prometheus",
    });
    expect(of("otlpTracesEndpoint")).toMatchObject({
      value: "http://collector:4318/v1/traces",
      source: "OTEL_EXPORTER_OTLP_ENDPOINT",
    });
    expect(of("otlpLogsEndpoint").value).toBe("https://logs.example/otlp/v1/logs");
    expect(of("otlpLogsHeaders")).toMatchObject({ value: "1 header", source: "OTEL_EXPORTER_OTLP_LOGS_HEADERS" });
    expect(of("otlpMetricsEndpoint")).toMatchObject({ value: "none", source: "OTEL_METRICS_EXPORTER" });
  });

  it("shows what other settings have made of a value", () => {
    const { of } = inForce({ TELEMETRY_ENABLED: "true", OTEL_BSP_MAX_QUEUE_SIZE: "100" });
    expect(of("spanBatchSize")).toMatchObject({ value: "100", source: "OTEL_BSP_MAX_QUEUE_SIZE" });
    expect(of("prometheus").value).toBe("true");
  });

  it("has a line for each wrong variable, and shows what counts instead", () => {
    const { problems, of, refusesToStart } = inForce({ TELEMETRY_SAMPLE_RATIO: "2", TELEMETRY_OTLP_ENDPIONT: "x" });
    expect(problems.map(({ variable }) => variable)).toEqual(["TELEMETRY_SAMPLE_RATIO", "TELEMETRY_OTLP_ENDPIONT"]);
    expect(of("sampleRatio")).toMatchObject({ value: "1", source: "default" });
    expect(refusesToStart).toBe(false);
  });

  it("says so when a strict start would refuse, and describes the configuration all the same", () => {
    const { problems, of, refusesToStart, config } = inForce({ TELEMETRY_STRICT: "true", TELEMETRY_SLOW_MS: "-1" });
    expect([refusesToStart, problems.length, config.strict]).toEqual([true, 1, true]);
    expect(of("strict")).toMatchObject({ value: "true", source: "TELEMETRY_STRICT" });
    expect(inForce({ TELEMETRY_STRICT: "true" }).refusesToStart).toBe(false);
  });

  it.each(["false", "true"])("shows no secret, with telemetry on: %s", (enabled) => {
    const secret = "s3cr3t-AbCdEfGhIjKlMnOpQrStUv";
    const found = describeConfiguration({
      TELEMETRY_ENABLED: enabled,
      TELEMETRY_OTLP_ENDPOINT: `https://collector.example/${secret}/otlp?api_key=${secret}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `https://u:${secret}@collector.example/v1/traces`,
      TELEMETRY_OTLP_HEADERS: JSON.stringify({ authorization: `Bearer ${secret}` }),
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: `x=${secret}`,
      OTEL_RESOURCE_ATTRIBUTES: `deploy.key=${secret}`,
      TELEMETRY_RUN_ID: `Bearer ${secret}`,
      TELEMETRY_SLOW_MS: secret,
    });
    expect(JSON.stringify([found.settings, found.problems])).not.toContain(secret);
  });

  it("never throws, whatever the variables hold", () => {
    const names = ALL_SETTINGS.flatMap(({ setting }) => setting.variables.map(({ name }) => name));
    for (const text of ["", " ", "\u0000", "\ud800", "null", "{}", "x".repeat(10_000), "-1", "true", "http://["]) {
      expect(() => describeConfiguration(Object.fromEntries(names.map((name) => [name, text])))).not.toThrow();
    }
  });
});
