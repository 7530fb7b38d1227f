// The balance of a run: what was made, what has arrived, what waits, what was counted as lost, and what is missing unsaid.
import type { ExportHealth, TelemetryHealth } from "@tracebook/node";
import { EVIDENCE_KINDS } from "../bot/observer.ts";
import type { Check, FaultFigures } from "../fault-case.ts";
import type { Arrivals } from "./item-ledger.ts";

/** A run: one bot, or several processes after each other in one folder. */
export interface MadeRun {
  readonly run: number;
  /** Numbers by kind. */
  readonly made: Readonly<Record<string, number>>;
  /** The last word of each of its processes, in order. */
  readonly healths: readonly (TelemetryHealth | undefined)[];
}

/** The balance. */
export interface Account
  extends Pick<
    FaultFigures,
    "accepted" | "delivered" | "spooled" | "dropped_by_reason" | "silent_loss" | "duplicates"
  > {
  /** Evidence alone. */
  readonly evidence: { readonly accepted: number; readonly delivered: number };
  /** First arrivals after one that was made later. */
  readonly outOfOrder: number;
  /** What has not arrived, by kind; kinds of which all has arrived are left out. */
  readonly missing: Readonly<Record<string, number>>;
}

/** Draws the balance of some runs. */
export function drawAccount(runs: readonly MadeRun[], arrivals: Arrivals): Account {
  const dropped: Record<string, number> = {};
  const evidence = { accepted: 0, delivered: 0 };
  const missing: Record<string, number> = {};
  let [accepted, delivered, spooled, duplicates, outOfOrder] = [0, 0, 0, 0, 0];
  for (const { run, made, healths } of runs) {
    for (const [kind, count] of Object.entries(made)) {
      const arrived = arrivals[run]?.[kind];
      accepted += count;
      delivered += arrived?.distinct ?? 0;
      duplicates += arrived?.duplicates ?? 0;
      outOfOrder += arrived?.outOfOrder ?? 0;
      const absent = count - (arrived?.distinct ?? 0);
      if (absent > 0) missing[kind] = (missing[kind] ?? 0) + absent;
      if (!EVIDENCE_KINDS.includes(kind)) continue;
      evidence.accepted += count;
      evidence.delivered += arrived?.distinct ?? 0;
    }
    for (const health of healths) addDropped(dropped, health);
    spooled += waitingOf(healths.at(-1));
  }
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const silent = accepted - delivered - spooled - lost;
  return {
    accepted,
    delivered,
    spooled,
    dropped_by_reason: dropped,
    silent_loss: silent,
    duplicates,
    evidence,
    outOfOrder,
    missing,
  };
}

/** Items that are lost with each; a flow has two spans. What no bot numbers (metrics, records of the journal) is no part of the balance. */
const COUNTED = { spans: 1, logs: 1, evidence: 1, flow: 2 };

function addDropped(into: Record<string, number>, health: TelemetryHealth | undefined): void {
  for (const [lost, itemsEach] of Object.entries(COUNTED))
    for (const [reason, count] of Object.entries(health?.dropped[lost] ?? {})) {
      const key = `${lost}/${reason}`;
      into[key] = (into[key] ?? 0) + count * itemsEach;
    }
}

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
  return { what: "health() adds up", holds: wrong.length === 0, found };
}
