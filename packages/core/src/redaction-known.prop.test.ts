// A redactor that has seen a text before says the same of it as one that has not.
import fc from "fast-check";
import { expect, it } from "vitest";
import { createRedactor } from "./redaction.ts";

const texts = fc.oneof(
  fc.constantFrom("insufficient_edge", "apiKey=s3cr3t-v4lue", "BTC/USDT", "token=abc", "Bearer abcdefghijklmnop", ""),
  fc.string({ maxLength: 70 }),
  fc
    .tuple(fc.constantFrom("key", "password", "symbol"), fc.string({ maxLength: 20 }))
    .map(([name, value]) => `${name}=${value}`),
);

it("texts that come again and again get the same answer as for the first time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 20 }), (runs) => {
      const redactor = createRedactor();
      for (const [text, times] of runs) {
        const first = createRedactor().text(text);
        for (let i = 0; i < times; i++) expect(redactor.text(text)).toBe(first);
      }
    }),
    { numRuns: 300 },
  );
});
