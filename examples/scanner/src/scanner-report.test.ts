import type { Telemetry } from "@tracebook/node";
import { expect, it } from "vitest";
import { createScanCounts } from "./scan/scan-counts.ts";
import { reportScanner, summaryLine } from "./scanner-report.ts";

it("the summary says how many scans there were and what became of the symbols, the most frequent reason first", () => {
  const counts = Object.assign(createScanCounts(), {
    scans: 3,
    symbolsScanned: 21,
    generated: 8,
    rejected: 12,
    errors: 1,
  });
  counts.rejections.set("No data available", 2).set("Below minimum confluence threshold", 10);
  const telemetry = { instanceId: "i", runId: "r", health: () => ({}) } as unknown as Telemetry;
  const report = reportScanner("balanced", counts, { frames: 100, malformedFrames: 0 }, telemetry);
  expect(report).toMatchObject({ success_rate: 40, instance_id: "i", run_id: "r", frames: 100 });
  expect(summaryLine(report)).toBe(
    "scanner: 3 scans (balanced), 21 symbols, 8 signals generated, 12 rejected, 1 errors, success rate 40.0 % | " +
      "Below minimum confluence threshold: 10, No data available: 2",
  );
});
