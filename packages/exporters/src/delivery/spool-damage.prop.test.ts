// Damaged spool files: what is whole is delivered in its order, what is not is counted, and nothing throws or hangs.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deadFolder,
  drainSpool,
  filesBelow,
  NOON_EPOCH_MS,
  openSpool,
  requestOf,
  spoolFilesBelow,
  TRACES,
  testFolder,
} from "../../test/spools.ts";
import { encodeSpoolHeader, SPOOL_HEADER_BYTES } from "./spool-record.ts";

const NAME = "traces-ordinary-001795176000000-000000-0a1b2c3d.spool";
const SECOND_NAME = "traces-ordinary-001795176000000-000001-0a1b2c3d.spool";

interface Written {
  readonly text: string;
  readonly items: number;
  readonly from: number;
  readonly to: number;
}

/** The bytes of a file with these records, and where each lies. */
function fileOf(records: readonly { readonly text: string; readonly items: number }[]) {
  const parts: Buffer[] = [];
  const written: Written[] = [];
  let at = 0;
  for (const { text, items } of records) {
    const request = requestOf(text, items);
    parts.push(encodeSpoolHeader(request, NOON_EPOCH_MS), Buffer.from(request.bytes));
    const to = at + SPOOL_HEADER_BYTES + request.bytes.length;
    written.push({ text, items, from: at, to });
    at = to;
  }
  return { bytes: Buffer.concat(parts), written };
}

/** What comes out of a dead process's folder that holds such a file. */
async function recover(bytes: Buffer) {
  const dir = testFolder();
  writeFileSync(join(deadFolder(dir), NAME), bytes);
  const { spool, restored, problems, dropped } = openSpool(dir);
  await spool.adopt();
  const found = await drainSpool(spool, TRACES);
  expect({ problems, dropped }).toEqual({ problems: [], dropped: {} });
  expect(spool.stats(TRACES)).toEqual({ items: 0, bytes: 0, oldestEpochMs: undefined });
  await spool.close();
  expect(filesBelow(dir)).toEqual([]);
  const texts = found.filter((one) => typeof one === "string");
  const damaged = found.filter((one) => typeof one === "number").reduce((sum, items) => sum + items, 0);
  rmSync(dir, { recursive: true });
  return { texts, damaged, restored: restored["traces-ordinary"] ?? 0 };
}

const itemsOf = (records: readonly Written[]): number => records.reduce((sum, { items }) => sum + items, 0);
const records = fc.array(fc.record({ text: fc.string({ unit: "binary", maxLength: 80 }), items: fc.nat({ max: 9 }) }), {
  minLength: 1,
  maxLength: 8,
});

describe("a file of a dead process", () => {
  it("cut at every byte of its last three records: the records before the cut arrive, the one that was cut is counted", async () => {
    const { bytes, written } = fileOf([
      { text: "first", items: 4 },
      { text: "second ".repeat(5), items: 5 },
      { text: "third", items: 6 },
      { text: "fourth ".repeat(3), items: 7 },
    ]);
    for (let cut = written[1]!.from; cut <= bytes.length; cut++) {
      const whole = written.filter(({ to }) => to <= cut);
      const torn = written.find(({ from, to }) => from < cut && cut < to);
      const isHeaderWhole = torn !== undefined && cut - torn.from >= SPOOL_HEADER_BYTES;
      const damaged = isHeaderWhole ? torn.items : torn === undefined ? 0 : 1;
      expect(await recover(bytes.subarray(0, cut))).toEqual({
        texts: whole.map(({ text }) => text),
        damaged,
        restored: itemsOf(whole) + damaged,
      });
    }
  });

  it("of which any bit is another: the other records arrive in their order", async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.nat(), async (some, at) => {
        const { bytes, written } = fileOf(some);
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const hit = written.find(({ from, to }) => from <= bit >> 3 && bit >> 3 < to)!;
        const isState = (bit >> 3) - hit.from === 4;
        const isHeader = (bit >> 3) - hit.from < SPOOL_HEADER_BYTES;
        const { texts, damaged, restored } = await recover(bytes);
        expect(texts).toEqual(written.filter((one) => isState || one !== hit).map(({ text }) => text));
        expect(damaged).toBe(isState ? 0 : isHeader ? 1 : hit.items);
        expect(restored).toBe(itemsOf(written) - (isState ? 0 : hit.items) + damaged);
      }),
      { numRuns: 150 },
    );
  });

  it("partly overwritten with zeros or anything: what was not touched arrives in its order, and nothing else", async () => {
    const damage = fc.record({
      from: fc.nat(),
      with: fc.oneof(
        fc.nat({ max: 200 }).map((length) => new Uint8Array(length)),
        fc.uint8Array({ maxLength: 60 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(records, fc.array(damage, { maxLength: 3 }), fc.nat({ max: 100 }), async (some, hits, tail) => {
        // Texts of their own, so that each can be told from the others.
        const { bytes, written } = fileOf(some.map(({ text, items }, i) => ({ text: `${i} ${text}`, items })));
        for (const { from, with: noise } of hits)
          bytes.set(noise.subarray(0, bytes.length - (from % bytes.length)), from % bytes.length);
        const isTouched = (one: Written): boolean =>
          hits.some(({ from, with: { length } }) => {
            const at = from % bytes.length;
            return at < one.to && one.from < at + length;
          });
        const { texts, damaged, restored } = await recover(Buffer.concat([bytes, Buffer.alloc(tail)]));
        // A record that was overwritten with what stood there is whole.
        const arrived = written.filter((one) => !isTouched(one) || texts.includes(one.text));
        expect(texts).toEqual(arrived.map(({ text }) => text));
        expect(restored).toBe(itemsOf(arrived) + damaged);
        // By chance noise may be what ticks a record off.
        const isGone = written.filter((one) => !arrived.includes(one) && bytes[one.from + 4] !== 255);
        if (itemsOf(isGone) > 0 || tail > 0) expect(damaged).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ["empty", Buffer.alloc(0), 0],
    ["nothing but zeros", Buffer.alloc(300_000), 1],
    ["nothing but the beginnings of records", Buffer.from("TBQ1".repeat(50_000)), 1],
    ["a page of text", Buffer.from("<html>\r\n".repeat(1_000)), 1],
  ])("that is %s holds nothing up", async (_, bytes, damaged) => {
    expect(await recover(bytes)).toEqual({ texts: [], damaged, restored: damaged });
  });

  it("with a hole of many megabytes before its last record gives that record, too", async () => {
    const { bytes } = fileOf([{ text: "the last one", items: 2 }]);
    expect(await recover(Buffer.concat([Buffer.alloc(5_000_001), bytes]))).toEqual({
      texts: ["the last one"],
      damaged: 1,
      restored: 3,
    });
  });
});

describe("a file that is damaged while its spool is at work", () => {
  it("items that arrive + items that are counted = items that were accepted", async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 90 }),
        fc.boolean(),
        async (...given) => {
          const [some, at, noise, isCut] = given;
          const dir = testFolder();
          const { spool, problems } = openSpool(dir);
          for (const { text, items } of some) expect(await spool.append(TRACES, requestOf(text, items))).toBe(true);
          const [path] = spoolFilesBelow(dir);
          const bytes = readFileSync(path!);
          const from = at % bytes.length;
          if (isCut) truncateSync(path!, from);
          else
            writeFileSync(path!, Buffer.concat([bytes.subarray(0, from), noise, bytes.subarray(from + noise.length)]));
          const { written } = fileOf(some);
          const untouched = written.filter((one) => one.to <= from || (!isCut && one.from >= from + noise.length));
          let counted = 0;
          const texts: string[] = [];
          for (let spooled = await spool.first(TRACES); spooled !== undefined; spooled = await spool.first(TRACES)) {
            counted += spooled.request.items;
            if (spooled.request.bytes !== undefined) texts.push(Buffer.from(spooled.request.bytes).toString("utf8"));
            await spool.done(TRACES, spooled);
          }
          expect(counted).toBe(itemsOf(written));
          expect(texts).toEqual(expect.arrayContaining(untouched.map(({ text }) => text)));
          expect(spool.stats(TRACES).items).toBe(0);
          expect(problems).toEqual([]);
          await spool.close();
          rmSync(dir, { recursive: true });
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(["removed", "a folder", "a link", "a fifo"])(
    "its file is now %s: what it held is counted, what comes next is kept",
    async (what) => {
      const dir = testFolder();
      const { spool } = openSpool(dir);
      // Read once and closed, so that it is opened again.
      const folder = deadFolder(dir);
      writeFileSync(join(folder, NAME), fileOf([{ text: "lost", items: 3 }]).bytes);
      await spool.adopt();
      const [path] = spoolFilesBelow(dir);
      rmSync(path!);
      if (what === "a folder") mkdirSync(path!);
      if (what === "a link") symlinkSync("/etc/hostname", path!);
      if (what === "a fifo") execFileSync("mkfifo", [path!]);
      await spool.append(TRACES, requestOf("kept"));
      expect(await drainSpool(spool, TRACES)).toEqual([3, "kept"]);
      expect(statSync("/etc/hostname").size).toBeGreaterThan(0);
    },
  );
});

describe("what somebody else has put into a dead process's folder", () => {
  it("is neither read nor followed nor removed", async () => {
    const dir = testFolder();
    const folder = deadFolder(dir);
    const elsewhere = join(testFolder(), "elsewhere");
    writeFileSync(elsewhere, fileOf([{ text: "behind a link", items: 1 }]).bytes);
    writeFileSync(join(folder, SECOND_NAME), fileOf([{ text: "ours", items: 1 }]).bytes);
    symlinkSync(elsewhere, join(folder, NAME));
    execFileSync("mkfifo", [join(folder, NAME.replace("000000-", "000002-"))]);
    mkdirSync(join(folder, NAME.replace("000000-", "000003-")));
    writeFileSync(join(folder, "notes.txt"), "by a person");
    const { spool, restored, problems } = openSpool(dir);
    await spool.adopt();
    expect(await drainSpool(spool, TRACES)).toEqual(["ours"]);
    expect([restored, problems]).toEqual([{ "traces-ordinary": 1 }, []]);
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("by a person");
    expect(readFileSync(elsewhere).includes("behind a link")).toBe(true);
    await spool.close();
    expect(filesBelow(folder)).toHaveLength(4);
  });
});
