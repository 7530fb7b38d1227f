// OTLP/JSON as senders may write it, and as they may not.
import { describe, expect, it } from "vitest";
import { OtlpError } from "./otlp-error.ts";
import { BODIES, json, logRecord, readLogs, readMetrics, readSpans, span } from "./testdata/stock-bodies.ts";

const inRequest = (...logRecords: unknown[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
const withValue = (value: unknown) => json(inRequest({ attributes: [{ key: "a", value }] }));

function readValue(value: unknown) {
  return readLogs(withValue(value), "json").items[0]!.data["a"];
}

function errorOf(body: Uint8Array): OtlpError {
  try {
    readLogs(body, "json");
  } catch (error) {
    if (error instanceof OtlpError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("a body in JSON", () => {
  it("may be empty, and may have fields that are not known", () => {
    expect(readLogs(json({}), "json")).toMatchObject({ items: [], accepted: 0 });
    expect(readLogs(json({ resourceLogs: null, more: [{}] }), "json").accepted).toBe(0);
    expect(readLogs(json(inRequest({ unknown: { a: [1] } })), "json").items).toMatchObject([{ data: {} }]);
  });

  it("may have names in snake_case", () => {
    const logs = BODIES.logs([
      logRecord({
        eventName: "trading.decision",
        severityNumber: 9,
        spanContext: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 },
        attributes: {
          text: "t",
          int: 1,
          double: 0.5,
          bool: true,
          list: [1],
          object: { a: 1 },
          bytes: Uint8Array.of(7),
        },
      }),
    ]).json;
    expect(readLogs(inSnakeCase(logs), "json")).toStrictEqual(readLogs(logs, "json"));
    const spans = BODIES.spans([span({ events: [{ name: "e", time: [1, 0] }], droppedAttributesCount: 3 })]).json;
    expect(readSpans(inSnakeCase(spans), "json")).toStrictEqual(readSpans(spans, "json"));
  });

  it("has integers as numbers and as text, exact beyond 2^53 where they are text", () => {
    expect(readValue({ intValue: 5 })).toBe(5);
    expect(readValue({ intValue: "-5" })).toBe(-5);
    expect(readValue({ intValue: "-0" })).toBe(0);
    expect(readValue({ intValue: "9007199254740993" })).toBe("9007199254740993");
    expect(readValue({ intValue: "-9223372036854775808" })).toBe("-9223372036854775808");
  });

  it("has doubles that JSON has no number for by their names", () => {
    expect(readValue({ doubleValue: "NaN" })).toBe("NaN");
    expect(readValue({ doubleValue: "-Infinity" })).toBe("-Infinity");
    expect(readValue({ doubleValue: "1.5" })).toBe(1.5);
    expect(readValue({ doubleValue: 0 })).toBe(0);
  });

  it("has bytes in base64 of any dialect", () => {
    for (const bytesValue of ["+/8=", "+/8", "-_8=", "-_8"]) expect(readValue({ bytesValue })).toBe("+/8=");
  });

  it("has enums by their numbers and by their names", () => {
    const severityOf = (severityNumber: unknown) => readLogs(json(inRequest({ severityNumber })), "json").items[0]!;
    expect(severityOf(13).severityNumber).toBe(13);
    expect(severityOf("13").severityNumber).toBe(13);
    expect(severityOf("SEVERITY_NUMBER_WARN").severityNumber).toBe(13);
    expect(severityOf("SEVERITY_NUMBER_FATAL4").severityNumber).toBe(24);
    const ids = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "b7ad6b7169203331" };
    const spans = [{ ...ids, kind: "SPAN_KIND_CONSUMER", status: { code: "STATUS_CODE_ERROR" } }];
    const { items } = readSpans(json({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), "json");
    expect(items).toMatchObject([{ kind: 5, statusCode: 2, traceId: "0af7651916cd43dd8448eb211c80319c" }]);
    const sum = { aggregationTemporality: "AGGREGATION_TEMPORALITY_CUMULATIVE", dataPoints: [{ asInt: 1 }] };
    const metrics = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "m", sum }] }] }] };
    expect(readMetrics(json(metrics), "json").items).toMatchObject([{ isCumulative: true }]);
  });

  it("has no id where none is: base64, another length, other letters", () => {
    for (const traceId of ["CvdlGRbNQ92ESOshHIAxnA==", "0af765", "g".repeat(32), null])
      expect(readLogs(json(inRequest({ traceId })), "json").items).toMatchObject([{ traceId: undefined }]);
  });

  it("has values that are there with nothing in them as null", () => {
    expect(readValue({})).toBeNull();
    expect(readValue(null)).toBeNull();
    expect(readValue({ stringValue: null })).toBeNull();
    expect(readValue({ arrayValue: {} })).toStrictEqual([]);
    expect(readValue({ kvlistValue: { values: [{ key: "k" }] } })).toStrictEqual({ k: null });
  });

  it("has U+FFFD for lone surrogates and for what is no UTF-8", () => {
    const escaped = JSON.stringify(inRequest({ eventName: "a\\b" })).replace("\\\\b", "\\ud800");
    expect(readLogs(Buffer.from(escaped), "json").items[0]!.eventType).toBe("a\ufffd");
    const broken = Buffer.from(JSON.stringify(inRequest({ eventName: "a?" })));
    broken[broken.indexOf("?")] = 0xff;
    expect(readLogs(broken, "json").items[0]!.eventType).toBe("a\ufffd");
  });
});

describe("a body that is no OTLP/JSON", () => {
  it.each([
    ["$", []],
    ["$", null],
    ["$", "text"],
    ["$.resourceLogs", { resourceLogs: {} }],
    ["$.resourceLogs[1]", { resourceLogs: [{}, 5] }],
    ["$.resourceLogs[0].resource", { resourceLogs: [{ resource: [] }] }],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[1]", inRequest({}, null)],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].timeUnixNano", inRequest({ timeUnixNano: "soon" })],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].severityNumber", inRequest({ severityNumber: "LOUD" })],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].severityNumber", inRequest({ severityNumber: 1e10 })],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].eventName", inRequest({ eventName: 5 })],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].droppedAttributesCount", inRequest({ droppedAttributesCount: -1 })],
    ["$.resourceLogs[0].scopeLogs[0].logRecords[0].attributes[0].key", inRequest({ attributes: [{ key: 1 }] })],
  ])("says where: %s", (path, body) => {
    const { code, message } = errorOf(json(body));
    expect(code).toBe("malformed_otlp");
    expect(message).toContain(` at ${path}. Send an export request`);
  });

  it.each([
    ["stringValue", { stringValue: 5 }],
    ["intValue", { intValue: 1.5 }],
    ["intValue", { intValue: "1".repeat(1_000_000) }],
    ["doubleValue", { doubleValue: "much" }],
    ["doubleValue", { doubleValue: "" }],
    ["boolValue", { boolValue: "yes" }],
    ["bytesValue", { bytesValue: [1] }],
    ["arrayValue.values", { arrayValue: { values: 1 } }],
    ["kvlistValue.values[0]", { kvlistValue: { values: [1] } }],
  ])("has another value in %s than that may have", (place, value) => {
    expect(errorOf(withValue(value)).message).toContain(`.attributes[0].value.${place}. Send`);
  });

  it("is text that is no JSON", () => {
    for (const text of ["", "{", "nope", "{} {}", "\ufeff{}"]) {
      const error = errorOf(Buffer.from(text));
      expect(error).toMatchObject({ code: "malformed_otlp", message: expect.stringContaining("The body is no JSON:") });
      expect(error.cause).toBeInstanceOf(SyntaxError);
    }
  });
});

describe("values that are nested", () => {
  const lists = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}{}${"]}}".repeat(depth)}`;
  const objects = (depth: number) => `${'{"kvlistValue":{"values":[{"value":'.repeat(depth)}{}${"}]}}".repeat(depth)}`;
  const withText = (value: string) => Buffer.from(withValue("HERE")).toString().replace('"HERE"', value);

  it.each([
    ["lists", lists],
    ["objects", objects],
  ])("may be 32 %s deep", (_what, made) => {
    const body = (depth: number) => Buffer.from(withText(made(depth)));
    expect(readLogs(body(32), "json").items).toHaveLength(1);
    expect(errorOf(body(33))).toMatchObject({ code: "too_deep" });
    expect(errorOf(body(100_000))).toMatchObject({ code: "too_deep" });
  });

  it("are passed over where nobody asked for them", () => {
    const body = (depth: number) => Buffer.from(`{"unknown":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(readLogs(body(100), "json").accepted).toBe(0);
    // What is as deep as no request of OTLP can be is not even parsed.
    expect(errorOf(body(100_000))).toMatchObject({ code: "too_deep" });
  });
});

function inSnakeCase(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString();
  expect(text).toMatch(/"[a-z]+[A-Z]\w*":/);
  const snake = text.replace(
    /"(\w+)":/g,
    (_all, name: string) => `"${name.replace(/[A-Z]/g, (a) => `_${a.toLowerCase()}`)}":`,
  );
  return Buffer.from(snake);
}
