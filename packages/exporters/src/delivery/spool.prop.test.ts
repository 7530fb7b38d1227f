// A spool against a list in memory: whatever is appended, read, closed, killed and taken over, order and counts are the same.
import { rmSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOnDisk,
  drainSpool,
  EVIDENCE,
  filesBelow,
  killOwners,
  LANES,
  openSpool,
  requestOf,
  testFolder,
} from "../../test/spools.ts";
import type { Spool, SpoolLaneName } from "./spool.ts";

const lanes = fc.constantFrom(...LANES);

/** What happens to a spool: requests of so many bytes, and how often one leaves. */
function plans(maxSize: number, length: number, sends: number) {
  const sizes = fc.integer({ min: 1, max: maxSize });
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ append: lanes, size: sizes, items: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 2, arbitrary: fc.record({ appendSync: lanes, sizes: fc.array(sizes, { maxLength: 3 }) }) },
      { weight: sends, arbitrary: fc.record({ send: lanes, times: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ look: lanes }) },
      { weight: 1, arbitrary: fc.record({ next: fc.constantFrom("close" as const, "kill" as const) }) },
    ),
    { minLength: length / 2, maxLength: length },
  );
}

interface Entry {
  readonly text: string;
  readonly items: number;
}

const keyOf = ({ signal, recordClass }: SpoolLaneName): string => `${signal}-${recordClass}`;
const sumOf = (entries: readonly Entry[]): number => entries.reduce((sum, { items }) => sum + items, 0);

/** Texts of some size, each another one. */
function texts() {
  let count = 0;
  return (size: number): string => `${count++} `.padEnd(size, "x");
}

describe("a spool", () => {
  it("gives back what it was given, in the order of each lane, over every end of a process", async () => {
    await fc.assert(
      fc.asyncProperty(plans(9_000, 40, 4), async (plan) => {
        const dir = testFolder();
        const next = texts();
        const model = new Map<string, Entry[]>(LANES.map((lane) => [keyOf(lane), []]));
        let { spool, dropped, restored, problems } = openSpool(dir);
        const everOpened: Spool[] = [spool];
        for (const step of plan) {
          if ("append" in step) {
            const entry = { text: next(step.size), items: step.items };
            expect(await spool.append(step.append, requestOf(entry.text, entry.items))).toBe(true);
            model.get(keyOf(step.append))!.push(entry);
          } else if ("appendSync" in step) {
            const entries = step.sizes.map((size) => ({ text: next(size), items: 2 }));
            const given = entries.map(({ text, items }) => requestOf(text, items));
            expect(spool.appendSync(step.appendSync, given, "back")).toBe(entries.length);
            model.get(keyOf(step.appendSync))!.push(...entries);
          } else if ("send" in step) {
            for (let i = 0; i < step.times; i++) {
              const spooled = await spool.first(step.send);
              const entry = model.get(keyOf(step.send))!.shift();
              expect(spooled && Buffer.from(spooled.request.bytes!).toString()).toBe(entry?.text);
              expect(spooled?.request.items).toBe(entry?.items);
              if (spooled !== undefined) await spool.done(step.send, spooled);
            }
          } else if ("look" in step) {
            const spooled = await spool.first(step.look);
            expect(spooled?.request.items).toBe(model.get(keyOf(step.look))![0]?.items);
          } else {
            if (step.next === "close") await spool.close();
            else killOwners(dir);
            ({ spool, dropped, restored, problems } = openSpool(dir));
            everOpened.push(spool);
            await spool.adopt();
            for (const lane of LANES) expect(restored[keyOf(lane)] ?? 0).toBe(sumOf(model.get(keyOf(lane))!));
          }
          for (const lane of LANES) expect(spool.stats(lane).items).toBe(sumOf(model.get(keyOf(lane))!));
          expect(bytesOnDisk(dir)).toBe(spool.bytes);
        }
        for (const lane of LANES)
          expect(await drainSpool(spool, lane)).toEqual(model.get(keyOf(lane))!.map(({ text }) => text));
        expect({ dropped, problems }).toEqual({ dropped: {}, problems: [] });
        for (const one of everOpened) await one.close();
        expect(filesBelow(dir)).toEqual([]);
        rmSync(dir, { recursive: true });
      }),
      { numRuns: 60 },
    );
  });

  it("takes no more than its bytes on disk: the oldest ordinary data goes first, evidence last, all of it counted", async () => {
    const losses = { ordinary: 0, evidence: 0 };
    await fc.assert(
      fc.asyncProperty(plans(50_000, 40, 1), fc.integer({ min: 70_000, max: 300_000 }), async (plan, maxBytes) => {
        const dir = testFolder();
        const next = texts();
        const accepted = new Map<string, Entry[]>(LANES.map((lane) => [keyOf(lane), []]));
        const sent = new Map<string, string[]>(LANES.map((lane) => [keyOf(lane), []]));
        const { spool, dropped, problems } = openSpool(dir, { maxBytes });
        for (const step of plan) {
          const evidenceLost = dropped[`${keyOf(EVIDENCE)} spool_full`] ?? 0;
          if ("append" in step) {
            const entry = { text: next(step.size), items: step.items };
            const isTaken = await spool.append(step.append, requestOf(entry.text, entry.items));
            if (isTaken) accepted.get(keyOf(step.append))!.push(entry);
            // Ordinary data is refused only where evidence has all the room.
            else expect(step.append.recordClass).toBe("ordinary");
          } else if ("appendSync" in step) {
            const entries = step.sizes.map((size) => ({ text: next(size), items: 2 }));
            const given = entries.map(({ text, items }) => requestOf(text, items));
            const taken = spool.appendSync(step.appendSync, given, "back");
            accepted.get(keyOf(step.appendSync))!.push(...entries.slice(0, taken));
          } else if ("send" in step) {
            for (let i = 0; i < step.times; i++) {
              const spooled = await spool.first(step.send);
              if (spooled === undefined) break;
              sent.get(keyOf(step.send))!.push(Buffer.from(spooled.request.bytes!).toString());
              await spool.done(step.send, spooled);
            }
          }
          expect(bytesOnDisk(dir)).toBeLessThanOrEqual(maxBytes);
          if ((dropped[`${keyOf(EVIDENCE)} spool_full`] ?? 0) > evidenceLost)
            for (const lane of LANES) if (lane !== EVIDENCE) expect(spool.stats(lane).items).toBe(0);
        }
        for (const lane of LANES) {
          const all = accepted.get(keyOf(lane))!;
          const waiting = spool.stats(lane).items;
          const out = [...sent.get(keyOf(lane))!, ...(await drainSpool(spool, lane))];
          const lost = all.filter(({ text }) => !out.includes(text));
          expect(out).toEqual(all.filter(({ text }) => out.includes(text)).map(({ text }) => text));
          expect(dropped[`${keyOf(lane)} spool_full`] ?? 0).toBe(sumOf(lost));
          expect(waiting).toBe(sumOf(all.filter(({ text }) => out.indexOf(text) >= sent.get(keyOf(lane))!.length)));
          losses[lane.recordClass] += lost.length;
        }
        expect(problems).toEqual([]);
        await spool.close();
        rmSync(dir, { recursive: true });
      }),
      { numRuns: 80 },
    );
    // The plans are long enough to be about something.
    expect(losses.ordinary).toBeGreaterThan(20);
    expect(losses.evidence).toBeGreaterThan(0);
  });
});
