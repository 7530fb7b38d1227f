import { expect, it } from "vitest";
import { startScanLoop } from "./scan-loop.ts";

/** A timer that a test lets run out. */
function heldTimer() {
  const due: { callback: () => void; delayMs: number }[] = [];
  return {
    due,
    startTimer: (callback: () => void, delayMs: number) => {
      const timer = { callback, delayMs };
      due.push(timer);
      return () => void due.splice(due.indexOf(timer), 1);
    },
    runOut: () => due.shift()?.callback(),
  };
}

it("scans again and again at its pace, the first time after one pause", async () => {
  const { due, startTimer, runOut } = heldTimer();
  let scans = 0;
  startScanLoop({ everyMs: 5_000, scan: async () => scans++, startTimer });
  expect([scans, due.map(({ delayMs }) => delayMs)]).toEqual([0, [5_000]]);
  for (let turn = 0; turn < 3; turn++) {
    runOut();
    await Promise.resolve().then(() => {});
    await new Promise(setImmediate);
  }
  expect([scans, due.length]).toEqual([3, 1]);
});

it("never has two scans at once, and waits for the one that is running when it is stopped", async () => {
  const { due, startTimer, runOut } = heldTimer();
  const slow = Promise.withResolvers<void>();
  let scans = 0;
  const scan = (): Promise<void> => {
    scans++;
    return slow.promise;
  };
  const loop = startScanLoop({ everyMs: 5_000, scan, startTimer });
  runOut();
  runOut();
  expect(scans).toBe(1);
  let isStopped = false;
  const stopped = loop.stop().then(() => {
    isStopped = true;
  });
  await new Promise(setImmediate);
  expect([isStopped, due.length]).toEqual([false, 0]);
  slow.resolve();
  await stopped;
  await loop.stop();
});
