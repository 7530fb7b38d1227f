// Protobuf as senders may write it, and as they may not.
import { parseTimestamp } from "@tracebook/core";
import { describe, expect, it } from "vitest";
import { delimited, nested, tag, varint } from "../../../exporters/test/wire-bytes.ts";
import { OtlpError } from "./otlp-error.ts";
import { NOW_MICROS, readLogs, readMetrics, readSpans } from "./testdata/stock-bodies.ts";

const text = (number: number, value: string) => delimited(number, Buffer.from(value));
const anyText = (number: number, value: string) => delimited(number, text(1, value));
const attribute = (number: number, key: string, value: string) => delimited(number, text(1, key), anyText(2, value));
const inRequest = (...scoped: Uint8Array[]) => delimited(1, delimited(2, ...scoped));
const logWith = (...fields: Uint8Array[]) => inRequest(delimited(2, ...fields));
const fixed64 = (number: number, value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([tag(number, 1), bytes]);
};
const double = (number: number, value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, 1), bytes]);
};
const bytes = (...all: number[]) => Buffer.from(all);

/** The time of a log record, of which one byte is there. */
const LOG_CUT = delimited(2, bytes(0x09, 1));

function dataOf(body: Uint8Array) {
  return readLogs(body, "protobuf").items[0]?.data;
}

function errorOf(body: Uint8Array): OtlpError {
  try {
    readLogs(body, "protobuf");
  } catch (error) {
    if (error instanceof OtlpError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("a body in protobuf", () => {
  it("may be empty", () => {
    expect(readLogs(bytes(), "protobuf")).toStrictEqual({ items: [], accepted: 0, rejected: 0, message: undefined });
    expect(readLogs(logWith(), "protobuf").items).toMatchObject([{ eventType: "log", data: {} }]);
  });

  it("may be part of a larger buffer, of which nothing else is read", () => {
    const body = logWith(text(12, "a.b"));
    const larger = Buffer.concat([bytes(0xff, 0xff), body, bytes(0x0a, 0x7f)]);
    expect(readLogs(larger.subarray(2, 2 + body.length), "protobuf").items[0]!.eventType).toBe("a.b");
    expect(readLogs(new Uint8Array(body), "protobuf").items[0]!.eventType).toBe("a.b");
  });

  it("may have fields that are not known, of any type that there is", () => {
    const unknown = [
      Buffer.concat([tag(3_000, 0), varint(2 ** 40)]),
      fixed64(3_001, 1n),
      text(2 ** 28, "x"),
      Buffer.concat([tag(3_003, 5), bytes(1, 2, 3, 4)]),
      // A known field, in a type that it has not.
      fixed64(12, 1n),
    ];
    expect(dataOf(logWith(...unknown, attribute(6, "a", "b"), ...unknown))).toStrictEqual({ a: "b" });
  });

  it("may have its resource and its scope behind the items", () => {
    const resource = delimited(1, attribute(1, "service.name", "bot"));
    const scope = delimited(1, text(1, "scope"));
    const ids = [delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 1))];
    const body = delimited(1, delimited(2, delimited(2, ...ids), scope), resource);
    expect(readSpans(body, "protobuf").items).toMatchObject([{ source: { serviceName: "bot" }, scope: "scope" }]);
  });

  it("may have the name of a metric and its temporality behind its points", () => {
    const sum = delimited(7, delimited(1, double(4, 1.5)), tag(2, 0), varint(2), tag(3, 0), varint(1));
    const { items } = readMetrics(inRequest(delimited(2, sum, text(1, "late"))), "protobuf");
    expect(items).toMatchObject([{ type: "sum", name: "late", value: 1.5, isCumulative: true, isMonotonic: true }]);
  });

  it("may have lists of numbers packed, and one by one", () => {
    const counts = [fixed64(6, 1n), fixed64(6, 2n)];
    const packed = delimited(7, double(1, 0.5).subarray(1));
    const histogram = (...fields: Uint8Array[]) =>
      readMetrics(inRequest(delimited(2, text(1, "m"), delimited(9, delimited(1, ...fields)))), "protobuf").items;
    expect(histogram(...counts, packed)).toMatchObject([{ bounds: [0.5], bucketCounts: [1, 2] }]);
    expect(histogram(...counts, double(7, 0.5))).toMatchObject([{ bounds: [0.5], bucketCounts: [1, 2] }]);
    const positive = delimited(8, tag(1, 0), varint(3), tag(2, 0), varint(7));
    const exponential = delimited(10, delimited(1, positive, tag(6, 0), varint(0)));
    const { items } = readMetrics(inRequest(delimited(2, text(1, "m"), exponential)), "protobuf");
    // Zigzag: 3 is -2.
    const [point] = items;
    const filled = point?.type === "histogram" ? point.bucketCounts.indexOf(7) : -1;
    expect(point).toMatchObject({ bounds: expect.objectContaining({ [filled]: 0.5 }) });
  });

  it("may leave out any field, which is not that of the item before then", () => {
    const times = [fixed64(1, 5_000n), fixed64(11, 6_000n)];
    const logs = inRequest(delimited(2, ...times), delimited(2), delimited(2, ...times.slice(1)));
    const micros = readLogs(logs, "protobuf").items.map(({ timestamp }) => parseTimestamp(timestamp));
    expect(micros).toStrictEqual([5, NOW_MICROS, 6]);
    const ids = [delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 1))];
    const full = [...ids, fixed64(7, 1_007n), fixed64(8, 3_009n)];
    const { items } = readSpans(inRequest(delimited(2, ...full), delimited(2, ...ids)), "protobuf");
    expect(items).toMatchObject([
      { startMicros: 1, startNanosRest: 7, durationNanos: 2_002 },
      { startMicros: NOW_MICROS, startNanosRest: 0, durationNanos: 0 },
    ]);
  });

  it("of two values or two names has the last", () => {
    const twice = delimited(6, text(1, "a"), anyText(2, "x"), text(1, "b"), anyText(2, "y"));
    expect(dataOf(logWith(twice, attribute(6, "b", "z")))).toStrictEqual({ b: "z" });
    expect(dataOf(logWith(attribute(6, "trading.f", "1"), attribute(6, "f", "2")))).toStrictEqual({ f: "2" });
  });

  it("has U+FFFD for what is no UTF-8", () => {
    const broken = delimited(6, delimited(1, bytes(0x6b, 0xff)), delimited(2, delimited(1, bytes(0xc3, 0x28, 0xe2))));
    expect(dataOf(logWith(broken))).toStrictEqual({ "k\ufffd": "\ufffd(\ufffd" });
  });

  it("has texts that are alike told apart", () => {
    const all = Array.from({ length: 3_000 }, (_, i) => `${"a".repeat(i % 41)}${i % 7}${"b".repeat(i % 5)}${i}`);
    const body = inRequest(...all.map((one) => delimited(2, attribute(6, one, `${one}!`))));
    const read = readLogs(body, "protobuf").items.map(({ data }) => data);
    expect(read).toStrictEqual(all.map((one) => ({ [one]: `${one}!` })));
  });

  it("has integers of 64 bits, negative ones too", () => {
    const int = (...varints: number[]) => delimited(6, text(1, "a"), delimited(2, tag(3, 0), bytes(...varints)));
    const ff = new Array<number>(9).fill(0xff);
    expect(dataOf(logWith(int(...ff, 0x01)))).toStrictEqual({ a: -1 });
    expect(dataOf(logWith(int(...ff.with(0, 0x80), 0x00)))).toStrictEqual({ a: "9223372036854775680" });
    expect(dataOf(logWith(int(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10)))).toStrictEqual({
      a: "9007199254740992",
    });
  });
});

describe("a body that is none", () => {
  it.each([
    ["a length beyond the body", bytes(0x0a, 0x05, 0x00), "goes on behind the end of its message"],
    ["a length of 2^64 - 1", bytes(0x0a, ...new Array(9).fill(0xff), 0x01), "goes on behind the end"],
    ["a length that is cut", bytes(0x0a, 0xff), "a number that does not end"],
    ["a message longer than the one around it", delimited(1, bytes(0x12, 0x20)), "goes on behind the end"],
    ["a number of eleven bytes", bytes(0x10, ...new Array(10).fill(0x80), 0x00), "a number that does not end"],
    ["a number over the end of its message", bytes(0x0a, 0x02, 0x10, 0x80, 0x01), "a message ends within a field"],
    ["eight bytes over the end of the body", bytes(0x11, 0, 0, 0), "the body ends within a number"],
    ["eight bytes over the end of a message", Buffer.concat([logWith(bytes(0x09, 1)), text(99, "more")]), "within a"],
    ["eight bytes up to the end of the next message", inRequest(LOG_CUT, delimited(2, text(12, "abc"))), "within a"],
    ["four bytes over the end of the body", bytes(0x15, 0), "the body ends within a number"],
    ["the beginning of a group", bytes(0x0b), "wire type 3"],
    ["the end of a group", bytes(0x0c), "wire type 4"],
    ["a wire type that there is not", bytes(0x0f), "wire type 7"],
    ["field number 0", bytes(0x02, 0x00), "a field has a number that there is not at byte 0"],
    ["field number 2^32", bytes(0x82, 0x80, 0x80, 0x80, 0x80, 0x01), "a field has a number that there is not"],
    ["JSON", Buffer.from('{"resourceLogs":[]}'), "wire type 3"],
  ])("has %s", (_what, body, why) => {
    const error = errorOf(body);
    expect(error.code).toBe("malformed_otlp");
    expect(error.message).toContain(why);
    expect(error.message).toMatch(/ at byte \d+\. Send an export request/);
  });

  it("gives none of its items, although the first are good", () => {
    const body = Buffer.concat([logWith(text(12, "good")), bytes(0x0a, 0x7f)]);
    expect(errorOf(body).message).toContain(`at byte ${body.length - 1}.`);
  });
});

describe("values that are nested", () => {
  const value = (fields: number[], depth: number) => logWith(delimited(5, nested(fields, depth, bytes())));

  it.each([
    ["lists", [5, 1]],
    ["objects", [6, 1, 2]],
  ])("may be 32 %s deep", (_what, fields) => {
    expect(JSON.stringify(dataOf(value(fields, 32)))).toMatch(/null|""/);
    expect(errorOf(value(fields, 33))).toMatchObject({ code: "too_deep" });
    expect(errorOf(value(fields, 20_000))).toMatchObject({ code: "too_deep" });
    expect(readLogs(value(fields, 2), "protobuf", { maxDepth: 2 }).items).toHaveLength(1);
    expect(() => readLogs(value(fields, 3), "protobuf", { maxDepth: 2 })).toThrow("nested too deeply");
  });

  it("are passed over unread where nobody asked for them", () => {
    expect(dataOf(logWith(delimited(99, nested([5, 1], 10_000, bytes()))))).toStrictEqual({});
  });
});
