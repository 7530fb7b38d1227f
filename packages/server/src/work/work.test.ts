import { expect, test } from "vitest";
import { createBudget } from "./budget.ts";
import { SharedAnswers } from "./shared-answers.ts";
import { WorkLimit } from "./work-limit.ts";

const never = new AbortController().signal;

/** Work that ends when the test says so. */
function controlled() {
  const begun: {
    readonly end: (text: string) => void;
    readonly fail: (error: Error) => void;
    readonly signal: AbortSignal;
  }[] = [];
  const work = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => begun.push({ end: resolve, fail: reject, signal }));
  return { begun, work };
}

test("so many work at a time, the next one when one of them has ended, the rest is sent away", async () => {
  const limit = new WorkLimit({ running: 2, waiting: 1, patienceMs: 60_000 });
  const { begun, work } = controlled();
  const asked = Array.from({ length: 4 }, () => limit.run(never, () => work(never)));
  await expect(asked[3]).rejects.toMatchObject({ code: "too_many_questions", options: { retryAfterSeconds: 2 } });
  expect(begun).toHaveLength(2);
  begun[0]!.end("first");
  expect(await asked[0]).toBe("first");
  await Promise.resolve();
  expect(begun).toHaveLength(3);
  begun[1]!.fail(new Error("no"));
  begun[2]!.end("third");
  await expect(asked[1]).rejects.toThrow("no");
  expect(await asked[2]).toBe("third");
  // All places are free again.
  const more = [limit.run(never, () => work(never)), limit.run(never, () => work(never))];
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toHaveLength(5);
  for (const one of begun) one.end("");
  await Promise.all(more);
});

test("who goes away while waiting gives the place in the queue back", async () => {
  const limit = new WorkLimit({ running: 1, waiting: 1, patienceMs: 60_000 });
  const leave = await limit.enter(never);
  const gone = new AbortController();
  const waiting = limit.enter(gone.signal);
  gone.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  const next = limit.enter(never);
  leave();
  leave();
  (await next)();
  (await limit.enter(never))();
  await expect(limit.enter(AbortSignal.abort(new Error("never came")))).rejects.toThrow("never came");
});

test("who waits too long is sent away", async () => {
  const limit = new WorkLimit({ running: 1, waiting: 1, patienceMs: 1 });
  await limit.enter(never);
  await expect(limit.enter(never)).rejects.toMatchObject({ code: "too_many_questions" });
});

test("equal questions are worked out once, and again when the answer is old", async () => {
  const shared = new SharedAnswers({ freshMs: 30, entries: 10, totalLength: 1_000 });
  const { begun, work } = controlled();
  const asked = [shared.ask("a", never, work), shared.ask("a", never, work), shared.ask("b", never, work)];
  expect(begun).toHaveLength(2);
  begun[0]!.end("A");
  begun[1]!.end("B");
  expect(await Promise.all(asked)).toEqual(["A", "A", "B"]);
  expect(await shared.ask("a", never, work)).toBe("A");
  while (begun.length === 2) {
    void shared.ask("a", never, work).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  begun[2]!.end("A2");
  expect(await shared.ask("a", never, work)).toBe("A2");
});

test("work ends when the last one who waits has gone, and not before", async () => {
  const shared = new SharedAnswers({ freshMs: 1_000, entries: 10, totalLength: 1_000 });
  const { begun, work } = controlled();
  const [one, other] = [new AbortController(), new AbortController()];
  const asked = [shared.ask("a", one.signal, work), shared.ask("a", other.signal, work)];
  one.abort(new Error("one"));
  await expect(asked[0]).rejects.toThrow("one");
  expect(begun[0]!.signal.aborted).toBe(false);
  other.abort(new Error("other"));
  await expect(asked[1]).rejects.toThrow("other");
  expect(begun[0]!.signal.aborted).toBe(true);
  // The next one begins anew.
  const next = shared.ask("a", never, work);
  begun[1]!.end("fresh");
  begun[0]!.end("stale");
  expect(await next).toBe("fresh");
  expect(await shared.ask("a", never, work)).toBe("fresh");
});

test("a failure is not kept, and memory is bounded by count and length", async () => {
  const shared = new SharedAnswers({ freshMs: 60_000, entries: 2, totalLength: 10 });
  let calls = 0;
  const failing = () => Promise.reject(new Error(`no ${++calls}`));
  await expect(shared.ask("a", never, failing)).rejects.toThrow("no 1");
  await expect(shared.ask("a", never, failing)).rejects.toThrow("no 2");
  const counted = (text: string) => () => {
    calls++;
    return Promise.resolve(text);
  };
  calls = 0;
  for (const question of ["x", "y", "z", "x"]) await shared.ask(question, never, counted("1"));
  expect(calls).toBe(4);
  for (const question of ["long", "long"]) await shared.ask(question, never, counted("01234567890"));
  expect(calls).toBe(6);
});

test("a budget is spent by time, and ends at once when nobody waits", () => {
  let nowMs = 0;
  const gone = new AbortController();
  const budget = createBudget(gone.signal, 100, () => nowMs);
  expect(budget.isSpent()).toBe(false);
  nowMs = 101;
  expect(budget.isSpent()).toBe(true);
  gone.abort(new Error("gone"));
  expect(() => budget.isSpent()).toThrow("gone");
});
