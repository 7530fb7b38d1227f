// Keeping, at the receiver: all that matters, the ratio of the rest, no orphan and no trace that is cut.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, type SinkSpan, startOtlpSink } from "../test/otlp-sink.ts";

const TICKS = 100_000;
const RATIO = 0.01;
const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send", "sent"];

interface Report {
  must: Record<string, string[]>;
  flows: { flowsStarted: number; flowsKept: number; flowsDropped: number; flowsOpen: number };
  traces: { exported: number };
  dropped: object;
}

let dir = "";
let sink: OtlpSink;
let report: Report;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-keeping-"));
  sink = await startOtlpSink();
  const child = startChild("keeping.ts", {
    args: [`${TICKS}`],
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: sink.url,
      TELEMETRY_SAMPLE_RATIO: `${RATIO}`,
      // Nothing is slow: the machine that runs the tests may be.
      TELEMETRY_SLOW_MS: "60000",
      TELEMETRY_DIR: dir,
      TELEMETRY_SHUTDOWN_TIMEOUT_MS: "30000",
      BOT_METRICS_ENABLED: "false",
    },
  });
  report = await child.result();
}, 60_000);
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

const roots = (): SinkSpan[] => sink.spans.filter((span) => span.name === "tick");

describe(`${TICKS} ticks at a ratio of ${RATIO}`, () => {
  it("all accepted, failed and marked traces arrive, with their reason", () => {
    const reasons = new Map(roots().map((span) => [span.traceId, span.attributes["trading.keep_reason"]]));
    for (const [reason, traceIds] of Object.entries(report.must)) {
      expect(traceIds).toHaveLength(reason === "accepted" ? 1_000 : 500);
      expect(traceIds.filter((traceId) => reasons.get(traceId) !== reason)).toEqual([]);
    }
  });

  it("of the rest the ratio arrives, within 4 sigma", () => {
    const must = new Set(Object.values(report.must).flat());
    const rest = roots().filter((span) => !must.has(span.traceId));
    expect(new Set(rest.map((span) => span.attributes["trading.keep_reason"]))).toEqual(new Set(["ratio"]));
    const trials = TICKS - must.size;
    const sigma = Math.sqrt(trials * RATIO * (1 - RATIO));
    expect(Math.abs(rest.length - trials * RATIO)).toBeLessThan(4 * sigma);
  });

  it("no span is an orphan, none comes twice", () => {
    const known = new Set(sink.spans.map((span) => `${span.traceId} ${span.spanId}`));
    expect(known.size).toBe(sink.spans.length);
    const orphans = sink.spans.filter(
      ({ traceId, parentSpanId }) => parentSpanId !== undefined && !known.has(`${traceId} ${parentSpanId}`),
    );
    expect(orphans).toEqual([]);
  });

  it("no trace is cut: each has all the stages that its flow reached, and its children", () => {
    const children = Map.groupBy(sink.spans, (span) => span.parentSpanId);
    const cut = roots().filter((root) => {
      const names = (children.get(root.spanId) ?? []).map((span) => span.name);
      const reached = STAGES.slice(0, STAGES.indexOf(String(root.attributes["trading.stage"])) + 1);
      return names.filter((name) => STAGES.includes(name)).join() !== reached.join();
    });
    expect(cut).toEqual([]);
    const checks = sink.spans.filter((span) => span.name === "check");
    expect(checks.length).toBeGreaterThan(0);
    expect(
      checks.every(
        (span) =>
          children
            .get(span.spanId)
            ?.map(({ name }) => name)
            .join() === "limits",
      ),
    ).toBe(true);
    expect(sink.spans.filter((span) => span.name === "query").length).toBeGreaterThan(0);
  });

  it("accepted = delivered + dropped on purpose: nothing is lost", () => {
    const { flows, traces, dropped } = report;
    expect(dropped).toEqual({});
    expect(flows.flowsKept + flows.flowsDropped + flows.flowsOpen).toBe(flows.flowsStarted);
    expect(traces.exported).toBe(sink.spans.length);
    expect(flows.flowsKept).toBe(sink.spans.filter((span) => ["tick", "check"].includes(span.name)).length);
  });
});
