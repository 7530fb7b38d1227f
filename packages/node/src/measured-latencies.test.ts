// Latencies that a host measures itself: in the histogram, and in the log of latencies beside those of flows.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withRun } from "@tracebook/core";
import { tradingMetrics } from "@tracebook/metrics";
import { expect, it, onTestFinished } from "vitest";
import { startTelemetry } from "./start-telemetry.ts";

it("stand in logs/metrics.jsonl while telemetry runs, with the run they belong to", async () => {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-measured-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const telemetry = await startTelemetry({
    enabled: true,
    quiet: true,
    dir,
    instrument: [],
    prometheusPort: 0,
    runId: "run-9",
  });
  tradingMetrics.recordLatency({ trace_id: "abc", ws_to_book_update_ms: 10.5, book_to_signal_ms: 5.2 });
  withRun("scan-1", () => tradingMetrics.recordLatency({ flow: "scan", fetch_ms: 2 }));
  await telemetry.shutdown();
  tradingMetrics.recordLatency({ fetch_ms: 3 });
  const lines = readFileSync(join(dir, "logs/metrics.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({
      trace_id: "abc",
      ws_to_book_update_ms: 10.5,
      book_to_signal_ms: 5.2,
      end_to_end_ms: 15.7,
      flow: "tick",
      run_id: "run-9",
      instance_id: telemetry.instanceId,
    }),
    expect.objectContaining({ flow: "scan", fetch_ms: 2, run_id: "scan-1" }),
  ]);
});
