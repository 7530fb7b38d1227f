import { createRedactor } from "@tracebook/core";
import { createJsonWriter, type EventKind } from "@tracebook/core/extension";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInstance, KINDS, NOON, REJECT } from "../test/records.ts";
import { boundInstant } from "./journal-layout.ts";
import { LineEncoder } from "./line-encoder.ts";

const out = createJsonWriter({ redactor: createRedactor() });
const encoder = new LineEncoder(out, "a-1");
const instance = createInstance("a-1");

function encode(kind: EventKind, payload: unknown, fields = {}, epochMicros = NOON): string {
  out.reset();
  encoder.encode(instance.record(kind, payload, fields), boundInstant(epochMicros));
  return Buffer.from(out.bytes.subarray(0, out.length)).toString("utf8");
}

const parse = (line: string) => JSON.parse(line) as Record<string, unknown> & { data: Record<string, unknown> };

describe("a journal line", () => {
  it("has the fields of a record in the promised order and ends in one newline", () => {
    const line = encode(KINDS.decision, REJECT, { seq: 42 }, NOON + 789_012);
    expect(line).toBe(
      '{"seq":42,"instance_id":"a-1","event_type":"decision","timestamp":"2026-11-20T12:00:00.789012Z","run_id":"run-1",' +
        '"trace_id":"0af7651a16cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","symbol":"BTC/USDT",' +
        `"data":${JSON.stringify(REJECT)}}\n`,
    );
  });

  it("leaves out what a record does not have", () => {
    const line = encode(KINDS.signal, { a: 1 }, { seq: 7, traced: false, symbol: undefined });
    expect(line).toBe(
      '{"seq":7,"instance_id":"a-1","event_type":"signal","timestamp":"2026-11-20T12:00:00.000000Z","run_id":"run-1","data":{"a":1}}\n',
    );
  });

  it("leaves out the span of a record that was only given a trace id", () => {
    const line = parse(encode(KINDS.signal, {}, { span0: 0, span1: 0 }));
    expect(line["trace_id"]).toBe("0af7651a16cd43dd8448eb211c80319c");
    expect(line).not.toHaveProperty("span_id");
  });

  it("follows changes of run, symbol, kind and second", () => {
    const seen = [
      encode(KINDS.signal, {}, { runId: "r1", symbol: "A" }, NOON + 999_999),
      encode(KINDS.decision, {}, { runId: "r2", symbol: "B" }, NOON + 1_000_000),
      encode(KINDS.signal, {}, { runId: "r1", symbol: "A" }, NOON),
    ].map((line) => {
      const { run_id, symbol, event_type, timestamp } = parse(line);
      return [run_id, symbol, event_type, timestamp];
    });
    expect(seen).toEqual([
      ["r1", "A", "signal", "2026-11-20T12:00:00.999999Z"],
      ["r2", "B", "decision", "2026-11-20T12:00:01.000000Z"],
      ["r1", "A", "signal", "2026-11-20T12:00:00.000000Z"],
    ]);
  });

  it("has six digits and Z at any instant, with the digits of the clock", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2150, 0) * 1000 }), (micros) => {
        const { timestamp } = parse(encode(KINDS.signal, {}, {}, micros));
        const iso = new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1);
        return timestamp === `${iso}${String(micros % 1000).padStart(3, "0")}Z`;
      }),
    );
  });

  it.each([Number.MAX_SAFE_INTEGER * 1000, Number.NaN, -1, -62_167_219_200_000_000 * 2])(
    "stays well formed at the instant %d, which no calendar here holds",
    (micros) => {
      expect(parse(encode(KINDS.signal, {}, {}, micros))["timestamp"]).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/,
      );
    },
  );

  it("is one line that parses back to the same strings, whatever they hold", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\n", "\u2028", "\u001b[31m", "\ud800", "\0", '"}\n{"'),
    );
    fc.assert(
      fc.property(text, text, (symbol, value) => {
        const line = encode(KINDS.signal, { value }, { symbol });
        expect(line.indexOf("\n")).toBe(line.length - 1);
        const record = parse(line);
        expect(record["symbol"]).toBe(symbol.toWellFormed());
        expect(record.data["value"]).toBe(value.toWellFormed());
      }),
    );
  });

  it("survives any payload that fast-check can think of", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (payload) => {
          expect(typeof parse(encode(KINDS.signal, payload)).data).toBe("object");
        },
      ),
      { numRuns: 300 },
    );
  });

  const cyclic: Record<string, unknown> = { name: "cyclic" };
  cyclic["self"] = cyclic;
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  it.each<[string, unknown]>([
    ["a cyclic object", cyclic],
    ["a revoked proxy", proxy],
    [
      "a getter that throws",
      Object.defineProperty({}, "x", {
        enumerable: true,
        get: () => {
          throw new Error("no");
        },
      }),
    ],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("no");
        },
      },
    ],
    ["ten thousand fields", Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]))],
    ["a text of 5 MB", { text: "x".repeat(5_000_000) }],
    ["a big integer", { value: 12345678901234567890n }],
    ["nothing", undefined],
    ["an array", [1, 2]],
    ["NaN", { value: Number.NaN }],
  ])("writes %s as a record with data that is an object, within the limit of a line", (_name, payload) => {
    const line = encode(KINDS.signal, payload);
    const { data } = parse(line);
    expect(data).toBeTypeOf("object");
    expect(Array.isArray(data)).toBe(false);
    expect(line.length).toBeLessThan(1_100_000);
  });

  it("says what went wrong in place of data that cannot be written", () => {
    const throwing: EventKind = {
      ...KINDS.signal,
      writeData: (_payload, _record, json) => {
        json.raw('{"a":');
        throw new Error("no");
      },
    };
    expect(parse(encode(throwing, {})).data).toEqual({ data_error: "unreadable" });
    const endless: EventKind = {
      ...KINDS.signal,
      writeData: (_payload, _record, json) => {
        for (;;) {
          json.raw("x".repeat(100_000));
          if ((json as typeof out).overflowed) return;
        }
      },
    };
    expect(parse(encode(endless, {})).data).toEqual({ data_error: "too_large" });
    const list: EventKind = { ...KINDS.signal, writeData: (_payload, _record, json) => json.raw("[]") };
    expect(parse(encode(list, {})).data).toEqual({ data_error: "not_an_object" });
  });

  it("holds no secret", () => {
    const line = encode(KINDS.signal, { apiKey: "k3y-0123456789", url: "https://x.test/?signature=c0ffee&a=1" });
    expect(line).not.toMatch(/k3y-0123456789|c0ffee/);
  });
});
