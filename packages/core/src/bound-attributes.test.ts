import { describe, expect, it } from "vitest";
import { boundAttributes, MAX_ATTRIBUTES } from "./bound-attributes.ts";
import { createRedactor } from "./redaction.ts";

const redactor = createRedactor();

describe("boundAttributes", () => {
  it("keeps what OpenTelemetry can carry and makes the rest fit", () => {
    expect(
      boundAttributes(
        {
          text: "a",
          count: 1.5,
          flag: false,
          big: 2n ** 64n,
          nan: Number.NaN,
          date: new Date(0),
          missing: undefined,
          empty: null,
          texts: ["a", "b"],
          numbers: [1, 2],
          flags: [true, false],
          gaps: ["a", null, undefined],
          mixed: [1, "a"],
          odd: [1, Number.NaN],
          nested: { a: { b: 1 } },
          objects: [{ a: 1 }],
          map: new Map([["a", 1]]),
          fn: Math.max,
        },
        redactor,
      ),
    ).toEqual({
      text: "a",
      count: 1.5,
      flag: false,
      big: "18446744073709551616",
      nan: "NaN",
      date: "1970-01-01T00:00:00.000Z",
      texts: ["a", "b"],
      numbers: [1, 2],
      flags: [true, false],
      gaps: ["a", null, null],
      mixed: '[1,"a"]',
      odd: '[1,"NaN"]',
      nested: '{"a":{"b":1}}',
      objects: '[{"a":1}]',
      map: '{"a":1}',
      fn: "[function max]",
    });
  });

  it("redacts by name and by content, in lists and in nested values", () => {
    const counters = { truncated: 0, redacted: 0 };
    expect(
      boundAttributes(
        { api_key: "x", list: ["token=abc12345", "b"], nested: { secret: "x" }, cookie: ["a=1"], password: 1 },
        redactor,
        counters,
      ),
    ).toEqual({
      api_key: "[REDACTED]",
      list: ["token=[REDACTED]", "b"],
      nested: '{"secret":"[REDACTED]"}',
      cookie: "[REDACTED]",
      password: "[REDACTED]",
    });
    expect(counters.redacted).toBe(5);
  });

  it("keeps 128 attributes, 4 KiB a value, 64 KiB in all, and valid JSON", () => {
    const counters = { truncated: 0, redacted: 0 };
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`a${i}`, i]));
    expect(Object.keys(boundAttributes(many, redactor, counters))).toHaveLength(MAX_ATTRIBUTES);
    expect(counters.truncated).toBe(1);
    const big = boundAttributes(
      { text: "a".repeat(5_000_000), nested: { list: Array(500).fill("b".repeat(500)) } },
      redactor,
    );
    expect((big.text as string).length).toBeLessThanOrEqual(4096);
    expect((big.nested as string).length).toBeLessThanOrEqual(4096);
    expect(JSON.parse(big.nested as string)).toHaveProperty("list");
    const heavy = boundAttributes(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, "x".repeat(4000)])),
      redactor,
    );
    expect(JSON.stringify(heavy).length).toBeLessThan(80_000);
  });

  it("never throws", () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    expect(boundAttributes(trap, redactor)).toEqual({});
    expect(boundAttributes(null, redactor)).toEqual({});
    expect(boundAttributes(7, redactor)).toEqual({});
    expect(
      boundAttributes(
        {
          get a(): string {
            throw new Error("no");
          },
          b: 1,
        },
        redactor,
      ),
    ).toEqual({ a: "[unreadable]", b: 1 });
    expect(
      boundAttributes(
        {
          list: new Proxy([1], {
            get: () => {
              throw new Error("no");
            },
          }),
          b: 1,
        },
        redactor,
      ),
    ).toMatchObject({ b: 1 });
    expect(Object.keys(boundAttributes(JSON.parse('{"__proto__":"a"}'), redactor))).toEqual(["__proto__"]);
  });
});
