import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpack, unpackSmall } from "./unpacked-body.ts";

const MIB = 1_048_576;
const tooLarge = () => new RangeError("too large");
const unpackTo = (packed: Uint8Array, most: number) => unpack(packed, most, tooLarge, new AbortController().signal);

/** Bytes that pack badly. */
const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * i * 7919) >> 5);

describe("a small body", () => {
  it("is unpacked here and now, to the byte, in memory of its own", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const unpacked = unpackSmall(gzipSync(bytes));
        expect(Buffer.from(bytes).equals(unpacked ?? noise(7))).toBe(true);
        expect(unpacked?.byteOffset).toBe(0);
        expect(unpacked?.buffer.byteLength).toBeLessThanOrEqual(Math.max(64, bytes.length + 1));
      }),
    );
  });

  it.each([
    ["is large", gzipSync(new Uint8Array(300_000))],
    ["is large before it is unpacked", gzipSync(noise(400_000))],
    ["is of several, of which the last is small", Buffer.concat([gzipSync(new Uint8Array(MIB)), gzipSync("x")])],
  ])("is not one that %s", (_what, packed) => {
    expect(unpackSmall(packed)).toBeUndefined();
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["no gzip", Buffer.from("no gzip at all\0\0\0\0")],
    ["damaged", gzipSync(noise(1_000)).fill(0, 20, 40)],
  ])("that is %s is an error", (_what, packed) => {
    expect(() => unpackSmall(packed)).toThrow();
  });
});

describe("a body", () => {
  it.each([0, 1, 70_000, 262_144, 3 * MIB])("of %i bytes is unpacked to the byte", async (length) => {
    const bytes = noise(length);
    const unpacked = await unpackTo(gzipSync(bytes), 4 * MIB);
    expect(Buffer.from(bytes).equals(unpacked)).toBe(true);
    expect(unpacked.buffer.byteLength).toBe(length);
  });

  it("of one byte more than is allowed is none, and of exactly as many is one", async () => {
    const packed = gzipSync(noise(MIB));
    expect((await unpackTo(packed, MIB)).byteLength).toBe(MIB);
    await expect(unpackTo(packed, MIB - 1)).rejects.toThrow("too large");
  });

  it("that is no gzip, or cut off, is an error, and so is one for which there is no time", async () => {
    await expect(unpackTo(noise(100), MIB)).rejects.toMatchObject({ code: "Z_DATA_ERROR" });
    await expect(unpackTo(gzipSync(noise(MIB)).subarray(0, -6), MIB)).rejects.toMatchObject({ code: "Z_BUF_ERROR" });
    await expect(unpack(gzipSync(noise(MIB)), MIB, tooLarge, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
