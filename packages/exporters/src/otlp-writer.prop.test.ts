// Attributes whose values are kept ready are the bytes that they would be without.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OtlpWriter } from "./otlp-writer.ts";

const TAG = 0x32;
const NAMES = ["trading.symbol", "trading.reason_code", "é"];

const texts = fc.oneof(
  fc.constantFrom(
    "BTC/USDT",
    "BTC/USDC",
    "insufficient_edge",
    "",
    "é",
    "net edge 1.20 bps",
    "x".repeat(64),
    "x".repeat(65),
  ),
  fc.string({ unit: "binary", maxLength: 90 }),
);
/** The same value for a while, as a service writes it, and others in between. */
const attributes = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), texts, fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.flatMap(([name, value, times]) => new Array<[string, string]>(times).fill([name, value])));

function written(write: (out: OtlpWriter) => unknown): string {
  const out = new OtlpWriter(Buffer.alloc(16), 0);
  write(out);
  return out.bytes.toString("hex", 0, out.length);
}

describe("attributes of one writer", () => {
  it("are the bytes that a new writer makes of each, whatever came before", () => {
    fc.assert(
      fc.property(attributes, (all) => {
        const together = written((out) => {
          for (const [name, value] of all) out.textAttribute(TAG, name, value);
        });
        const alone = all.map(([name, value]) => written((out) => out.textAttribute(TAG, name, value)));
        expect(together).toBe(alone.join(""));
      }),
      { numRuns: 300 },
    );
  });

  it("tell how many bytes their text takes, ready or not", () => {
    fc.assert(
      fc.property(attributes, (all) => {
        const out = new OtlpWriter(Buffer.alloc(16), 0);
        for (const [name, value] of all) {
          const size = out.textAttribute(TAG, name, value);
          expect(out.bytes.toString("utf8", out.length - size, out.length)).toBe(value.toWellFormed());
        }
      }),
      { numRuns: 200 },
    );
  });

  it("in pieces are those of the whole text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 6 }), (pieces) => {
        const whole = written((out) => out.textAttribute(TAG, "trading.reason", pieces.join("")));
        expect(written((out) => out.piecesAttribute(TAG, "trading.reason", pieces))).toBe(whole);
      }),
      { numRuns: 300 },
    );
  });
});
