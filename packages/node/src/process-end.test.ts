// The end of a process with telemetry: in time, with the host's own exit code, whatever state the Collector is in.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

/** The shutdown timeout is 3 s (the stock SDK takes 8 to 10); twice that, for a machine that is busy with other tests. */
const LIMIT_MS = 6_000;

let dir = "";
let sink: OtlpSink;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-end-"));
  sink = await startOtlpSink();
});

afterEach(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

/** An address where nobody listens. */
async function refusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

async function endpointOf(state: string): Promise<string> {
  if (state === "refused") return refusedUrl();
  if (state === "black hole") sink.answer = "hang";
  return sink.url;
}

function env(endpoint: string): Record<string, string> {
  return {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_OTLP_ENDPOINT: endpoint,
    TELEMETRY_DIR: dir,
    TELEMETRY_PROMETHEUS_PORT: "0",
  };
}

function journal(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return readFileSync(join(dir, "data", "events", day, "events.jsonl"), "utf8");
}

describe.each(["fast", "refused", "black hole"])("with a Collector that is %s", (state) => {
  it.each(["SIGTERM", "SIGINT"] as const)("%s ends the process by that signal, within the timeout", async (signal) => {
    const child = startChild("bot.ts", { args: ["linger"], env: env(await endpointOf(state)) });
    await child.said("ready");
    const from = performance.now();
    child.process.kill(signal);
    const { code, signal: by } = await child.exit;
    expect([code, by]).toEqual([null, signal]);
    expect(performance.now() - from).toBeLessThan(LIMIT_MS);
    expect(
      journal()
        .split("\n")
        .filter((line) => line.includes('"decision"')),
    ).toHaveLength(20);
    if (state === "fast") expect(sink.spans.length).toBeGreaterThan(60);
  });

  it("a program that is through ends with code 0 and leaves nothing behind", async () => {
    const child = startChild("bot.ts", { args: ["return"], env: env(await endpointOf(state)) });
    await child.said("ready");
    const from = performance.now();
    expect((await child.exit).code).toBe(0);
    expect(performance.now() - from).toBeLessThan(LIMIT_MS);
    if (state === "fast") expect(sink.spans.filter((span) => span.name === "tick")).toHaveLength(20);
  });

  it("the host's own handler of a signal decides when and how it ends", async () => {
    const child = startChild("bot.ts", { args: ["own-handler"], env: env(await endpointOf(state)) });
    await child.said("ready");
    child.process.kill("SIGTERM");
    expect((await child.exit).code).toBe(42);
  });
});

describe("a process that ends at once", () => {
  it("process.exit keeps its code, and the journal has everything", async () => {
    const child = startChild("bot.ts", { args: ["exit"], env: env(sink.url) });
    expect((await child.exit).code).toBe(7);
    expect(
      journal()
        .split("\n")
        .filter((line) => line.includes('"decision"')),
    ).toHaveLength(20);
  });

  it.each(["throw", "reject"])(
    "a crash (%s) looks as it does without telemetry, and the journal has everything",
    async (how) => {
      const watched = startChild("bot.ts", { args: [how], env: env(sink.url) });
      const plain = startChild("bot.ts", { args: [how], register: false });
      expect((await watched.exit).code).toBe((await plain.exit).code);
      expect(watched.output()).toContain("of the host");
      const lines = journal().trim().split("\n");
      expect(lines.filter((line) => line.includes('"decision"'))).toHaveLength(20);
      expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
    },
  );
});
