// Spools in folders of their own, and what tests put into them and get out again.
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createSpool, type Spool, type SpoolLaneName, type SpoolOptions } from "../src/delivery/spool.ts";
import type { WaitingRequest } from "../src/delivery/spool-file.ts";

export const TRACES: SpoolLaneName = { signal: "traces", recordClass: "ordinary" };
export const LOGS: SpoolLaneName = { signal: "logs", recordClass: "ordinary" };
export const EVIDENCE: SpoolLaneName = { signal: "logs", recordClass: "evidence" };
export const METRICS: SpoolLaneName = { signal: "metrics", recordClass: "ordinary" };
export const LANES = [TRACES, LOGS, EVIDENCE, METRICS] as const;
/** A time in the year in which this was written. */
export const NOON_EPOCH_MS = 1_795_176_000_000;

/** A folder that goes with its test. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-spool-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A request whose bytes are a text, so that tests can tell what arrived. */
export function requestOf(text: string, items = 1, bornEpochMs = NOON_EPOCH_MS): WaitingRequest {
  return { bytes: Buffer.from(text, "utf8"), format: "protobuf", items, bornEpochMs };
}

/** A spool and what it said. */
export interface TestSpool {
  readonly spool: Spool;
  /** Items by lane and reason: `traces-ordinary spool_full`. */
  readonly dropped: Record<string, number>;
  /** Items by lane. */
  readonly restored: Record<string, number>;
  readonly problems: string[];
}

/** Opens a spool in `dir`, which is closed with the test. */
export function openSpool(dir: string, options: Partial<SpoolOptions> = {}): TestSpool {
  const dropped: Record<string, number> = {};
  const restored: Record<string, number> = {};
  const problems: string[] = [];
  const spool = createSpool({
    dir,
    maxBytes: 16 * 1_048_576,
    maxAgeMs: 3_600_000,
    takes: () => true,
    onDrop(lane, reason, items) {
      const key = `${lane.signal}-${lane.recordClass} ${reason}`;
      dropped[key] = (dropped[key] ?? 0) + items;
    },
    onRestored(lane, items) {
      const key = `${lane.signal}-${lane.recordClass}`;
      restored[key] = (restored[key] ?? 0) + items;
    },
    onProblem: (error) => problems.push((error as NodeJS.ErrnoException).code ?? error.message),
    nowEpochMs: () => NOON_EPOCH_MS,
    ...options,
  });
  onTestFinished(() => spool.close());
  return { spool, dropped, restored, problems };
}

/** What a lane held, oldest first: texts as they are, damage as a number of items. */
export async function drainSpool(spool: Spool, lane: SpoolLaneName): Promise<(string | number)[]> {
  const found: (string | number)[] = [];
  for (;;) {
    const spooled = await spool.first(lane);
    if (spooled === undefined) return found;
    const { request } = spooled;
    found.push(request.bytes === undefined ? request.items : Buffer.from(request.bytes).toString("utf8"));
    await spool.done(lane, spooled);
  }
}

/** Makes the folder of a process that is gone. */
export function deadFolder(dir: string, name = "4242-0a1b2c3d"): string {
  const folder = join(dir, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "owner.json"), JSON.stringify({ pid: 0, start: "", place: "" }));
  return folder;
}

/** Says that whoever has the folders of a spool is gone, as after kill -9. */
export function killOwners(dir: string): void {
  for (const name of readdirSync(dir)) if (/^\d+-[0-9a-f]{8}$/.test(name)) deadFolder(dir, name);
}

/** All files below a folder, by path; links are not followed. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dir, name))
    .filter((path) => !lstatSync(path).isDirectory())
    .sort();
}

/** Spool files below a folder. */
export function spoolFilesBelow(dir: string): string[] {
  return filesBelow(dir).filter((path) => path.endsWith(".spool"));
}

/** The bytes that spool files really take. */
export function bytesOnDisk(dir: string): number {
  return spoolFilesBelow(dir).reduce((sum, path) => sum + lstatSync(path).size, 0);
}
