import { describe, expect, it } from "vitest";
import type { DiskRoom } from "./disk-room.ts";
import { runSteps } from "./paced-steps.ts";

const FULL = Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
const BUSY = Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR", errcode: 5 });

/** A work of steps that end as `ends` says; undefined: well. What it was asked for comes back. */
async function run(ends: readonly (Error | undefined)[], most = 1_000) {
  const limits: number[] = [];
  const calls: string[] = [];
  const room = { settle: () => calls.push("settle"), makeRoom: () => calls.push("make room") } as unknown as DiskRoom;
  const step = (limit: number): boolean => {
    limits.push(limit);
    const end = ends[limits.length - 1];
    if (end !== undefined) throw end;
    return limits.length < ends.length;
  };
  const failure: unknown = await runSteps({ room, most, step, pause: async () => {} }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { limits, calls, failure };
}

describe("steps", () => {
  it("go on until nothing is left", async () => {
    const { limits, calls, failure } = await run([undefined, undefined, undefined]);
    expect([limits, calls, failure]).toEqual([[1_000, 1_000, 1_000], ["settle", "settle"], undefined]);
  });

  it("become smaller where there is no room, and larger again", async () => {
    const { limits, calls } = await run([FULL, FULL, undefined, undefined, undefined, undefined, undefined, undefined]);
    expect(limits).toEqual([1_000, 250, 62, 124, 248, 496, 992, 1_000]);
    expect(calls.slice(0, 3)).toEqual(["make room", "make room", "settle"]);
  });

  it("end with the error when there is no room for the smallest, and with any other at once", async () => {
    const full = await run(new Array(20).fill(FULL));
    expect(full.failure).toBe(FULL);
    expect(full.limits).toEqual([1_000, 250, 62, 16, 16, 16, 16, 16, 16]);
    const busy = await run([undefined, BUSY, undefined]);
    expect([busy.limits.length, busy.failure]).toEqual([2, BUSY]);
  });

  it("are never larger than the first one", async () => {
    expect((await run([FULL, undefined, undefined], 5)).limits).toEqual([5, 5, 5]);
  });

  it("leave half of the time to others", async () => {
    const room = { settle: () => {} } as unknown as DiskRoom;
    const ends: number[] = [];
    const begins: number[] = [];
    const step = (): boolean => {
      begins.push(performance.now());
      while (performance.now() - begins.at(-1)! < 30);
      ends.push(performance.now());
      return ends.length < 3;
    };
    await runSteps({ room, most: 10, step });
    expect(begins[1]! - ends[0]!).toBeGreaterThan(25);
    expect(begins[2]! - ends[1]!).toBeGreaterThan(25);
  });
});
