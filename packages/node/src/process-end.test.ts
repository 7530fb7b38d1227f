// The end of a process with telemetry: with the host's own exit code and nothing lost in silence, whatever state the Collector is in.
// How long it takes is measured where the machine does nothing else: by the CI stage for exit times.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Child, type ChildOptions, startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

/** What the bot makes: 20 flows of three stages, four of which send an order in a fourth. */
const DECISIONS = 20;
const SPANS = 84;
const LOGS = 24;

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

/** Starts the bot; one that does not end goes with its test, which has run out of time by then. */
function startBot(how: string, options: ChildOptions): Child {
  const child = startChild("bot.ts", { args: [how], ...options });
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

function env(endpoint: string): Record<string, string> {
  return {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_OTLP_ENDPOINT: endpoint,
    TELEMETRY_DIR: dir,
    TELEMETRY_PROMETHEUS_PORT: "0",
  };
}

/** The records of the journal; every line is one. */
function journal(): { readonly event_type: string }[] {
  const events = join(dir, "data", "events");
  const files = readdirSync(events, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".jsonl"));
  const lines = files.flatMap((file) => readFileSync(join(events, file), "utf8").trimEnd().split("\n"));
  return lines.map((line) => JSON.parse(line));
}

function expectDecisions(): void {
  expect(journal().filter(({ event_type }) => event_type === "decision")).toHaveLength(DECISIONS);
}

/** The journal has everything; the Collector has it too, or the spool, and the process has said so. */
function expectNoLoss(child: Child, state: string): void {
  expectDecisions();
  const isFast = state === "fast";
  expect([sink.spans.length, sink.logs.length]).toEqual(isFast ? [SPANS, LOGS] : [0, 0]);
  expect(child.stderr()).not.toContain("dropped");
  const waits = child.stderr().match(/^tracebook: (.*) wait in .*$/m)?.[1];
  if (isFast) expect(waits).toBeUndefined();
  else expect(waits).toMatch(new RegExp(`^${SPANS} spans, ${LOGS} logs, \\d+ metrics$`));
}

describe.each(["fast", "refused", "black hole"])("with a Collector that is %s", (state) => {
  it.each(["SIGTERM", "SIGINT"] as const)("%s ends the process by that signal, after a flush", async (signal) => {
    const child = startBot("linger", { env: env(await endpointOf(state)) });
    await child.said("ready");
    child.process.kill(signal);
    expect(await child.exit).toMatchObject({ code: null, signal });
    expectNoLoss(child, state);
  });

  it("a program that is through ends with code 0, after a flush", async () => {
    const child = startBot("return", { env: env(await endpointOf(state)) });
    expect(await child.exit).toMatchObject({ code: 0, signal: null });
    expectNoLoss(child, state);
  });

  it("the host's own handler of a signal decides when and how it ends", async () => {
    const child = startBot("own-handler", { env: env(await endpointOf(state)) });
    await child.said("ready");
    child.process.kill("SIGTERM");
    expect(await child.exit).toMatchObject({ code: 42, signal: null });
    expectDecisions();
  });
});

describe("a process that ends at once", () => {
  it("process.exit keeps its code, and the journal has everything", async () => {
    const child = startBot("exit", { env: env(sink.url) });
    expect((await child.exit).code).toBe(7);
    expectDecisions();
  });

  it.each(["throw", "reject"])(
    "a crash (%s) looks as it does without telemetry, and the journal has everything",
    async (how) => {
      const watched = startBot(how, { env: env(sink.url) });
      const plain = startBot(how, { register: false });
      expect((await watched.exit).code).toBe((await plain.exit).code);
      expect(watched.output()).toContain("of the host");
      expectDecisions();
    },
  );
});
