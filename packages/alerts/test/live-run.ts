// The engine, live, on a feed that fills as a clock goes on.
import type { MetricSample } from "@tracebook/store";
import { type AlertEngine, createAlertEngine } from "../src/engine/alert-engine.ts";
import type { AlertEngineOptions } from "../src/engine/engine-options.ts";
import type { AlertRule } from "../src/rules/alert-rule.ts";
import { toStoredRule } from "../src/rules/stored-rule.ts";
import { START } from "./alert-arbitraries.ts";
import { createMemoryFeed, createMemoryRecords, type MemoryEvent, type MemoryRecords } from "./memory-feed.ts";

/** An engine under test. */
export interface LiveRun {
  readonly records: MemoryRecords;
  readonly problems: string[];
  /** The time, in milliseconds since the beginning; goes on only when it is set. */
  nowMs: number;
  /** By how much the clock on the wall was set, in milliseconds; the other one only goes on with `nowMs`. */
  setByMs: number;
  /** Writes into the feed what has happened by now. */
  push(...items: (MemoryEvent | MetricSample)[]): void;
  engine: AlertEngine;
  /** Another engine on the same records, as after a crash. */
  restart(holder?: string): AlertEngine;
}

/** Begins at noon with the rules given; the engine is not started, only looked through. */
export async function createLiveRun(
  rules: readonly AlertRule[],
  more: Partial<AlertEngineOptions> = {},
): Promise<LiveRun> {
  const feed = createMemoryFeed();
  const records = createMemoryRecords();
  for (const rule of rules) await records.saveRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"));
  const problems: string[] = [];
  const create = (holder: string): AlertEngine =>
    createAlertEngine({
      records,
      feed,
      clock: {
        nowMs: () => START * 1_000 + run.nowMs + run.setByMs,
        elapsedMs: () => run.nowMs,
        schedule: () => () => {},
      },
      latenessMs: 500,
      holder,
      onProblem: (problem) => problems.push(problem),
      ...more,
    });
  const run: LiveRun = {
    records,
    problems,
    nowMs: 500,
    setByMs: 0,
    push: (...items) => feed.items.push(...items),
    restart: (holder = "one") => {
      run.engine = create(holder);
      return run.engine;
    },
    engine: undefined as unknown as AlertEngine,
  };
  run.engine = create("one");
  return run;
}

/**
 * Plays a stream: each item is in the feed up to `delayMs` after its second has ended, and the engine looks at the times given, or each second.
 */
export async function play(
  run: LiveRun,
  stream: readonly (MemoryEvent | MetricSample)[],
  seconds: number,
  onLook: (second: number) => Promise<void> = async () => {},
): Promise<void> {
  await run.engine.look();
  let next = 0;
  for (let second = 1; second <= seconds; second++) {
    while (next < stream.length && stream[next]!.second < START + second) run.push(stream[next++]!);
    run.nowMs = second * 1_000 + 500;
    await onLook(second);
    await run.engine.look();
  }
}

/** When the alerts of a run fired and were resolved, in seconds since its beginning. */
export function changesOf(records: MemoryRecords): readonly (readonly [string, number])[] {
  return records.entries
    .filter(({ change }) => change === "firing" || change === "reopened" || change === "resolved")
    .map(({ change, changed_at }) => [change, Date.parse(changed_at) / 1_000 - START] as const);
}
