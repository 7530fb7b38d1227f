import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyBytes, freeBytes } from "./body-bytes.ts";

const MIB = 1_048_576;
const pieceOf = (length: number, from: number) => Uint8Array.from({ length }, (_, i) => (from + i) % 251);

describe("the bytes of a body", () => {
  it("are those of its pieces in their order, whatever their sizes, lent or not", () => {
    const sizes = fc.array(fc.oneof(fc.nat(2_000), fc.integer({ min: 60_000, max: 400_000 })), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.boolean(), (lengths, isLent) => {
        const bytes = new BodyBytes(4 * MIB, isLent);
        const pieces = lengths.map((length, i) => pieceOf(length, 7 * i));
        const whole = Buffer.concat(pieces);
        for (const piece of pieces) {
          const given = piece.slice();
          bytes.add(given);
          if (isLent) given.fill(255);
        }
        expect(bytes.length).toBe(whole.length);
        const taken = bytes.takeWhole();
        expect(whole.equals(taken)).toBe(true);
        // Nothing else is in its memory, and it is the caller's alone.
        expect(taken.buffer.byteLength).toBe(whole.length);
        expect(pieces.some(({ buffer }) => buffer === taken.buffer)).toBe(false);
        bytes.release();
        expect(taken.byteLength).toBe(whole.length);
      }),
      { numRuns: 60 },
    );
  });

  it("leave nothing behind when they are released", () => {
    const bytes = new BodyBytes(4 * MIB, true);
    bytes.add(pieceOf(600_000, 0));
    bytes.release();
    expect(bytes.length).toBe(0);
    expect(bytes.takeWhole().byteLength).toBe(0);
  });
});

describe("memory that is given back", () => {
  it("is gone at once, and may have been handed over before", () => {
    const bytes = new Uint8Array(100_000);
    freeBytes(bytes);
    expect(bytes.byteLength).toBe(0);
    expect(() => freeBytes(bytes)).not.toThrow();
  });
});
