import { createRedactor } from "@tracebook/core";
import { boundValue } from "@tracebook/core/extension";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PLANTED_VALUES } from "../../test/planted-values.ts";
import type { EventData, JsonValue } from "../store-input.ts";
import { ItemRedactor } from "./item-redactor.ts";
import { PlainData } from "./plain-data.ts";

const redactor = createRedactor({ keys: ["strategyParams"] });
const plain = new PlainData(redactor);

const planted = PLANTED_VALUES.map(({ value }) => value as JsonValue);
const text = fc.oneof(
  fc.constantFrom(
    "BTC/USDT",
    "4.10",
    "insufficient_edge",
    "net edge 1.20 bps is below 1.50 bps",
    "",
    "Cookie",
    "apiKey",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 12 }).map((one) => `token=${one}`),
  fc.stringMatching(/^[0-9a-f]{20,70}$/),
  fc.integer({ min: 1_300, max: 1_400 }).map((length) => "漢".repeat(length)),
  fc.integer({ min: 100, max: 12_000 }).map((length) => "\u0001".repeat(length)),
);
const name = fc.oneof(
  fc.constantFrom("symbol", "gates", "name", "value", "key", "session", "api_key", "strategy-params", "__proto__", "…"),
  fc.string({ maxLength: 20 }),
  fc.integer({ min: 70, max: 100 }).map((length) => "n".repeat(length)),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 10, depthSize: "medium", withCrossShrink: true },
    text,
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.constantFrom(...planted),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
  ),
}));
const data = fc.dictionary(name, value, { maxKeys: 12 }) as fc.Arbitrary<EventData>;
const eventBytes = fc.constantFrom(65_536, 4_096, 2_048);

test("what is called plain, the redactor of core gives back as it is", () => {
  let count = 0;
  fc.assert(
    fc.property(data, eventBytes, (one, bytes) => {
      // -0 is 0 in JSON, and there is no NaN in it.
      const read = JSON.parse(JSON.stringify(one)) as EventData;
      if (!plain.isPlain(read, bytes)) return;
      count++;
      expect(boundValue(read, { redactor, limits: { eventBytes: bytes } })).toEqual(read);
    }),
    { numRuns: 3_000 },
  );
  expect(count).toBeGreaterThan(300);
});

test("nested, long and wide as data may be, no part of it is called plain that would be cut", () => {
  const nested = (depth: number): JsonValue => (depth === 0 ? 1 : { a: nested(depth - 1) });
  const cases: readonly EventData[] = [
    { a: nested(7) },
    { a: nested(8) },
    { list: Array.from({ length: 256 }, () => 1) },
    { list: Array.from({ length: 257 }, () => 1) },
    Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`k${i}`, "x".repeat(30)])),
    Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, 1])),
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, "\u0002".repeat(110)])),
    Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${"\u0003".repeat(80)}${i}`, null])),
  ];
  const areSame = cases.map((one) => JSON.stringify(boundValue(one, { redactor })) === JSON.stringify(one));
  expect(areSame).toEqual([true, false, true, false, true, false, false, false]);
  for (const [i, one] of cases.entries()) if (plain.isPlain(one, 65_536)) expect(areSame[i]).toBe(true);
  expect(plain.isPlain(cases[0]!, 65_536)).toBe(true);
});

test("what was redacted once is plain, or is made the same again", () => {
  const redacting = new ItemRedactor(["strategyParams"]);
  for (const { where, value } of PLANTED_VALUES) {
    const event = { data: { note: value, strategyParams: "x" } } as unknown as Parameters<ItemRedactor["event"]>[0];
    const once = redacting.event(event);
    const { redacted } = redacting.counts();
    expect(redacting.event(once).data, where).toEqual(once.data);
    expect(once.data["strategyParams"]).toBe("[REDACTED]");
    expect(redacted).toBeGreaterThan(0);
  }
});
