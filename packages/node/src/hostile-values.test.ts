// Whatever a host passes, by accident or by malice: nothing throws, nothing hangs, and everything else still leaves.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

interface Report {
  threw: string[];
  dropped: object;
  flows: { flowsStarted: number; flowsKept: number; flowsOpen: number; misuse: Record<string, number> };
  journal: { accepted: number; written: number; files: string[] };
  text: string;
  polluted: boolean;
}

let dir = "";
let sink: OtlpSink;
let report: Report;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-hostile-"));
  sink = await startOtlpSink();
  const child = startChild("hostile.ts", {
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: sink.url,
      TELEMETRY_DIR: dir,
      TELEMETRY_PROMETHEUS_PORT: "0",
      TELEMETRY_SHUTDOWN_TIMEOUT_MS: "20000",
    },
  });
  report = await child.result();
});
afterAll(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("hostile values", () => {
  it("make no call throw", () => expect(report.threw).toEqual([]));

  it("cost no flow, no record and no span", () => {
    const { flows, journal, dropped } = report;
    expect(dropped).toEqual({});
    expect([flows.flowsKept, flows.flowsOpen]).toEqual([flows.flowsStarted, 0]);
    expect(journal.written).toBe(journal.accepted);
    const spans = sink.spans.filter((span) => span.attributes["trading.reason_code"] !== undefined);
    expect(spans).toHaveLength(flows.flowsStarted);
  });

  it("are counted where they could not be recorded as they were", () => {
    expect(Object.keys(report.flows.misuse).sort()).toEqual([
      "invalid_trace_id",
      "too_many_attributes",
      "unknown_stage",
      "unreadable_attributes",
      "unreadable_options",
      "unreadable_verdict",
    ]);
  });

  it("leave a journal in which every line is JSON, numbered without a gap", () => {
    const files = report.journal.files.filter((file) => !file.endsWith("metrics.jsonl"));
    const lines = files.flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n"));
    const numbers = lines.map((line) => (JSON.parse(line) as { seq: number }).seq).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it("are bounded in every byte that leaves, and pollute nothing", () => {
    // 4 KiB a value, 64 KiB the text of a log record, 128 characters a label.
    const values = JSON.stringify([sink.spans, sink.logs.map((log) => [log.eventName, log.attributes])], (_, value) =>
      typeof value === "bigint" ? `${value}` : value,
    );
    expect(values.includes("x".repeat(4_097))).toBe(false);
    expect(sink.bodies.some((body) => body.includes("x".repeat(65_536)))).toBe(false);
    expect(report.text.includes("x".repeat(129))).toBe(false);
    expect(report.polluted).toBe(false);
  });

  it("leave /metrics in lines that a scraper can read", () => {
    const wrong = report.text.split("\n").filter((line) => !/^(#.*|[a-zA-Z_:][\w:]*(\{.*\})? \S+)?$/s.test(line));
    expect(wrong).toEqual([]);
    expect(report.text).not.toMatch(/ (NaN|[+-]Inf)$/m);
  });
});
