import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delimited, nested, tag, varint } from "../../test/wire-bytes.ts";
import { decodeLogRecords } from "./log-record-decoder.ts";
import { decodeMetrics } from "./metric-decoder.ts";
import type { OtlpDecodeErrorCode } from "./otlp-decode-error.ts";
import { decodeSpans } from "./span-decoder.ts";
import { MAX_MESSAGE_DEPTH, WireReader } from "./wire-reader.ts";

/** What `read` makes of the only field of a message. */
function readOne<Value>(bytes: Uint8Array, read: (wire: WireReader) => Value): Value {
  const draft = new WireReader(bytes).fields<{ value?: Value }>(
    {
      1: (to, wire) => {
        to.value = read(wire);
      },
    },
    {},
  );
  return draft.value as Value;
}

function eightBytes(write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(8);
  write(bytes);
  return Buffer.concat([tag(1, 1), bytes]);
}

function varint64(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function refusal(code: OtlpDecodeErrorCode) {
  return expect.objectContaining({ name: "OtlpDecodeError", code });
}

/** A request with one log record, whose fields are given. */
function logRequest(...fields: readonly Uint8Array[]): Buffer {
  return delimited(1, delimited(2, delimited(2, ...fields)));
}

describe("numbers on the wire", () => {
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

  it("of 64 bits become the nearest number, signed and unsigned, as varints and as eight bytes", () => {
    fc.assert(
      fc.property(uint64, int64, (unsigned, signed) => {
        const varintOf = (value: bigint): Buffer => Buffer.concat([tag(1, 0), varint64(value)]);
        expect(readOne(varintOf(unsigned), (wire) => wire.uint())).toBe(Number(unsigned));
        expect(readOne(varintOf(signed), (wire) => wire.int64())).toBe(Number(signed));
        const fixed = eightBytes((bytes) => bytes.writeBigUInt64LE(unsigned));
        expect(readOne(fixed, (wire) => wire.fixed64())).toBe(Number(unsigned));
        const sfixed = eightBytes((bytes) => bytes.writeBigInt64LE(signed));
        expect(readOne(sfixed, (wire) => wire.sfixed64())).toBe(Number(signed));
      }),
      { numRuns: 2_000 },
    );
  });

  it("that are times are exact to the nanosecond", () => {
    fc.assert(
      fc.property(uint64, (nanos) => {
        const bytes = eightBytes((to) => to.writeBigUInt64LE(nanos));
        const [seconds, rest] = readOne(bytes, (wire) => wire.time());
        expect([BigInt(seconds), BigInt(rest)]).toEqual([nanos / 1_000_000_000n, nanos % 1_000_000_000n]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("in zigzag keep their sign", () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const zigzag = BigInt.asUintN(32, (BigInt(value) << 1n) ^ BigInt(value >> 31));
        expect(readOne(Buffer.concat([tag(1, 0), varint64(zigzag)]), (wire) => wire.sint32())).toBe(value);
      }),
    );
  });

  it("may be packed or come one by one", () => {
    const read = (bytes: Uint8Array): number[] => {
      const values: number[] = [];
      return new WireReader(bytes).fields({ 1: (to: number[], wire) => wire.uints(to) }, values);
    };
    expect(read(delimited(1, varint(1), varint(300), varint(2 ** 40)))).toEqual([1, 300, 2 ** 40]);
    expect(read(Buffer.concat([tag(1, 0), varint(1), tag(1, 0), varint(300)]))).toEqual([1, 300]);
  });
});

describe("a message", () => {
  it("may have fields that nobody knows yet, of every wire type", () => {
    const unknown = Buffer.concat([
      Buffer.concat([tag(1_000, 0), varint(7)]),
      Buffer.concat([tag(1_001, 1), Buffer.alloc(8)]),
      delimited(1_002, Buffer.from("whatever")),
      Buffer.concat([tag(1_003, 5), Buffer.alloc(4)]),
    ]);
    const [record] = decodeLogRecords(logRequest(unknown, delimited(12, Buffer.from("fill")), unknown));
    expect(record?.eventName).toBe("fill");
  });

  it("in a part of a larger buffer is read from there", () => {
    const request = logRequest(delimited(12, Buffer.from("fill")));
    const padded = Buffer.concat([Buffer.alloc(3, 0xff), request, Buffer.alloc(3, 0xff)]);
    expect(decodeLogRecords(padded.subarray(3, -3))).toHaveLength(1);
  });

  it("gives bytes that stay what they are when the request is overwritten", () => {
    const request = logRequest(delimited(5, delimited(7, Buffer.from([1, 2, 3]))));
    const [record] = decodeLogRecords(request);
    request.fill(0);
    expect(record?.body).toEqual(new Uint8Array([1, 2, 3]));
    expect(Buffer.isBuffer(record?.body)).toBe(false);
  });

  it.each([
    ["a length of 2^31", Buffer.concat([tag(1, 2), varint(2 ** 31)]), "truncated"],
    ["a length of 2^63", Buffer.concat([tag(1, 2), varint64(2n ** 63n)]), "truncated"],
    ["a field that goes on behind its message", delimited(1, tag(2, 2), varint(5), Buffer.from("ab")), "truncated"],
    ["a number that does not end", Buffer.concat([tag(7, 0), Buffer.from([0x80, 0x80])]), "truncated"],
    ["four of eight bytes", Buffer.concat([tag(7, 1), Buffer.alloc(4)]), "truncated"],
    ["a number of eleven bytes", Buffer.concat([tag(7, 0), Buffer.alloc(10, 0x80), Buffer.from([1])]), "malformed"],
    ["a field number of 0", Buffer.from([0x02, 0x00]), "malformed"],
    ["a field number of 36 bits", Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]), "malformed"],
    ["a group", Buffer.concat([tag(7, 3), tag(7, 4)]), "malformed"],
    ["a wire type that there is not", tag(7, 7), "malformed"],
    ["a number for a message", Buffer.concat([tag(1, 0), varint(5)]), "malformed"],
    ["text", Buffer.from('{"resourceSpans":[]}'), "malformed"],
  ] as const)("with %s is refused by every decoder", (_, bytes, code) => {
    for (const decode of [decodeSpans, decodeLogRecords, decodeMetrics])
      expect(() => decode(bytes)).toThrow(refusal(code));
  });

  it("of a name that JavaScript has a meaning for is data", () => {
    const hostile = delimited(2, delimited(6, pair("polluted", delimited(1, Buffer.from("yes")))));
    const list = delimited(2, delimited(5, delimited(1, delimited(1, Buffer.from("a")))));
    const request = delimited(
      1,
      delimited(
        1,
        pairOf(1, "__proto__", hostile),
        pairOf(1, "__proto__", list),
        pairOf(1, "service.name", delimited(2, delimited(1))),
      ),
      delimited(2, delimited(2, pairOf(6, "__proto__", hostile), pairOf(6, "constructor", hostile))),
    );
    const [record] = decodeLogRecords(request);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(record!.attributes)).toEqual(["__proto__", "constructor"]);
    expect(Object.getOwnPropertyDescriptor(record!.attributes, "__proto__")?.value).toEqual({ polluted: "yes" });
    for (const held of [record!.attributes, record!.resource.attributes])
      expect(Object.getPrototypeOf(held)).toBe(Object.prototype);
    expect(Object.keys(record!.resource.attributes)).toEqual(["service.name"]);
  });
});

describe("values within values", () => {
  const ANY_IN_ARRAY = [5, 1];

  it("come back as deep as any receiver takes them", () => {
    let body: unknown = "ground";
    for (let i = 0; i < 100; i++) body = i % 2 === 0 ? [body] : { in: body };
    const record = {
      hrTime: [1, 2] as [number, number],
      hrTimeObserved: [3, 4] as [number, number],
      body,
      attributes: {},
      droppedAttributesCount: 0,
      resource: resourceFromAttributes({}),
      instrumentationScope: { name: "test" },
    };
    const [decoded] = decodeLogRecords(ProtobufLogsSerializer.serializeRequest([record])!);
    expect(decoded?.body).toEqual(body);
  });

  it("are read up to the limit, also where the stack is half used up, and refused beyond it", () => {
    // Request, resource, scope and record are messages already, and the field of the body is one.
    const levels = (MAX_MESSAGE_DEPTH - 4) / 2;
    const at = (depth: number): Buffer => logRequest(delimited(5, nested(ANY_IN_ARRAY, depth, Buffer.alloc(0))));
    const onDeepStack = (frames: number): number =>
      frames === 0 ? decodeLogRecords(at(levels)).length : onDeepStack(frames - 1) + 0;
    expect(onDeepStack(4_000)).toBe(1);
    expect(() => decodeLogRecords(at(levels + 1))).toThrow(refusal("too_deep"));
    expect(() => decodeLogRecords(at(100_000))).toThrow(refusal("too_deep"));
  });
});

/** A `KeyValue` as the content of a list of them. */
function pair(key: string, value: Uint8Array): Buffer {
  return pairOf(1, key, delimited(2, value));
}

function pairOf(number: number, key: string, value: Uint8Array): Buffer {
  return delimited(number, delimited(1, Buffer.from(key)), value);
}
