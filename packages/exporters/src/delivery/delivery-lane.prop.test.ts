// Invariants of a lane, whatever its sender does: nothing lost in silence, the order kept, patience, and life after a fault.
import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Act, idOf, openScriptedLane, type ScriptedLane } from "../../test/scripted-lane.ts";
import { openSpool, requestOf, TRACES, testFolder } from "../../test/spools.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delivered" as const), rejected: fc.constantFrom(0, 0, 2) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("retry" as const),
      retryAfterMs: fc.option(fc.nat({ max: 3_000 }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("server_error" as const, "rejected" as const) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "throws" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("slow" as const), ms: fc.nat({ max: 1_500 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "hangs" as const }) },
);
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        push: fc.nat({ max: 8 }),
        items: fc.integer({ min: 1, max: 30 }),
        size: fc.nat({ max: 900 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ passMs: fc.nat({ max: 3_000 }) }) },
    { weight: 1, arbitrary: fc.record({ flushMs: fc.nat({ max: 2_500 }) }) },
  ),
  { minLength: 2, maxLength: 12 },
);
const cases = fc.record({
  plan: steps,
  script: fc.array(acts, { maxLength: 12 }),
  hasSpool: fc.boolean(),
  random: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});
const MAX_ITEMS = 100;
const MAX_BYTES = 4_000;

function openCase({ script, hasSpool, random }: { script: readonly Act[]; hasSpool: boolean; random: number }) {
  const spoolDir = hasSpool ? testFolder() : undefined;
  return openScriptedLane({ script, spoolDir, maxItems: MAX_ITEMS, maxBytes: MAX_BYTES, random: () => random });
}

async function play(
  one: ScriptedLane,
  plan: typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never,
): Promise<void> {
  for (const step of plan) {
    if ("push" in step) for (let i = 0; i < step.push; i++) one.push(step.items, step.size);
    else if ("passMs" in step) await one.pass(step.passMs);
    else await one.flush(step.flushMs);
    await one.pass(0);
    expect(one.imbalance()).toBe(0);
    expectBounded(one);
  }
}

/** One request may be under way and one on its way to disk beyond what may wait. */
function expectBounded({ lane }: ScriptedLane): void {
  expect(lane.stats().queued).toBeLessThanOrEqual(MAX_ITEMS + 2 * 30);
  expect(lane.stats().queuedBytes).toBeLessThanOrEqual(MAX_BYTES + 2 * 900);
}

/** What the receiver took, request by request. */
function delivered({ tries }: ScriptedLane): number[] {
  return tries.filter(({ outcome }) => outcome.kind === "delivered").map(({ id }) => id);
}

function expectOrder(one: ScriptedLane): void {
  const ids = delivered(one);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
}

/** A try after a failed one keeps to the backoff, which only a flush may shorten, and to what the receiver asked for, always. */
function expectPatience({ tries }: ScriptedLane): void {
  let failures = 0;
  for (const [i, { outcome, startMs, endMs }] of tries.entries()) {
    failures = outcome.kind === "retry" || outcome.kind === "server_error" ? failures + 1 : 0;
    const next = tries[i + 1];
    if (next === undefined || failures === 0) continue;
    if (outcome.kind === "retry") expect(next.startMs).toBeGreaterThanOrEqual(endMs + (outcome.retryAfterMs ?? 0) - 1);
    // The third 500 is final, and the next request is not to blame.
    const isGivenUp = outcome.kind === "server_error" && next.id !== tries[i]!.id;
    const backoffMs = Math.min(1_000 * 2 ** (failures - 1), 5_000) * 0.8;
    if (isGivenUp) failures = 0;
    else if (!next.isHurried) expect(next.startMs).toBeGreaterThanOrEqual(startMs + backoffMs - 1);
  }
}

describe("a lane, whatever its sender does", () => {
  it("accepted + restored = delivered + dropped + queued + spooled, at every step and after the close", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat({ max: 2_500 }), async (given, closeMs) => {
        const one = openCase(given);
        await play(one, given.plan);
        await one.close(closeMs);
        expect(one.lane.stats().queued).toBe(0);
        expect(one.lane.stats().queuedBytes).toBe(0);
        expect(one.imbalance()).toBe(0);
        one.push(3);
        expect(one.drops["shutdown"]).toBeGreaterThanOrEqual(3);
        await one.pass(20_000);
        expect(one.imbalance()).toBe(0);
        const { dropped } = one.lane.stats();
        expect(Object.values(one.drops).reduce((sum, count) => sum + count, 0)).toBe(dropped);
        expectOrder(one);
        expectPatience(one);
        await one.spool?.close();
      }),
      { numRuns: 120 },
    );
  });

  it("is well again within 10 s of the end of the fault, without another push: each item once, in order, or counted", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const one = openCase(given);
        await play(one, given.plan);
        one.script.length = 0;
        const last = one.push(1);
        await one.pass(10_000);
        expect(delivered(one)).toContain(last);
        expect(one.lane.stats()).toMatchObject({ queued: 0, spooled: 0, failing: undefined });
        expect(one.imbalance()).toBe(0);
        expectOrder(one);
        expectPatience(one);
        const partial = one.drops["partial_success"] ?? 0;
        expect(one.lane.stats().delivered).toBe(one.itemsOf(delivered(one)) - partial);
        await one.spool?.close();
      }),
      { numRuns: 120 },
    );
  });

  it("that ends in the midst of it leaves everything to the next process, in order", async () => {
    const hasLeft = { some: 0 };
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), fc.nat({ max: 5 }), async (given, isSudden, late) => {
        const dir = testFolder();
        const one = openScriptedLane({ spoolDir: dir, script: given.script, maxItems: MAX_ITEMS, maxBytes: MAX_BYTES });
        await play(one, given.plan);
        // Pushed in the very tick in which the process ends.
        for (let i = 0; i < late; i++) one.push(2);
        if (isSudden) one.lane.saveSync();
        else await one.close(500);
        const arrived = delivered(one);
        const { accepted, dropped } = one.lane.stats();
        await one.spool?.close();

        const next = openSpool(dir, { nowEpochMs: Date.now });
        await next.spool.adopt();
        const left: number[] = [];
        for (
          let spooled = await next.spool.first(TRACES);
          spooled !== undefined;
          spooled = await next.spool.first(TRACES)
        ) {
          left.push(idOf({ bytes: spooled.request.bytes! }));
          await next.spool.done(TRACES, spooled);
        }
        await next.spool.close();
        // What was being written when the process ended may be there twice.
        const once = [...new Set(left)];
        expect(left.length - once.length).toBeLessThanOrEqual(isSudden ? 1 : 0);
        expect(once).toEqual([...once].sort((a, b) => a - b));
        const all = new Set([...arrived, ...once]);
        const elsewhere = dropped - (one.drops["partial_success"] ?? 0);
        expect(one.itemsOf(all) + elsewhere).toBeGreaterThanOrEqual(accepted);
        if (!isSudden) expect(one.itemsOf(all) + elsewhere).toBe(accepted);
        hasLeft.some += once.length;
        rmSync(dir, { recursive: true });
      }),
      { numRuns: 120 },
    );
    expect(hasLeft.some).toBeGreaterThan(100);
  });

  it("begins with what an earlier process has left, before anything new", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(acts, { maxLength: 4 }),
        async (...given) => {
          const [before, after, script] = given;
          const dir = testFolder();
          const earlier = openSpool(dir);
          for (let i = 0; i < before; i++) await earlier.spool.append(TRACES, requestOf(`-${i + 1};`, 2, Date.now()));
          await earlier.spool.close();
          const quiet = script.filter(({ kind }) => kind !== "rejected" && kind !== "server_error");
          const one = openScriptedLane({ spoolDir: dir, script: quiet });
          await one.spool?.adopt();
          for (let i = 0; i < after; i++) one.push();
          expect(one.imbalance()).toBe(0);
          await one.pass(60_000);
          expect(one.lane.stats()).toMatchObject({ restored: 2 * before, queued: 0, spooled: 0 });
          const ids = delivered(one);
          expect(ids.slice(0, before)).toEqual(Array.from({ length: before }, (_, i) => -i - 1));
          expect(ids.slice(before)).toEqual(Array.from({ length: after }, (_, i) => i));
          await one.spool?.close();
          rmSync(dir, { recursive: true });
        },
      ),
      { numRuns: 40 },
    );
  });
});
