import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFrame, parseSnapshot } from "./frame.ts";

const stream = fc.constantFrom("btcusdt@depth@100ms", "btcusdt@bookTicker", "btcusdt@trade", "x", 1);
const field = fc.constantFrom(
  "e",
  "E",
  "T",
  "s",
  "U",
  "u",
  "pu",
  "b",
  "a",
  "B",
  "A",
  "t",
  "p",
  "q",
  "m",
  "X",
  "__proto__",
);
const value = fc.oneof(fc.jsonValue(), fc.constantFrom("BTCUSDT", "depthUpdate", "trade", "1.5", 1, true));
const frames = fc.record({ stream, data: fc.dictionary(field, value, { maxKeys: 14 }) });

describe("frame parsing", () => {
  it("never throws, and names a reason from a small set, whatever arrives", () => {
    const reason =
      /^(too_long|not_json|not_an_object|no_stream|unknown_stream|no_data|wrong_market|bad_[a-zA-Z]{1,12})$/;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          frames.map((frame) => JSON.stringify(frame)),
        ),
        (text) => {
          for (const frame of [
            parseFrame(text),
            parseFrame(text, "usdm"),
            parseFrame(text, "spot"),
            parseSnapshot(text),
          ]) {
            if (frame.kind === "malformed") expect(frame.reason).toMatch(reason);
          }
        },
      ),
    );
  });
});
