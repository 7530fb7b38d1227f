// All signals of one flow, end to end: spans, log lines, events and the journal meet in one trace.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../test/child.ts";
import { type OtlpSink, type SinkSpan, startOtlpSink } from "../test/otlp-sink.ts";

/** A connection string; the CI stage for PostgreSQL sets it. */
const POSTGRES = process.env.TRACEBOOK_TEST_POSTGRES;
const OUTSIDE = 2_000;
const RATIO = 0.2;

let dir = "";
let sink: OtlpSink;
let child: Child;

const env = (ratio: number): Record<string, string> => ({
  TELEMETRY_ENABLED: "true",
  TELEMETRY_OTLP_ENDPOINT: sink.url,
  TELEMETRY_SAMPLE_RATIO: `${ratio}`,
  TELEMETRY_RECENT_FLOWS: "0",
  TELEMETRY_SLOW_MS: "60000",
  TELEMETRY_DIR: dir,
  BOT_METRICS_ENABLED: "false",
});

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-signals-"));
  sink = await startOtlpSink();
  child = startChild("signals.ts", { args: ["0", POSTGRES ?? ""], env: env(0) });
  await child.result();
});
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

const spansNamed = (name: string): SinkSpan[] => sink.spans.filter((span) => span.name === name);
const flow = (): SinkSpan => {
  const [kept, ...others] = spansNamed("tick");
  expect(others).toEqual([]);
  return kept as SinkSpan;
};

interface Line {
  trace_id?: string;
  span_id?: string;
  msg?: string;
  event_type?: string;
  data?: { check?: string };
}

function journalLines(): Line[] {
  const day = readdirSync(join(dir, "data/events"))[0] ?? "";
  const files = [join("data/events", day, "events.jsonl"), "logs/telemetry.jsonl"];
  return files.flatMap((file) =>
    readFileSync(join(dir, file), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}

function logLines(): Line[] {
  return child
    .output()
    .split("\n")
    .filter((line) => line.includes('"msg"'))
    .map((line) => JSON.parse(line));
}

describe("a kept flow", () => {
  it("has the requests it made below it, and what served them below those", () => {
    const { traceId, spanId } = flow();
    const clients = sink.spans.filter((span) => span.kind === 3 && span.name === "GET");
    expect(clients.map((span) => [span.traceId, span.parentSpanId])).toEqual([
      [traceId, spanId],
      [traceId, spanId],
    ]);
    const servers = sink.spans.filter((span) => span.kind === 2 && span.name === "GET");
    expect(servers.map((span) => span.parentSpanId).sort()).toEqual(clients.map((span) => span.spanId).sort());
  });

  it("has a child that ended after it, and its stages", () => {
    const { spanId } = flow();
    for (const name of ["late child of a kept flow", "book_to_signal", "signal_to_risk"])
      expect(spansNamed(name).map((span) => span.parentSpanId)).toEqual([spanId]);
  });

  it("bears one trace id in its spans, its log lines, its events and its journal lines", () => {
    const { traceId, spanId } = flow();
    const order = logLines().find((line) => line.msg === "order is on its way");
    expect(order).toMatchObject({ trace_id: traceId, span_id: spanId });
    const sent = sink.logs.find((log) => log.body === "order is on its way");
    expect(sent).toMatchObject({ traceId, spanId });
    const served = logLines().filter((line) => line.msg?.startsWith("served"));
    const servers = sink.spans.filter((span) => span.kind === 2 && span.name === "GET");
    expect(served.map((line) => line.span_id).sort()).toEqual(servers.map((span) => span.spanId).sort());
    for (const name of ["decision", "risk_passed"]) {
      expect(sink.logs.filter((log) => log.eventName === `trading.${name}`)).toMatchObject([{ traceId, spanId }]);
      const lines = journalLines().filter((line) => line.event_type === name && line.data?.check !== "dropped");
      expect(lines).toMatchObject([{ trace_id: traceId, span_id: spanId }]);
    }
  });

  it.skipIf(POSTGRES === undefined)("has the query it made", () => {
    const { traceId, spanId } = flow();
    const queries = sink.spans.filter((span) => span.name.startsWith("pg.query"));
    expect(queries).toMatchObject([{ traceId, parentSpanId: spanId, kind: 3 }]);
  });
});

describe("a flow that is not kept", () => {
  it("takes its children and its event with it, early and late; the journal has the event", () => {
    expect(sink.spans.filter((span) => span.name.includes("dropped flow"))).toEqual([]);
    expect(sink.logs.filter((log) => log.attributes["trading.check"] === "dropped")).toEqual([]);
    expect(journalLines().filter((line) => line.data?.check === "dropped")).toHaveLength(1);
  });
});

describe("spans outside flows", () => {
  it("go with their remote parent", () => {
    expect(spansNamed("below a sampled parent")).toHaveLength(1);
    expect(spansNamed("below an unsampled parent")).toEqual([]);
  });

  it("without a parent are drawn by the ratio, a child with its parent", async () => {
    sink.spans.length = 0;
    await startChild("signals.ts", { args: [`${OUTSIDE}`], env: env(RATIO) }).result();
    const sampled = spansNamed("outside");
    const sigma = Math.sqrt(OUTSIDE * RATIO * (1 - RATIO));
    expect(Math.abs(sampled.length - OUTSIDE * RATIO)).toBeLessThan(4 * sigma);
    const parents = spansNamed("outside child").map((span) => span.parentSpanId);
    expect(parents.sort()).toEqual(sampled.map((span) => span.spanId).sort());
  });
});
