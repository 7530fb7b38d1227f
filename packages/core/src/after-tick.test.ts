// What waits until the tick is over: everything arrives, once, in order, whatever the burst.
import { afterEach, describe, expect, it } from "vitest";
import { EngineHarness } from "../test/engine-harness.ts";
import { defineEvent } from "./define-event.ts";
import { defineFlow } from "./define-flow.ts";
import type { FlowEngineOptions } from "./flow-engine.ts";

const tick = defineFlow("tick", { stages: ["book"] });
const seen = defineEvent<{ n: number }>("after_tick_seen");
let harness: EngineHarness;
let heard: string[];

function start(options: Partial<FlowEngineOptions> = {}): void {
  heard = [];
  harness = new EngineHarness({
    flowObservers: [{ flowEnded: (flow) => heard.push(`${flow.reasonCode}:${flow.markMs(0) - flow.startMs}`) }],
    recordObservers: [{ recordEmitted: (record) => heard.push(`record ${record.seq}`) }],
    ...options,
  });
}

function runTick(i: number): void {
  tick.run({}, (flow) => {
    seen.emit({ n: i });
    harness.passMs(i % 7);
    flow.mark("book");
    flow.stop(`r${i}`);
  });
}

afterEach(() => harness.stop());

describe("after the tick", () => {
  it("observers hear of what ended with its own times, not during the tick", () => {
    start();
    for (let i = 0; i < 3; i++) runTick(i);
    expect(heard).toEqual([]);
    expect(harness.records).toHaveLength(3);
    harness.afterTick();
    expect(heard).toEqual(["record 1", "record 2", "record 3", "r0:0", "r1:1", "r2:2"]);
    harness.afterTick();
    expect(heard).toHaveLength(6);
  });

  it("a burst that leaves the event loop no turn is heard of as a whole and in order", () => {
    start({ maxFlows: 65_536 });
    const count = 5_000;
    for (let i = 0; i < count; i++) runTick(i);
    harness.engine.drain();
    const flows = heard.filter((line) => line.startsWith("r") && !line.startsWith("record"));
    expect(flows).toEqual(Array.from({ length: count }, (_, i) => `r${i}:${i % 7}`));
    const records = heard.filter((line) => line.startsWith("record"));
    expect(records).toEqual(Array.from({ length: count }, (_, i) => `record ${i + 1}`));
    expect(harness.engine.stats()).toMatchObject({ flowsEnded: count, flowsDropped: count - 4 });
  });

  it("flows that have ended make room for new ones when there is none left", () => {
    start({ maxFlows: 8, recentFlows: 2 });
    for (let i = 0; i < 100; i++) runTick(i);
    harness.engine.drain();
    expect(harness.drops).toEqual([]);
    expect(heard.filter((line) => line.includes(":"))).toHaveLength(100);
  });

  it("an observer that throws, or starts flows itself, takes nothing from the others", () => {
    let nested = 0;
    start({
      flowObservers: [
        {
          flowEnded(flow) {
            heard.push(flow.reasonCode);
            if (nested++ < 2) tick.run({}, (inner) => inner.stop("nested"));
            if (flow.reasonCode === "r0") throw new Error("observer");
          },
        },
      ],
      recordObservers: [],
    });
    for (let i = 0; i < 2; i++) tick.run({}, (flow) => flow.stop(`r${i}`));
    harness.engine.drain();
    harness.engine.drain();
    expect(heard).toEqual(["r0", "r1", "nested", "nested"]);
    expect(harness.engine.stats().misuse).toEqual({ observer_threw: 1 });
  });

  it("a timer wakes the work when the market pauses, and the end of the tick when much waits", () => {
    const asked: string[] = [];
    start({
      afterPause: () => asked.push("pause"),
      afterTick: () => asked.push("tick"),
    });
    runTick(0);
    expect(asked).toEqual(["pause"]);
    for (let i = 1; i < 600; i++) runTick(i);
    expect(asked).toEqual(["pause", "tick"]);
    harness.engine.drain();
    runTick(600);
    expect(asked).toEqual(["pause", "tick", "pause"]);
  });

  it("a lot of the market's pace goes in short turns, what comes in between with it, all of it in order", () => {
    start();
    let ticks = 0;
    const flowsHeard = () => heard.filter((line) => line.startsWith("r") && !line.startsWith("record"));
    for (; ticks < 100; ticks++) runTick(ticks);
    let turns = 0;
    for (let before = -1; before !== heard.length; turns++) {
      before = heard.length;
      harness.nextTurn();
      expect(heard.length - before).toBeLessThanOrEqual(64);
      if (turns < 3) runTick(ticks++);
    }
    expect(turns).toBeGreaterThan(3);
    expect(flowsHeard()).toEqual(Array.from({ length: 103 }, (_, i) => `r${i}:${i % 7}`));
    expect(heard.filter((line) => line.startsWith("record"))).toHaveLength(103);
    runTick(ticks);
    harness.afterTick();
    expect(flowsHeard()).toHaveLength(104);
  });

  it("whoever asks in between gets all of it at once", () => {
    start();
    for (let i = 0; i < 100; i++) runTick(i);
    harness.nextTurn();
    harness.engine.drain();
    expect(heard).toHaveLength(200);
    harness.afterTick();
    expect(heard).toHaveLength(200);
  });

  it("a burst goes in one turn", () => {
    start();
    for (let i = 0; i < 500; i++) runTick(i);
    harness.nextTurn();
    expect(heard).toHaveLength(1_000);
  });
});
