import { describe, expect, it } from "vitest";
import { boundValue } from "./bound-value.ts";
import { createRedactor } from "./redaction.ts";
import { VALUE_LIMITS } from "./value-limits.ts";

const redactor = createRedactor();
const bound = (value: unknown) => boundValue(value, { redactor });
const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

describe("values that JSON does not have", () => {
  it.each([
    ["undefined", undefined, null],
    ["a bigint", 2n ** 70n, "1180591620717411303424"],
    ["a huge bigint", 1n << 20_000n, "[huge bigint]"],
    ["NaN", Number.NaN, "NaN"],
    ["infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["minus zero", -0, 0],
    ["a symbol", Symbol("x"), "Symbol(x)"],
    ["a function", function judge() {}, "[function judge]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), null],
    [
      "a map",
      new Map<unknown, unknown>([
        ["a", 1],
        [2, 3],
        [{}, 4],
      ]),
      { a: 1, "2": 3, "[key 2]": 4 },
    ],
    ["a set", new Set([1, "a"]), [1, "a"]],
    ["bytes", new Uint8Array(3), "[3 bytes]"],
    ["a buffer", Buffer.from("abc"), "[3 bytes]"],
    ["an array buffer", new ArrayBuffer(5), "[5 bytes]"],
    ["a data view", new DataView(new ArrayBuffer(2)), "[2 bytes]"],
    ["numbers in a typed array", Float64Array.of(1.5, Number.NaN), [1.5, "NaN"]],
    ["bigints in a typed array", BigInt64Array.of(7n), ["7"]],
    ["a regular expression", /a"b/g, '/a"b/g'],
    ["a promise", Promise.resolve(1), "[promise]"],
    ["boxed primitives", [new Number(1), new String("a"), new Boolean(false), Object(3n)], [1, "a", false, "3"]],
    ["a URL", new URL("https://x.io/a?b=1"), "https://x.io/a?b=1"],
    ["search parameters", new URLSearchParams("a=1&b=2"), { a: "1", b: "2" }],
    ["headers", new Headers({ accept: "x" }), { accept: "x" }],
    ["holes and undefined", Object.assign(new Array(3), { 1: undefined, 2: 1 }), [null, null, 1]],
    ["undefined properties", { a: undefined, b: 1 }, { b: 1 }],
    [
      "a class instance",
      new (class Order {
        id = 1;
        get total() {
          return 2;
        }
      })(),
      { id: 1 },
    ],
    ["a decimal object", { toJSON: () => "0.30" }, "0.30"],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["lone surrogates", "a\ud800b\udc00", "a\ufffdb\ufffd"],
  ])("%s", (_, value, expected) => {
    expect(bound(value)).toEqual(expected);
  });

  it("are errors with name, message, stack, code, cause and their own fields", () => {
    const error = Object.assign(new TypeError("bad", { cause: new Error("why") }), { code: "E1", retries: 2 });
    const data = bound(error) as Record<string, unknown>;
    expect(data).toMatchObject({ name: "TypeError", message: "bad", code: "E1", retries: 2 });
    expect(data.cause).toMatchObject({ name: "Error", message: "why" });
    expect(data.stack).toContain("TypeError: bad");
  });

  it("keep __proto__ as data and leave prototypes alone", () => {
    const data = bound(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect(Object.keys(data)).toEqual(["__proto__"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});

describe("hostile values", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const thrower = (): never => {
    throw new Error("no");
  };
  const trap = new Proxy({}, { ownKeys: thrower, get: thrower, getPrototypeOf: thrower, has: thrower });
  const looping: { toJSON(): unknown } = { toJSON: () => JSON.stringify(looping) };
  const chained = (): unknown => ({ toJSON: () => chained() });
  const nested = (): unknown => ({ toJSON: () => ({ again: nested() }) });
  class FakeMap extends Map {
    override get size(): number {
      throw new Error("no");
    }
  }

  it.each([
    [
      "a getter that throws",
      {
        get a() {
          return thrower();
        },
        b: 1,
      },
      { a: "[unreadable]", b: 1 },
    ],
    ["a proxy that throws", { p: trap, b: 1 }, { p: "[unreadable]", b: 1 }],
    ["a revoked proxy", [revoked.proxy], ["[unreadable]"]],
    ["a proxy of a map", new Proxy(new Map(), {}), "[unreadable]"],
    ["a map that lies about its size", { m: new FakeMap() }, { m: "[unreadable]" }],
    ["a toJSON that throws", { d: { toJSON: thrower } }, { d: "[unreadable]" }],
    ["a toJSON that never ends", { d: looping }, { d: "[unreadable]" }],
    ["a toJSON that returns another", chained(), { toJSON: "[function toJSON]" }],
    ["a date that is none", Object.create(Date.prototype), "[unreadable]"],
    ["a boxed value of a hostile class", Object.assign(new String("a"), { valueOf: () => ({}) }), "[unreadable]"],
    ["a toString that throws", { s: { toString: thrower, x: 1 } }, { s: { toString: "[function thrower]", x: 1 } }],
  ])("%s", (_, value, expected) => {
    expect(bound(value)).toEqual(expected);
  });

  it("are followed only so deep", () => {
    const json = JSON.stringify(bound(nested()));
    expect(json.match(/again/g)).toHaveLength(VALUE_LIMITS.depth);
    expect(json).toContain("[depth]");
  });

  it("may contain themselves, and the same object twice is not a cycle", () => {
    const order: Record<string, unknown> = { id: 1 };
    order.self = order;
    order.list = [order, { order }];
    expect(bound(order)).toEqual({ id: 1, self: "[circular]", list: ["[circular]", { order: "[circular]" }] });
    const shared = { a: 1 };
    expect(bound([shared, shared])).toEqual([shared, shared]);
    const viaJson = { toJSON: () => ({ inner: viaJson }) };
    expect(bound(viaJson)).toEqual({ inner: "[circular]" });
  });

  it("do not throw when the stack of the caller is all but used up", () => {
    const results: unknown[] = [];
    const dig = (): void => {
      try {
        dig();
      } catch {
        results.push(bound({ a: [1, { b: 2 }] }));
        throw new Error("up");
      }
    };
    expect(dig).toThrow();
    for (const result of results) expect([{ a: [1, { b: 2 }] }, "[unreadable]"]).toContainEqual(result);
  });
});

describe("limits", () => {
  it("cut a string at 4 KiB of UTF-8, on a code point, and say how much is missing", () => {
    for (const unit of ["a", "é", "価", "😀", "x😀"]) {
      const text = unit.repeat(3_000_000 / unit.length);
      const counters = { truncated: 0, redacted: 0 };
      const cut = boundValue(text, { redactor, counters }) as string;
      const [kept, missing] = cut.split("…[cut ") as [string, string];
      expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(4096);
      expect(new TextEncoder().encode(cut).length).toBeGreaterThan(4060);
      expect(text.startsWith(kept)).toBe(true);
      expect(kept.length + Number.parseInt(missing, 10)).toBe(text.length);
      expect(cut.isWellFormed()).toBe(true);
      expect(counters.truncated).toBe(1);
    }
  });

  it("keep a string of exactly 4 KiB and cut one that is a byte longer", () => {
    expect(bound("a".repeat(4096))).toBe("a".repeat(4096));
    expect(bound("a".repeat(4097))).toMatch(/a…\[cut 26\]$/);
    expect(bound("é".repeat(2048))).toBe("é".repeat(2048));
    expect(bound(`${"é".repeat(2048)}a`)).toMatch(/…\[cut \d+\]$/);
  });

  it("keep 256 items and 256 properties and count the rest", () => {
    const list = bound(Array.from({ length: 1000 }, (_, i) => i)) as unknown[];
    expect(list).toHaveLength(257);
    expect(list.at(-1)).toBe("…[cut 744]");
    const record = bound(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]))) as object;
    expect(Object.keys(record)).toHaveLength(257);
    expect(record).toMatchObject({ k0: 0, k255: 255, "…": "[cut 744]" });
    expect(bound(new Array(4_000_000_000))).toHaveLength(257);
    expect((bound(new Set(Array.from({ length: 300 }, (_, i) => i))) as unknown[]).at(-1)).toBe("…[cut 44]");
    expect(bound(new Map(Array.from({ length: 300 }, (_, i) => [i, i])))).toMatchObject({ "…": "[cut 44]" });
  });

  it("keep eight containers inside each other", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(JSON.stringify(bound(deep))).toBe('[[[[[[[["[depth]"]]]]]]]]');
  });

  it("keep 64 KiB of an event, however it is made", () => {
    const wide = Array.from({ length: 256 }, () => "x".repeat(4000));
    const escapes = Array.from({ length: 256 }, () => "\u0001".repeat(4000));
    const names = Object.fromEntries(
      Array.from({ length: 256 }, (_, i) => [`${"\u0001".repeat(250)}${i}`, "\u0001".repeat(4000)]),
    );
    let bushy: unknown = "leaf of a bush";
    for (let i = 0; i < 8; i++) bushy = Array.from({ length: 100 }, () => bushy);
    for (const value of [wide, escapes, names, bushy, "\u0001".repeat(9999), { a: wide, b: wide }]) {
      const counters = { truncated: 0, redacted: 0 };
      const bytes = bytesOf(boundValue(value, { redactor, counters }));
      expect(bytes).toBeLessThanOrEqual(65_536);
      expect(counters.truncated).toBeGreaterThan(0);
    }
    expect(bytesOf(bound(wide))).toBeGreaterThan(60_000);
  });

  it("can be changed, and wrong ones throw with the range", () => {
    expect(boundValue([1, 2, 3], { redactor, limits: { items: 2 } })).toEqual([1, 2, "…[cut 1]"]);
    expect(() => boundValue(1, { redactor, limits: { depth: 0 } })).toThrow(
      "limits.depth is 0; it must be an integer from 1 to 32",
    );
    expect(() => boundValue(1, { redactor, limits: { stringBytes: Number.NaN } })).toThrow(RangeError);
  });
});

describe("redaction", () => {
  it("is counted, and flags and empty values under secret names stay", () => {
    const counters = { truncated: 0, redacted: 0 };
    const value = { secret: "a", api_key: { a: 1 }, note: "token=abc12345", has_token: true, password: null, pwd: "" };
    expect(boundValue(value, { redactor, counters })).toEqual({
      secret: "[REDACTED]",
      api_key: "[REDACTED]",
      note: "token=[REDACTED]",
      has_token: true,
      password: null,
      pwd: "",
    });
    expect(counters).toEqual({ truncated: 0, redacted: 3 });
  });
});
