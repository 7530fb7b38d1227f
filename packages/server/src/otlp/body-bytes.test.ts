import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyBytes, freeBytes } from "./body-bytes.ts";

const pieceOf = (length: number, from: number) => Uint8Array.from({ length }, (_, i) => (from + i) % 251);

describe("the bytes of a body", () => {
  it("are those of its pieces in their order, in memory that is nobody else's", () => {
    const sizes = fc.array(fc.oneof(fc.nat(2_000), fc.integer({ min: 60_000, max: 70_000 })), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.boolean(), (lengths, isUnshared) => {
        const bytes = new BodyBytes(isUnshared);
        const pieces = lengths.map((length, i) => pieceOf(length, 7 * i));
        const whole = Buffer.concat(pieces);
        for (const piece of pieces) bytes.add(piece);
        // Whoever has added them may still look at them.
        expect(pieces.map(({ byteLength }) => byteLength)).toEqual(lengths);
        expect(bytes.length).toBe(whole.length);
        const taken = bytes.takeWhole();
        expect(whole.equals(taken)).toBe(true);
        expect(taken.buffer.byteLength).toBe(whole.length);
        expect(pieces.map(({ byteLength }) => byteLength)).toEqual(isUnshared ? lengths.map(() => 0) : lengths);
        bytes.release();
        expect(taken.byteLength).toBe(whole.length);
      }),
      { numRuns: 60 },
    );
  });

  it("leave nothing behind when they are released", () => {
    const bytes = new BodyBytes(true);
    const pieces = [pieceOf(100_000, 0), pieceOf(600_000, 0)];
    for (const piece of pieces) bytes.add(piece);
    bytes.release();
    expect(pieces.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
    expect(bytes.takeWhole().byteLength).toBe(0);
  });

  it("leave the memory of a piece that is not alone in it", () => {
    const { buffer } = pieceOf(1_000, 0);
    const [piece, other] = [new Uint8Array(buffer, 0, 500), new Uint8Array(buffer, 500)];
    const before = Buffer.from(other);
    const bytes = new BodyBytes(true);
    bytes.add(piece);
    expect(Buffer.from(bytes.takeWhole())).toEqual(Buffer.from(pieceOf(500, 0)));
    expect(before.equals(other)).toBe(true);
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
