// Pages far back, which are found by the counts that are kept, against the list of all events.
import { toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { HAS_POSTGRES, usePostgres } from "../../../test/postgres-database.ts";
import { createEvent } from "../../../test/store-events.ts";
import { openPostgresStore } from "../index.ts";

const EVENTS = 6_000;
const NOON_MICROS = Date.parse("2026-11-20T12:00:00Z") * 1000;
const HOUR_MICROS = 3_600e6;
const SYMBOLS = ["BTC/USDT", "ETH/USDT"] as const;
const TYPES = ["signal_rejected", "scan_started"] as const;

/** Most of them within two hours, many of them where a minute begins, at the same time; the others over four days. */
function microsOf(i: number): number {
  const spread = (i * 0.618_034) % 1;
  if (i % 3 === 0) return NOON_MICROS + Math.floor(spread * 60) * 60e6;
  return NOON_MICROS + Math.floor((i % 3 === 1 ? spread * 2 : spread * 96 - 48) * HOUR_MICROS);
}

const events = Array.from({ length: EVENTS }, (_, i) =>
  createEvent({
    seq: i + 1,
    timestamp: toTimestamp(microsOf(i)),
    eventType: TYPES[i % TYPES.length]!,
    symbol: i % 7 === 0 ? undefined : SYMBOLS[i % 5 === 0 ? 1 : 0],
  }),
);

const timeOf = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.constantFrom(0, 1, 59_999_999, 60_000_000, 1_234_567_890))
    .map(([hour, rest]) => toTimestamp(NOON_MICROS + hour * HOUR_MICROS + rest));
const filters = fc.record({
  eventType: fc.option(fc.constantFrom(...TYPES), { nil: undefined }),
  symbol: fc.option(fc.constantFrom(...SYMBOLS), { nil: undefined }),
  // A range that is short has nothing far back.
  startTime: fc.option(timeOf(-50, 0), { nil: undefined }),
  endTime: fc.option(timeOf(1, 50), { nil: undefined }),
});

describe.skipIf(!HAS_POSTGRES)("a page far back", () => {
  const databases = usePostgres();

  test("has the events that lie there, whatever the filter and the range", { timeout: 60_000 }, async () => {
    const store = await openPostgresStore({ url: await databases.create() });
    onTestFinished(() => store.close());
    for (let i = 0; i < EVENTS; i += 1_000) await store.writeEvents(events.slice(i, i + 1_000));
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 0, max: 100 }), async (filter, percent) => {
        const { events: all, total } = await store.findEvents(filter, 10_000, 0);
        expect(all).toHaveLength(total);
        // Of fewer events than that no counts are asked for.
        const offset = Math.max(900, Math.floor((total * percent) / 100));
        const page = await store.findEvents(filter, 20, offset);
        expect(page.events.map(({ id }) => id)).toEqual(all.slice(offset, offset + 20).map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  });
});
