// What the scanner tells its launcher, or whoever started it: how it stands, and how it went.
import type { Telemetry, TelemetryHealth } from "@tracebook/node";
import type { WatchCounts } from "./market/market-watch.ts";
import { type ScanCounts, successRate } from "./scan/scan-counts.ts";

/** Counts since the start: `generated + rejected + errors = symbols_scanned`. */
export interface ScannerReport {
  readonly profile: string;
  readonly scans: number;
  readonly symbols_scanned: number;
  /** Signals that passed every gate. */
  readonly generated: number;
  /** Signals that failed one. */
  readonly rejected: number;
  readonly errors: number;
  /** Percent of the signals that were generated, one place. */
  readonly success_rate: number;
  /** Rejections by reason, the most frequent first. */
  readonly rejections: Readonly<Record<string, number>>;
  readonly frames: number;
  readonly malformed_frames: number;
  readonly telemetry: TelemetryHealth;
  readonly instance_id: string;
  readonly run_id: string;
}

/** The figures as of now. */
export function reportScanner(
  profile: string,
  counts: ScanCounts,
  watched: WatchCounts,
  telemetry: Telemetry,
): ScannerReport {
  const { scans, symbolsScanned, generated, rejected, errors, rejections } = counts;
  return {
    profile,
    scans,
    symbols_scanned: symbolsScanned,
    generated,
    rejected,
    errors,
    success_rate: successRate(generated, rejected),
    rejections: Object.fromEntries([...rejections].sort(([, a], [, b]) => b - a)),
    frames: watched.frames,
    malformed_frames: watched.malformedFrames,
    telemetry: telemetry.health(),
    instance_id: telemetry.instanceId,
    run_id: telemetry.runId,
  };
}

/** The summary as one line for people. */
export function summaryLine(report: ScannerReport): string {
  const { profile, scans, symbols_scanned, generated, rejected, errors, success_rate } = report;
  const reasons = Object.entries(report.rejections).map(([reason, count]) => `${reason}: ${count}`);
  return (
    `scanner: ${scans} scans (${profile}), ${symbols_scanned} symbols, ${generated} signals generated, ` +
    `${rejected} rejected, ${errors} errors, success rate ${success_rate.toFixed(1)} %` +
    (reasons.length > 0 ? ` | ${reasons.join(", ")}` : "")
  );
}
