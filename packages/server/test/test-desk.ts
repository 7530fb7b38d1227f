// A desk on a port of its own with a real store, for tests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Desk, openLimitedDesk } from "../src/desk.ts";
import { DESK_LIMITS, type DeskLimits } from "../src/desk-limits.ts";
import type { DeskOptions } from "../src/desk-options.ts";

/** An answer, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
}

/** A desk and what was said to it. */
export interface TestDesk {
  readonly desk: Desk;
  readonly dir: string;
  /** Lines that it said. */
  readonly lines: readonly string[];
  get(path: string, init?: RequestInit): Promise<Answer>;
}

/** A folder that is gone after the test. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-server-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Opens a desk, closed after the test. Nothing of the environment counts. */
export async function openTestDesk(options: DeskOptions = {}, limits: Partial<DeskLimits> = {}): Promise<TestDesk> {
  const dir = testFolder();
  const lines: string[] = [];
  const desk = await openLimitedDesk(
    { path: join(dir, "telemetry.db"), port: 0, onLine: (line) => lines.push(line), ...options },
    {},
    { ...DESK_LIMITS, ...limits },
  );
  onTestFinished(() => desk.close());
  return { desk, dir, lines, get: (path, init) => ask(`${desk.url}${path}`, init) };
}

/** Asks, and reads the answer. */
export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const { status, headers } = response;
  const isJson = /[/+]json/.test(headers.get("content-type") ?? "");
  return { status, headers, text, json: isJson && text !== "" ? JSON.parse(text) : undefined };
}

/** Waits until `isIt` says so, a look every few milliseconds. */
export async function until(isIt: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isIt())) {
    if (performance.now() > endMs) throw new Error(`it was not so within ${withinMs} ms: ${isIt}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
