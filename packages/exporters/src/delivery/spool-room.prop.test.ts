// A spool file that goes on in the place of another: at every moment it holds the records that were written to it, and no other.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestOf } from "../../test/spools.ts";
import { SpoolFile } from "./spool-file.ts";
import { SPOOL_HEADER_BYTES } from "./spool-record.ts";

const texts = (maxLength: number, most: number) =>
  fc.array(fc.string({ unit: "binary-ascii", maxLength }), { minLength: 1, maxLength: most });

/** What another process finds in a file. */
async function textsIn(path: string): Promise<string[]> {
  const file = new SpoolFile(path);
  const found: string[] = [];
  try {
    await file.survey();
    for (let one = await file.first(); one !== undefined; one = await file.first()) {
      if (one.bytes === undefined) throw new Error(`damage of ${one.records} records at ${one.at}`);
      found.push(Buffer.from(one.bytes).toString("utf8"));
      file.uncount(one);
      await file.tickOff(one);
    }
    expect(file.isEmpty).toBe(true);
  } finally {
    await file.close();
  }
  return found;
}

/** A copy, so that reading it changes nothing. */
async function textsInCopyOf(path: string): Promise<string[]> {
  const copy = `${path}.copy`;
  writeFileSync(copy, readFileSync(path));
  return textsIn(copy);
}

async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-spool-"));
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe("a file that starts anew", () => {
  it("holds nothing at first, then what is written, in order, whatever was in it; its size on disk is what it says", async () => {
    await fc.assert(
      fc.asyncProperty(texts(200, 8), texts(200, 12), async (before, after) => {
        await inFolder(async (dir) => {
          const file = new SpoolFile(join(dir, "old"));
          await file.create();
          for (const text of before) await file.append(requestOf(text));
          const { size } = file;
          await file.startAnew(join(dir, "new"));
          expect(await textsInCopyOf(file.path)).toEqual([]);
          const written: string[] = [];
          for (const text of after) {
            const needs = SPOOL_HEADER_BYTES + Buffer.byteLength(text);
            const isInPlace = needs <= file.room;
            await file.append(requestOf(text));
            written.push(text);
            expect(await textsInCopyOf(file.path)).toEqual(written);
            expect(statSync(file.path).size).toBe(file.diskBytes);
            if (isInPlace) expect(file.diskBytes).toBeLessThanOrEqual(size);
          }
          await file.close();
          expect(await textsIn(file.path)).toEqual(written);
        });
      }),
      { numRuns: 100 },
    );
  });

  it("keeps what is there and its place when a write fails", async () => {
    await inFolder(async (dir) => {
      const file = new SpoolFile(join(dir, "old"));
      await file.create();
      await file.append(requestOf("x".repeat(1_000)));
      await file.startAnew(join(dir, "new"));
      await file.append(requestOf("first"));
      const { room, diskBytes } = file;
      const broken = { ...requestOf(""), bytes: { length: 100 } as Uint8Array };
      await expect(file.append(broken)).rejects.toThrow();
      expect({ room: file.room, diskBytes: file.diskBytes }).toEqual({ room, diskBytes });
      expect(statSync(file.path).size).toBe(diskBytes);
      await file.append(requestOf("second"));
      expect(await textsInCopyOf(file.path)).toEqual(["first", "second"]);
      await file.remove();
    });
  });
});
