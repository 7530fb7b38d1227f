// What a process says of its spans and log records in `health()`, and whether it adds up.
import type { ExportHealth, TelemetryHealth } from "@tracebook/node";
import { type Check, check } from "../fault-case.ts";

/** Spans and log records that wait, on disk and in memory. */
export function waitingOf(health: TelemetryHealth | undefined): number {
  return sumOf(health, (signal) => signal.spooled + signal.queued);
}

/** Spans and log records that wait on disk. */
export function spooledOf(health: TelemetryHealth | undefined): number {
  return sumOf(health, (signal) => signal.spooled);
}

/** Spans and log records that an earlier process had left on disk. */
export function restoredOf(health: TelemetryHealth | undefined): number {
  return sumOf(health, (signal) => signal.restored);
}

/** Spans and log records that the receiver has acknowledged. */
export function exportedOf(health: TelemetryHealth | undefined): number {
  return sumOf(health, (signal) => signal.exported);
}

function sumOf(health: TelemetryHealth | undefined, of: (signal: ExportHealth) => number): number {
  return [health?.traces, health?.logs].reduce((sum, signal) => sum + (signal === undefined ? 0 : of(signal)), 0);
}

/** What a process says of itself adds up: accepted + restored = exported + dropped + queued + spooled, for each signal. */
export function healthAddsUp(health: TelemetryHealth | undefined): Check {
  const wrong = (["traces", "logs", "metrics"] as const).filter((name) => {
    const signal = health?.[name];
    if (signal === undefined) return false;
    const { accepted, restored, exported, dropped, queued, spooled } = signal;
    return accepted + restored !== exported + dropped + queued + spooled;
  });
  const found = Object.fromEntries(wrong.map((name) => [name, health?.[name]]));
  return check("health() adds up", wrong.length === 0, found);
}
