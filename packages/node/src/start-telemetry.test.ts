// Starting telemetry: not at all, twice, late, again, on a machine where much is missing, and with a typo.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

const fixture = (name: string): string => new URL(`../test/fixtures/${name}`, import.meta.url).href;

let dir = "";
let sink: OtlpSink;
let env: Record<string, string>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-start-"));
  sink = await startOtlpSink();
  env = {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_OTLP_ENDPOINT: sink.url,
    TELEMETRY_DIR: dir,
    TELEMETRY_PROMETHEUS_PORT: "0",
  };
});
afterEach(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The lines on stderr that contain `text`. */
function linesWith(stderr: string, text: string): string[] {
  return stderr.split("\n").filter((line) => line.includes(text));
}

describe("telemetry that nobody asked for", () => {
  it("loads nothing of the SDK, registers nothing, watches nothing and prints nothing; judging works", async () => {
    const child = startChild("off.ts", { preload: [fixture("record-modules.ts")] });
    const { loaded, ...rest } = await child.result<{ loaded: string[] }>();
    expect(rest).toMatchObject({ enabled: false, accepted: true, injected: {}, api: [], listeners: [] });
    expect(rest).toMatchObject({ health: { enabled: false, dropped: {}, misuse: {} } });
    expect(loaded.some((url) => url.includes("@opentelemetry/api"))).toBe(true);
    const heavy = /@opentelemetry\/(?!api)|import-in-the-middle|compose-telemetry|packages\/journal\//;
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
    expect(child.stderr()).toBe("");
  });
});

describe("telemetry that is started more than once", () => {
  it("is one telemetry with one line; after its end calls do nothing; it can be started again", async () => {
    const child = startChild("twice.ts", { env, register: false });
    const result = await child.result<{ instances: string[]; flows: number[]; dropped: unknown }>();
    expect(result).toMatchObject({ same: true, enabled: true, flows: [1, 1], dropped: [{}, {}] });
    expect(new Set(result.instances).size).toBe(2);
    expect(linesWith(child.stderr(), "tracebook: on")).toHaveLength(2);
    expect(linesWith(child.stderr(), "the options of this start are ignored")).toHaveLength(1);
    expect(child.stderr().trim().split("\n")).toHaveLength(3);
    const lives = sink.spans.filter((span) => span.name === "tick").map((span) => span.attributes["trading.life"]);
    expect(lives).toEqual(["first", "second"]);
    // Per life: the flow, its stage, and both requests at the client and at the server.
    for (const { traceId, spanId } of sink.spans.filter((span) => span.name === "tick")) {
      const inTrace = sink.spans.filter((span) => span.traceId === traceId);
      const clients = inTrace.filter((span) => span.kind === 3);
      expect(clients.map((span) => [span.name, span.parentSpanId])).toEqual([
        ["GET", spanId],
        ["GET", spanId],
      ]);
      expect(inTrace).toHaveLength(6);
    }
    expect(sink.spans).toHaveLength(12);
    expect(sink.logs.map((log) => log.attributes["trading.life"])).toEqual(["first", "second"]);
  });
});

describe("telemetry that is started late", () => {
  it("names the modules that were loaded too early to be seen", async () => {
    const child = startChild("late.ts", { env, register: false });
    expect(await child.result()).toEqual({ enabled: true });
    const [line, ...more] = linesWith(child.stderr(), "loaded before telemetry");
    expect(line).toMatch(/^tracebook: pg, pg-pool, pino loaded before telemetry/);
    expect(line).toContain("--import @tracebook/node/register");
    expect(more).toEqual([]);
  });

  it("names none when they come after it", async () => {
    const child = startChild("late.ts", { env });
    expect(await child.result()).toEqual({ enabled: true });
    expect(child.stderr().trim().split("\n")).toHaveLength(1);
  });
});

describe("telemetry on a machine where much is missing", () => {
  let taken: Server;
  let port = 0;
  beforeEach(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    ({ port } = taken.address() as AddressInfo);
  });
  afterEach(() => taken.close());

  it("says each in one line, and the bot trades: a port taken, a folder, a package, a Collector", async () => {
    const file = join(dir, "a-file");
    writeFileSync(file, "");
    const child = startChild("broken.ts", {
      env: {
        TELEMETRY_ENABLED: "true",
        TELEMETRY_PROMETHEUS_PORT: `${port}`,
        TELEMETRY_DIR: join(file, "below"),
        TELEMETRY_SHUTDOWN_TIMEOUT_MS: "600",
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        // Nobody listens on port 1.
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://127.0.0.1:1/v1/metrics",
      },
      preload: [fixture("without-pg-instrumentation.ts")],
    });
    const { health, ...rest } = await child.result<{ health: Record<string, unknown> }>();
    expect(rest).toEqual({ accepted: 300, enabled: true, text: "" });
    expect(health).toMatchObject({ enabled: true, flows: { flowsEnded: 300 } });
    expect(health).not.toHaveProperty("metricsUrl");
    expect(health).toMatchObject({ metricsProblem: `cannot listen on 127.0.0.1:${port} (the port is taken)` });
    expect(health).toMatchObject({ journal: { isFailing: true, written: 0 } });
    const stderr = child.stderr();
    expect(linesWith(stderr, `/metrics is off: cannot listen on 127.0.0.1:${port} (the port is taken)`)).toHaveLength(
      1,
    );
    expect(linesWith(stderr, "install @opentelemetry/instrumentation-pg")).toHaveLength(1);
    expect(linesWith(stderr, "(ENOTDIR), records wait in memory")).toHaveLength(1);
    // The first order that went out without its evidence, and in the end how many did.
    expect(
      linesWith(stderr, "order request 2 went out before being on disk, and so will others (ENOTDIR: "),
    ).toHaveLength(1);
    expect(
      linesWith(stderr, "300 order requests went out before being on disk; 300 of them were dropped"),
    ).toHaveLength(1);
    expect(linesWith(stderr, "metrics are not getting through")).toHaveLength(1);
    expect(linesWith(stderr, "the spool cannot be written (ENOTDIR)")).toHaveLength(1);
    // Without a spool the metrics have nowhere to wait.
    const [dropped, ...others] = linesWith(stderr, "tracebook: dropped");
    expect(dropped).toMatch(/^tracebook: dropped \d+ metrics \(shutdown\), 600 journal_evidence \(closed\)/);
    expect(others).toEqual([]);
    expect(linesWith(stderr, "tracebook: on")).toHaveLength(1);
    expect(stderr.trim().split("\n")).toHaveLength(9);
    expect(linesWith(stderr, "/metrics failed")[0]).toContain("instrumented http, undici, redis, pino, host");
    expect(sink.spans.filter((span) => span.name === "tick")).toHaveLength(300);
  });
});

describe("BOT_METRICS_ENABLED alone", () => {
  it("serves metrics and nothing else: no journal, no export, no instrumentation", async () => {
    const child = startChild("broken.ts", {
      env: { ...env, TELEMETRY_ENABLED: "false", BOT_METRICS_ENABLED: "true" },
      cwd: dir,
    });
    const { text, health } = await child.result<{ text: string; health: Record<string, unknown> }>();
    expect(text).toContain('trading_stage_duration_seconds_count{flow="tick",stage="book"');
    expect(text).toMatch(/trading_decisions_total\{decision="ACCEPT".*\} 300/);
    expect(child.stderr()).toMatch(/^tracebook: metrics only \|/);
    expect(health).not.toHaveProperty("journal");
    expect([sink.requests, health.dropped]).toEqual([0, {}]);
  });
});

describe("TELEMETRY_STRICT with a typo", () => {
  it("throws before anything is started, naming the variable and not its value", async () => {
    const child = startChild("off.ts", {
      env: { ...env, TELEMETRY_STRICT: "true", TELEMETRY_SAMPEL_RATIO: "hunter2-secret" },
    });
    expect((await child.exit).code).toBe(1);
    expect(child.stderr()).toContain("TELEMETRY_SAMPEL_RATIO");
    expect(child.stderr()).not.toContain("hunter2");
    expect(child.output()).not.toContain("tracebook: on");
    expect(sink.requests).toBe(0);
  });
});
