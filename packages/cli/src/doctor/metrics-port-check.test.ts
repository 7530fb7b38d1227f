import { describeConfiguration } from "@tracebook/node/doctor";
import { describe, expect, it } from "vitest";
import { freePort, startReceiver, startTcp } from "../../test/receivers.ts";
import { checkMetricsPort, serviceOf } from "./metrics-port-check.ts";
import { createNameLookup } from "./name-lookup.ts";

function check(port: number, env: Record<string, string> = {}) {
  const { config } = describeConfiguration({
    TELEMETRY_ENABLED: "true",
    TELEMETRY_SERVICE_NAME: "bot",
    TELEMETRY_PROMETHEUS_PORT: String(port),
    ...env,
  });
  return checkMetricsPort(config, 2_000, createNameLookup(2_000, process.env));
}

const targetInfo = (service: string) => ({
  headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  body: `# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{host_name="h",service_name="${service}",telemetry_distro_name="tracebook"} 1\n`,
});

describe("the port of /metrics", () => {
  it("is free, and free again after the check", async () => {
    const port = await freePort();
    expect(await check(port)).toMatchObject({ status: "ok", what: `127.0.0.1:${port} is free` });
    expect(await check(port)).toMatchObject({ status: "ok" });
  });

  it("is not looked at when it is any free one, or /metrics is off", async () => {
    expect(await check(0)).toMatchObject({ status: "ok", what: "127.0.0.1: any free port" });
    expect(await check(1, { BOT_METRICS_ENABLED: "false" })).toMatchObject({ status: "off" });
  });

  it("is not opened where the host mounts /metrics itself, whoever has it", async () => {
    const { port } = await startReceiver({ body: "<html>" });
    expect(await check(port, { TELEMETRY_PROMETHEUS_SERVER: "false" })).toEqual({
      id: "metrics_port",
      subject: "/metrics",
      status: "off",
      what: "no port of its own: the host mounts it (TELEMETRY_PROMETHEUS_SERVER)",
    });
  });

  it("may be taken by the service itself, which is well", async () => {
    const { port } = await startReceiver(targetInfo("bot"));
    expect(await check(port)).toMatchObject({ status: "ok", what: expect.stringContaining("a running Tracebook") });
  });

  it("is named with its owner when another service's Tracebook has it", async () => {
    const { port } = await startReceiver(targetInfo("api"));
    const found = await check(port);
    expect(found).toMatchObject({ status: "failed", what: expect.stringMatching(/of another service, api$/) });
    expect(found.remedy).toContain("TELEMETRY_PROMETHEUS_PORT");
  });

  it.each([
    ["another web server", () => startReceiver({ body: "<html>" })],
    ["a port that says nothing", () => startTcp(() => {})],
    ["a port that hangs up", () => startTcp((socket) => socket.destroy())],
  ])("is taken by another program: %s", async (_, start) => {
    const { port } = await start();
    expect(await check(port)).toMatchObject({
      status: "failed",
      what: `127.0.0.1:${port} is taken by another program`,
    });
  });

  it("cannot be opened on an address of another machine", async () => {
    const found = await check(await freePort(), { TELEMETRY_PROMETHEUS_HOST: "192.0.2.1" });
    expect(found).toMatchObject({ status: "failed", what: expect.stringContaining("is no address of this machine") });
    expect(found.remedy).toContain("TELEMETRY_PROMETHEUS_HOST");
  });
});

describe("serviceOf", () => {
  it.each([
    ['target_info{service_name="a\\"b\\\\c\\nd",telemetry_distro_name="tracebook"} 1', 'a"b\\c\nd'],
    ['target_info{telemetry_distro_name="tracebook",service_name="x"} 1', "x"],
    ["# TYPE tracebook_dropped_total counter\ntracebook_dropped_total 0", ""],
    ['target_info{service_name="x"} 1', undefined],
    ["", undefined],
  ])("reads %j", (exposition, service) => expect(serviceOf(exposition)).toBe(service));
});
