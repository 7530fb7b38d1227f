// Processors of the host's: they see what is exported, as objects, redacted, and the receiver sees the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

interface Found {
  readonly spans: readonly { name: string; id: string; trace: string; attributes: Record<string, unknown> }[];
  readonly logs: readonly { name: string; trace: string }[];
}

let dir = "";
let sink: OtlpSink;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-host-"));
  sink = await startOtlpSink();
});
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

function start(env: Record<string, string>): Child {
  const common = {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_DIR: dir,
    BOT_METRICS_ENABLED: "false",
    TELEMETRY_RECENT_FLOWS: "0",
  };
  return startChild("host-processors.ts", { register: false, env: { ...common, TELEMETRY_SAMPLE_RATIO: "0", ...env } });
}

describe("a host's own processors", () => {
  it("get the spans and log records of kept flows, the same as the receiver, without secrets", async () => {
    const child = start({ TELEMETRY_OTLP_ENDPOINT: sink.url });
    const { spans, logs } = await child.result<Found>();
    expect(spans.map(({ name }) => name).sort()).toEqual(["book", "inside", "risk", "tick"]);
    expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
    expect(sink.spans.map(({ spanId }) => spanId).sort()).toEqual(spans.map(({ id }) => id).sort());
    expect(JSON.stringify(spans)).not.toContain("planted-secret");
    expect(logs).toEqual([{ name: "trading.decision", trace: spans[0]?.trace }]);
    expect(sink.logs).toHaveLength(1);
    // The one that fails is told of once and takes nothing from the others.
    expect(child.stderr().match(/of the host failed: a defect of the host's/g)).toHaveLength(1);
  });

  it("get them without any OTLP as well", async () => {
    const { spans, logs } = await start({}).result<Found>();
    expect(spans).toHaveLength(4);
    expect(logs).toHaveLength(1);
  });
});
