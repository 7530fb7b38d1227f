// Records, kinds and folders for the tests of this package.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, createManualClock, type ManualClock } from "@tracebook/core";
import type { EventKind, EventRecord } from "@tracebook/core/extension";
import { onTestFinished } from "vitest";
import { createJournal, type Journal, type JournalOptions } from "../src/index.ts";

/** 2026-11-20T12:00:00Z in microseconds. */
export const NOON = Date.UTC(2026, 10, 20, 12) * 1000;

function kind(eventType: string, options: Partial<EventKind>): EventKind {
  return {
    eventType,
    recordClass: "event",
    writeThrough: false,
    severityNumber: 9,
    stream: "events",
    toData: (payload) => payload as Record<string, unknown>,
    ...options,
  };
}

export const KINDS = {
  decision: kind("decision", { recordClass: "evidence" }),
  orderRequest: kind("order_request", { recordClass: "evidence", writeThrough: true }),
  bookSnapshot: kind("orderbook_snapshot", { recordClass: "market" }),
  signal: kind("signal", {}),
  riskPassed: kind("risk_passed", { stream: "telemetry" }),
} satisfies Record<string, EventKind>;

/** A decision as the decision logger of Tracebook puts it on the record. */
export const REJECT = {
  strategy: "basis",
  decision: "REJECT",
  reason_code: "insufficient_edge",
  reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
  edge_unit: "bps",
  gross_edge: "4.10",
  fees_est: "2.00",
  slippage_est: "0.60",
  gas_est: "0",
  latency_buffer: "0.30",
  net_edge: "1.20",
  min_threshold: "1.50",
};

/** An instance: numbers its records as a runtime does. */
export interface Instance {
  readonly id: string;
  readonly clock: Clock;
  lastSeq: number;
  nextSeq(): number;
  record(kind: EventKind, payload?: unknown, fields?: Partial<EventRecord>): EventRecord;
}

export function createInstance(id: string, clock: Clock = createManualClock(NOON)): Instance {
  const instance: Instance = {
    id,
    clock,
    lastSeq: 0,
    nextSeq: () => ++instance.lastSeq,
    record: (kind, payload = {}, fields = {}) => ({
      kind,
      seq: instance.nextSeq(),
      timeMs: clock.nowMs(),
      runId: "run-1",
      payload: kind === KINDS.decision ? { ...REJECT, ...(payload as object) } : payload,
      symbol: "BTC/USDT",
      strategy: "basis",
      traced: true,
      trace0: 0x0af7651a | 0,
      trace1: 0x16cd43dd | 0,
      trace2: 0x8448eb21 | 0,
      trace3: 0x1c80319c | 0,
      span0: 0xb7ad6b71 | 0,
      span1: 0x69203331 | 0,
      ...fields,
    }),
  };
  return instance;
}

/** A folder that is gone after the test. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "journal-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A journal on a clock that stands still, closed after the test; its problems are collected. */
export function openJournal(options: Partial<JournalOptions> & { instance?: Instance } = {}) {
  const { instance = createInstance("a-1"), ...rest } = options;
  const problems: string[] = [];
  const dir = rest.dir ?? testFolder();
  const journal: Journal = createJournal({
    instanceId: instance.id,
    clock: instance.clock,
    nextSeq: instance.nextSeq,
    onProblem: (line) => problems.push(line),
    ...rest,
    dir,
  });
  onTestFinished(() => journal.close());
  const accept = (kind: EventKind, payload?: unknown, fields?: Partial<EventRecord>) =>
    journal.accept(instance.record(kind, payload, fields), false);
  return { dir, journal, instance, problems, accept, clock: instance.clock as ManualClock };
}

/** The paths of all files below a folder, locks left out, with `/` and sorted. */
export function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.endsWith(".lock") && !statSync(join(dir, path)).isDirectory())
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

/** The lines of a file, parsed. */
export function linesOf(path: string): Record<string, never>[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Runs a tool of the system; throws when it fails. */
export function runTool(tool: string, ...args: string[]): void {
  execFileSync(tool, args, { stdio: "ignore" });
}

/** All of what an async iterable yields. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Polls until `isReady`; fails after ten seconds. */
export async function until(isReady: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isReady()) {
    if (performance.now() > endMs) throw new Error(`not ready: ${isReady}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
