import { describe, expect, it } from "vitest";
import { serviceEnvironment } from "./service-environment.ts";

const facts = { out: "/out", runId: "run", deskUrl: "http://127.0.0.1:8790" };

describe("the telemetry of a process", () => {
  it("goes to the desk when nobody has said where to", () => {
    expect(serviceEnvironment(facts, "basis-trader", 0, {})).toMatchObject({
      TELEMETRY_ENABLED: "true",
      TELEMETRY_SERVICE_NAME: "basis-trader",
      TELEMETRY_OTLP_ENDPOINT: "http://127.0.0.1:8790",
      TELEMETRY_RUN_ID: "run",
    });
  });

  it.each(["TELEMETRY_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])("goes where %s says", (name) => {
    const env = serviceEnvironment(facts, "basis-trader", 0, { [name]: "http://collector:4318" });
    expect(env).not.toHaveProperty("TELEMETRY_OTLP_ENDPOINT");
    expect(env).not.toHaveProperty("TELEMETRY_METRICS_INTERVAL_MS");
  });

  it("goes nowhere without a desk", () => {
    const env = serviceEnvironment({ ...facts, deskUrl: undefined }, "basis-trader", 0, {});
    expect(env).not.toHaveProperty("TELEMETRY_OTLP_ENDPOINT");
  });

  it("is served on ports in a row, and on any ports for 0", () => {
    const port = (offset: number, asked?: string) =>
      serviceEnvironment(facts, "x", offset, { TELEMETRY_PROMETHEUS_PORT: asked }).TELEMETRY_PROMETHEUS_PORT;
    expect([port(0), port(1), port(2, "7000"), port(1, "0")]).toEqual(["9464", "9465", "7002", "0"]);
  });
});
