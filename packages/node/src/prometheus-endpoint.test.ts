// /metrics of a real process: exemplars of kept traces alone, the host's own server, a taken port, telemetry that is off.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { parseExposition, sampleValue } from "../test/exposition.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import { servePrometheus } from "./prometheus-endpoint.ts";

interface Report {
  openMetrics: string;
  text: string;
  mounted: string;
  metricsProblem?: string;
  dropped: Record<string, Record<string, number>>;
  after: number;
}

const EXEMPLAR = / # \{trace_id="([0-9a-f]{32})",span_id="([0-9a-f]{16})"\} /g;

describe("/metrics of a bot", () => {
  let dir = "";
  let sink: OtlpSink;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "tracebook-prometheus-"));
    sink = await startOtlpSink();
  });
  afterEach(async () => {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const run = (env: Record<string, string> = {}): Promise<Report> =>
    startChild("exemplars.ts", {
      env: {
        TELEMETRY_ENABLED: "true",
        TELEMETRY_OTLP_ENDPOINT: sink.url,
        TELEMETRY_DIR: dir,
        TELEMETRY_PROMETHEUS_PORT: "0",
        TELEMETRY_SAMPLE_RATIO: "0",
        ...env,
      },
    }).result<Report>();

  it("has exemplars, each the trace and span of a flow that was kept and has arrived; none in plain text", async () => {
    const { openMetrics, text } = await run();
    const named = [...openMetrics.matchAll(EXEMPLAR)].map(([, traceId, spanId]) => `${traceId} ${spanId}`);
    expect(named.length).toBeGreaterThan(3);
    const arrived = new Set(
      sink.spans.filter(({ name }) => name === "tick").map(({ traceId, spanId }) => `${traceId} ${spanId}`),
    );
    expect(arrived.size).toBe(4);
    expect(named.filter((one) => !arrived.has(one))).toEqual([]);
    expect(openMetrics.endsWith("# EOF\n")).toBe(true);
    expect(text).not.toMatch(/trace_id|EOF/);
  });

  it("has none when the traces go nowhere", async () => {
    const { openMetrics } = await run({ OTEL_TRACES_EXPORTER: "none" });
    expect(openMetrics).toContain("trading_stage_duration_seconds_bucket");
    expect(openMetrics).not.toContain("trace_id=");
  });

  it("is on the host's own server too, at any path, until telemetry ends", async () => {
    const { mounted, openMetrics, after } = await run();
    const names = (text: string): string[] => [...text.matchAll(/^# TYPE (.*)$/gm)].map(([, type]) => type ?? "");
    expect(names(mounted)).toEqual(expect.arrayContaining(names(openMetrics)));
    expect(names(mounted)).toContain("trading_flow_outcomes counter");
    expect(after).toBe(503);
  });

  it("has the host's own metrics; one that takes a name of ours is counted, a callback that throws is harmless", async () => {
    const { text, dropped } = await run();
    const families = parseExposition(text);
    expect(sampleValue(families.get("host_calls"), "host_calls")).toBe(3);
    expect(families.get("trading_flow_outcomes_total")?.samples.map(({ value }) => value)).toEqual([4, 196]);
    expect(families.get("target_info")?.samples).toHaveLength(1);
    expect(dropped["metrics"]).toEqual({ name_conflict: 1 });
  });

  it("whose port is taken is on the host's server all the same, and health says why", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const { mounted, metricsProblem } = await run({ TELEMETRY_PROMETHEUS_PORT: `${port}` });
    taken.close();
    expect(metricsProblem).toBe(`cannot listen on 127.0.0.1:${port} (the port is taken)`);
    expect(mounted).toContain("trading_flow_outcomes_total");
  });

  it.each([{ TELEMETRY_ENABLED: "false" }, { BOT_METRICS_ENABLED: "false" }])("answers 503 while %o", async (env) => {
    const { mounted, after } = await run(env as unknown as Record<string, string>);
    expect(mounted).toMatch(/^Metrics are off/);
    expect(after).toBe(503);
  });
});

describe("the server of /metrics", () => {
  it("answers no other path, and takes no more connections than a few scrapers need", async () => {
    const endpoint = await servePrometheus(
      "127.0.0.1",
      0,
      (_request, response) => response.end("metrics"),
      () => {},
    );
    const port = endpoint.port ?? 0;
    const status = (path: string): Promise<number | string> =>
      new Promise((resolve) =>
        request({ port, host: "127.0.0.1", path, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
          .end(),
      );
    try {
      expect(await Promise.all(["/metrics", "/metrics?a=b", "/", "/metrics/", "//metrics"].map(status))).toEqual([
        200, 200, 404, 404, 404,
      ]);
      // Connections that are opened and say nothing.
      const { connect } = await import("node:net");
      const silent = Array.from({ length: 64 }, () => connect(port, "127.0.0.1").on("error", () => {}));
      await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
      expect(await status("/metrics")).toBe("ECONNRESET");
      for (const socket of silent) socket.destroy();
      let answer: number | string = 0;
      while (answer !== 200) answer = await status("/metrics");
    } finally {
      await endpoint.close();
    }
  });
});
