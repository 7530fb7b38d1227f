import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Clock } from "@tracebook/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { collect, createInstance, filesIn, KINDS, linesOf, openJournal } from "../test/records.ts";
import { readJournal, verifyJournal } from "./index.ts";

/** A clock whose wall time can step, while its monotonic time goes on. */
function steppingClock(epochMicros: number) {
  let nowMs = 0;
  let offset = epochMicros;
  const clock: Clock = { nowMs: () => nowMs, epochMicros: (ms) => Math.round(offset + ms * 1000) };
  return {
    clock,
    step: (micros: number) => {
      offset += micros;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const micros = (text: string) => Date.parse(text) * 1000;
const ZONE = process.env["TZ"];
afterEach(() => {
  if (ZONE === undefined) delete process.env["TZ"];
  else process.env["TZ"] = ZONE;
});

async function recordAround(start: number, steps: readonly { passMs: number; stepMicros: number }[]) {
  const { clock, step, pass } = steppingClock(start);
  const { journal, dir, accept, instance } = openJournal({ instance: createInstance("a-1", clock), bufferSize: 2 });
  for (const { passMs, stepMicros } of steps) {
    pass(passMs);
    accept(KINDS.decision);
    accept(KINDS.riskPassed);
    // Written before the clock steps: a time of day belongs to the clock that it was read from.
    journal.writeSync();
    step(stepMicros);
  }
  await journal.close();
  return { dir, emitted: instance.lastSeq };
}

async function expectEachOnceInItsDay(dir: string, emitted: number) {
  for (const day of readdirSync(join(dir, "data/events")))
    for (const file of readdirSync(join(dir, "data/events", day)))
      for (const line of linesOf(join(dir, "data/events", day, file)))
        expect(String(line["timestamp"]).slice(0, 10).replaceAll("-", "")).toBe(day);
  const records = await collect(readJournal(dir));
  expect(records.map((record) => record.seq)).toEqual(Array.from({ length: emitted }, (_, i) => i + 1));
  expect((await verifyJournal(dir)).problems).toEqual([]);
}

describe("the day of a record", () => {
  it.each([
    ["midnight", "2026-11-20T23:59:59.999Z", ["20261120", "20261121"]],
    ["a leap day", "2028-02-29T23:59:59.999Z", ["20280229", "20280301"]],
    ["the end of a year", "2026-12-31T23:59:59.999Z", ["20261231", "20270101"]],
    ["the end of 1969", "1969-12-31T23:59:59.999Z", ["19691231", "19700101"]],
    ["the end of a day in 2038", "2038-01-18T23:59:59.999Z", ["20380118", "20380119"]],
  ])("is that of UTC at %s", async (_name, start, days) => {
    const second = { passMs: 0.5, stepMicros: 0 };
    const { dir, emitted } = await recordAround(micros(start), [second, second, second]);
    expect(readdirSync(join(dir, "data/events")).sort()).toEqual(days);
    await expectEachOnceInItsDay(dir, emitted);
  });

  it.each([
    ["beyond year 9999", 1e300, "99991231", "9999-12-31T23:59:59.000000Z"],
    ["in the year 10000", micros("9999-12-31T23:59:59.999Z") + 2_000, "99991231", "9999-12-31T23:59:59.000000Z"],
    ["without end", Number.POSITIVE_INFINITY, "99991231", "9999-12-31T23:59:59.000000Z"],
    ["before year 0", -1e300, "00000101", "0000-01-01T00:00:00.000000Z"],
    ["without beginning", Number.NEGATIVE_INFINITY, "00000101", "0000-01-01T00:00:00.000000Z"],
    ["that is no number", Number.NaN, "19700101", "1970-01-01T00:00:00.000000Z"],
  ])("is the nearest one with a name on a clock %s", async (_name, start, day, timestamp) => {
    const { dir, emitted } = await recordAround(start, [
      { passMs: 1, stepMicros: 0 },
      { passMs: 1, stepMicros: 0 },
    ]);
    expect(readdirSync(join(dir, "data/events"))).toEqual([day]);
    await expectEachOnceInItsDay(dir, emitted);
    const stamps = (await collect(readJournal(dir))).map((record) => record.timestamp);
    expect(stamps).toEqual(new Array(emitted).fill(timestamp));
  });

  it.each(["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati"])(
    "is that of UTC in %s too, at any instant",
    async (zone) => {
      process.env["TZ"] = zone;
      const instants = fc.integer({ min: micros("2011-12-29T00:00:00Z"), max: micros("2027-01-01T00:00:00Z") });
      await fc.assert(
        fc.asyncProperty(instants, async (start) => {
          const { dir, emitted } = await recordAround(start, [{ passMs: 1, stepMicros: 0 }]);
          await expectEachOnceInItsDay(dir, emitted);
        }),
        { numRuns: 15 },
      );
    },
  );

  it("is that of its timestamp when the wall clock steps back and forth over midnight; every record is there once, in order", async () => {
    const steps = fc.record({
      passMs: fc.integer({ min: 0, max: 3_600_000 }),
      stepMicros: fc.constantFrom(0, 0, -3_600e6, 3_600e6, -86_400e6, 86_400e6),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 12 }), async (each) => {
        const { dir, emitted } = await recordAround(micros("2026-11-20T23:30:00Z"), each);
        await expectEachOnceInItsDay(dir, emitted);
      }),
      { numRuns: 30 },
    );
  });

  it("gives the logs of earlier days a name with their day", async () => {
    const hours = Array.from({ length: 5 }, () => ({ passMs: 13 * 3_600_000, stepMicros: 0 }));
    const { dir } = await recordAround(micros("2026-11-20T00:00:00Z"), hours);
    expect(filesIn(join(dir, "logs"))).toEqual([
      "telemetry.20261120.jsonl",
      "telemetry.20261121.jsonl",
      "telemetry.jsonl",
    ]);
    for (const file of filesIn(join(dir, "logs")).slice(0, 2))
      for (const line of linesOf(join(dir, "logs", file)))
        expect(String(line["timestamp"]).slice(0, 10).replaceAll("-", "")).toBe(basename(file).split(".")[1]);
  });
});
