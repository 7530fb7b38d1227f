import { describe, expect, it } from "vitest";
import { boundValue } from "./bound-value.ts";
import { type ByteJsonWriter, type ByteJsonWriterOptions, createJsonWriter } from "./byte-json-writer.ts";
import { createRedactor } from "./redaction.ts";

const redactor = createRedactor();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const make = (options: Partial<ByteJsonWriterOptions> = {}): ByteJsonWriter =>
  createJsonWriter({ redactor, ...options });
const textOf = (out: ByteJsonWriter): string => decoder.decode(out.bytes.subarray(0, out.length));
function written(write: (out: ByteJsonWriter) => void): string {
  const out = make({ initialBytes: 64 });
  write(out);
  return textOf(out);
}

describe("what is written", () => {
  it("is the fragment as given, of any length", () => {
    for (const fragment of ["", ",", ',"net_edge":', `,"${"n".repeat(300)}":`]) {
      expect(written((out) => out.raw(fragment))).toBe(fragment);
    }
    expect(written((out) => out.raw("é,"))).toBe("é,");
    expect(written((out) => out.byte(0x5b))).toBe("[");
  });

  it("is a plain string in quotes, and still JSON when it was not plain", () => {
    for (const text of ["", "1.20", "a".repeat(31), "a".repeat(32), "a".repeat(33), "b".repeat(5000)]) {
      expect(written((out) => out.plain(text))).toBe(`"${text}"`);
    }
    for (const text of ['a"b', "a\nb", `${"x".repeat(50)}\\`, "é", `${"x".repeat(40)}😀`]) {
      expect(JSON.parse(written((out) => out.plain(text)))).toBe(text);
    }
  });

  it("is an escaped string on one line, without what terminals obey", () => {
    const text = '"\\/\b\f\n\r\t\u0000\u001b[2J\u007f\u009b1m\u2028\u2029é価😀';
    const json = written((out) => out.string(text));
    expect(JSON.parse(json)).toBe(text);
    expect(json).toBe('"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001b[2J\\u007f\\u009b1m\\u2028\\u2029é価😀"');
    expect(written((out) => out.string("a\ud83d\udc00b\ude00\ud83d"))).toBe('"a\u{1f400}b\ufffd\ufffd"');
  });

  it.each([
    0,
    1,
    9,
    10,
    99,
    4294967295,
    4294967296,
    1e9,
    999999999,
    1e15,
    2 ** 53 - 1,
    -1,
    -42,
    0.1,
    -1.5e-7,
    1e21,
    1.7976931348623157e308,
    5e-324,
  ])("is the number %d as JSON has it", (value) => {
    expect(written((out) => out.number(value))).toBe(JSON.stringify(value));
    expect(written((out) => out.uint(value))).toBe(JSON.stringify(value));
  });

  it("is null for numbers that JSON does not have, and 0 for -0", () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) expect(written((out) => out.number(value))).toBe("null");
    expect(written((out) => out.number(-0))).toBe("0");
  });

  it("is words as lower-case hex, from the place that is asked for", () => {
    const words = new Int32Array([-559038737, 0, 1, 0x7fffffff]);
    expect(written((out) => out.hex(words, 0, 4))).toBe('"deadbeef00000000000000017fffffff"');
    expect(written((out) => out.hex([0, 0xcafe], 1, 1))).toBe('"0000cafe"');
  });

  it("is the bounded value", () => {
    const value = { a: [1, "x\u2028", null, true], b: { c: -0.5 }, d: 2n, apiKey: "x" };
    expect(JSON.parse(written((out) => out.value(value)))).toEqual(boundValue(value, { redactor }));
    expect(written((out) => out.value([]))).toBe("[]");
    expect(written((out) => out.value({}))).toBe("{}");
    expect(written((out) => out.value(undefined))).toBe("null");
  });
});

describe("hostile values", () => {
  it("leave valid JSON and count what was cut", () => {
    const out = make();
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const values = [deep, trap, cyclic, "a".repeat(5_000_000), Array(10_000).fill("b".repeat(5000)), 10n ** 5000n];
    for (const value of values) {
      const start = out.mark();
      out.value(value);
      JSON.parse(decoder.decode(out.bytes.subarray(start, out.length)));
      expect(out.length - start).toBeLessThanOrEqual(65_536);
      out.byte(0x0a);
    }
    expect(out.truncated).toBeGreaterThanOrEqual(4);
    expect(textOf(out).split("\n")).toHaveLength(values.length + 1);
  });

  it("cost a string of 5 MB no more than its limit", () => {
    const out = make();
    out.string("价".repeat(5_000_000));
    expect(out.length).toBeLessThanOrEqual(4098);
    expect(JSON.parse(textOf(out))).toMatch(/价…\[cut \d+\]$/);
    expect(out.truncated).toBe(1);
  });
});

describe("a record", () => {
  it("holds at most eventBytes in strings and values, and stays JSON", () => {
    const out = make();
    for (let line = 0; line < 3; line++) {
      const start = out.mark();
      out.raw('{"list":[0');
      for (let i = 0; i < 60; i++) {
        out.raw(",");
        out.string("x\u0001".repeat(2000));
        out.raw(",");
        out.value({ a: "y".repeat(4000) });
      }
      out.raw("]}\n");
      expect(out.length - start).toBeLessThan(65_536 + 60 * 400);
      const record = JSON.parse(decoder.decode(out.bytes.subarray(start, out.length))) as { list: unknown[] };
      expect(record.list).toHaveLength(121);
    }
    expect(out.overflowed).toBe(false);
  });

  it.each([
    ["a fragment that ends in a newline", (out: ByteJsonWriter) => out.raw("\n")],
    ["a long fragment that ends in a newline", (out: ByteJsonWriter) => out.raw(`${" ".repeat(40)}\n`)],
    ["a newline", (out: ByteJsonWriter) => out.byte(0x0a)],
    ["a mark", (out: ByteJsonWriter) => void out.mark()],
    ["a reset", (out: ByteJsonWriter) => out.reset()],
  ])("begins after %s: earlier records use up nothing", (_, begin) => {
    const out = make();
    for (let i = 0; i < 40; i++) {
      out.string("z".repeat(4000));
      begin(out);
    }
    expect(out.truncated).toBe(0);
  });

  it("can be taken back", () => {
    const out = make();
    out.raw("[1");
    const at = out.mark();
    out.raw(",2,3");
    out.rewind(at);
    out.raw("]");
    expect(textOf(out)).toBe("[1]");
    out.rewind(99);
    out.rewind(-1);
    out.rewind(Number.NaN);
    expect(textOf(out)).toBe("[1]");
    out.reset();
    expect(out.length).toBe(0);
  });
});

describe("the buffer", () => {
  it("grows to its bound and keeps what was written", () => {
    const out = make({ initialBytes: 64, maxBytes: 131_072 });
    const lines: string[] = [];
    while (out.length < 120_000) {
      lines.push(`"${"q".repeat(lines.length % 90)}"`);
      out.plain("q".repeat((lines.length - 1) % 90));
      out.byte(0x0a);
    }
    expect(textOf(out)).toBe(`${lines.join("\n")}\n`);
    expect(out.bytes.length).toBe(131_072);
  });

  it.each([
    ["a fragment", (out: ByteJsonWriter) => out.raw("r".repeat(50_000))],
    ["a plain string", (out: ByteJsonWriter) => out.plain("p".repeat(50_000))],
    ["an escaped string", (out: ByteJsonWriter) => out.plain("\u0001".repeat(50_000))],
    ["a value", (out: ByteJsonWriter) => out.value({ a: 1 })],
    ["hex", (out: ByteJsonWriter) => out.hex(new Int32Array(9000), 0, 9000)],
  ])("that is full takes nothing of %s and nothing after it, until it is rewound", (_, write) => {
    const out = make({ initialBytes: 64, maxBytes: 131_072 });
    out.raw("x".repeat(40_000));
    out.raw("x".repeat(31_072));
    const at = out.mark();
    write(out);
    expect(out.overflowed).toBe(true);
    out.byte(0x31);
    out.number(-5);
    out.string("a");
    expect(out.length).toBe(at);
    out.rewind(at);
    expect(out.overflowed).toBe(false);
    out.raw("]");
    expect(out.length).toBe(at + 1);
  });

  it("has sizes that are checked", () => {
    expect(() => make({ initialBytes: 1 })).toThrow("initialBytes is 1; it must be an integer from 64 to 8388608");
    expect(() => make({ maxBytes: Number.NaN })).toThrow(RangeError);
    expect(() => make({ limits: { eventBytes: 1 } })).toThrow(/limits.eventBytes is 1/);
  });
});
