import type { StoredEvent } from "@tracebook/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventMessages, toWritten } from "./event-message.ts";
import { findNewestId } from "./newest-id.ts";
import { RateBucket, sampleOf } from "./rate-bucket.ts";

test("the newest id is found, however far it is, in few questions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1_000_000_000), fc.nat(1_000_000_000), async (known, more) => {
      const newest = known + more;
      let questions = 0;
      const found = await findNewestId(known, (id) => {
        questions++;
        return Promise.resolve(id < newest);
      });
      expect(found).toBe(newest);
      expect(questions).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(more + 2)) + 3);
    }),
  );
});

test("a sample has so many, in order, the last among them, none twice", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), (length, count) => {
      const items = Array.from({ length }, (_, i) => i);
      const sample = sampleOf(items, count);
      expect(sample.length).toBe(Math.min(length, count));
      expect([...new Set(sample)].sort((a, b) => a - b)).toEqual(sample);
      if (sample.length > 0) expect(sample.at(-1)).toBe(length - 1);
    }),
  );
});

test("a bucket gives no more than the rate over any time, and a second's worth at once", () => {
  const steps = fc.array(fc.tuple(fc.nat(2_000), fc.nat(500)), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), steps, (perSecond, wishes) => {
      let nowMs = 0;
      const bucket = new RateBucket(perSecond, () => nowMs);
      let taken = 0;
      for (const [waitMs, wanted] of wishes) {
        nowMs += waitMs;
        const got = bucket.take(wanted);
        expect(got).toBeLessThanOrEqual(Math.min(wanted, perSecond));
        taken += got;
        expect(taken).toBeLessThanOrEqual(perSecond + (nowMs * perSecond) / 1_000 + 1e-6);
      }
    }),
  );
});

test("messages hold all events once, in order, and nothing in them ends one early", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\n", "\r", "\u2028", "\0", "data:", '"', "\\", "x".repeat(50_000)),
  });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), fc.nat(100), (texts, skipped) => {
      const events = texts.map((padding, i) => ({ id: i + 1, data: { padding } }) as unknown as StoredEvent);
      const messages = eventMessages(events.map(toWritten), skipped, 1_000);
      const read = messages.map((message) => {
        const lines = message.split("\n");
        expect(lines).toHaveLength(5);
        expect([lines[0], lines[3], lines[4]]).toEqual(["event: events", "", ""]);
        expect(message).not.toContain("\r");
        return { id: Number(lines[1]?.slice(4)), ...JSON.parse(lines[2]?.slice(6) ?? "") };
      });
      expect(read.flatMap((message) => message.events)).toEqual(events);
      expect(read.reduce((sum, message) => sum + message.skipped, 0)).toBe(skipped);
      expect(read.at(-1)?.id).toBe(1_000);
      for (const message of read.slice(0, -1)) expect(message.id).toBe(message.events.at(-1).id);
    }),
    { numRuns: 50 },
  );
});
