// Log records as events: what goes where.
import { describe, expect, it } from "vitest";
import { BODIES, eventOf, logRecord, NOW_MICROS, RESOURCE, readBoth, readLogs } from "./testdata/stock-bodies.ts";

const OWN = "trading.decision";

describe("an event of ours", () => {
  it("has what our exporter writes in the places it came from", () => {
    const event = eventOf({
      eventName: "trading.decision",
      severityNumber: 9,
      severityText: "INFO",
      body: "decision: net edge 1.20 bps is below the threshold of 1.50 bps",
      spanContext: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 3 },
      attributes: {
        "trading.symbol": "BTC/USDT",
        "trading.strategy": "basis",
        "trading.decision": "REJECT",
        "trading.net_edge": "1.20",
        "trading.attempt": 2,
        "trading.seq": 42,
        "trading.run_id": "run-7",
      },
    });
    expect(event).toStrictEqual({
      eventType: "decision",
      timestamp: "2026-11-20T00:00:00.000001Z",
      source: { serviceName: "bot", instanceId: "bot-1" },
      seq: 42,
      runId: "run-7",
      symbol: "BTC/USDT",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      severityNumber: 9,
      data: { strategy: "basis", decision: "REJECT", net_edge: "1.20", attempt: 2 },
    });
  });

  it("about a metric keeps the instance that the metric is of among its data, and stays the record of its own", () => {
    const attributes = { "trading.metric_name": "cpu_usage", "trading.instance_id": "api-7", "trading.seq": 3 };
    expect(eventOf({ eventName: "trading.system_metric", attributes })).toMatchObject({
      source: { instanceId: "bot-1" },
      seq: 3,
      data: { metric_name: "cpu_usage", instance_id: "api-7" },
    });
    const other = eventOf({ eventName: OWN, attributes });
    expect([other.source.instanceId, other.data["instance_id"]]).toEqual(["api-7", undefined]);
  });

  it("has its own names again for those of the conventions", () => {
    const attributes = {
      "exception.message": "gone",
      "exception.type": "VenueError",
      "exception.stacktrace": "at send",
      "user.id": "u1",
      "http.route": "/orders",
    };
    expect(eventOf({ eventName: OWN, attributes }).data).toStrictEqual({
      error_message: "gone",
      error_type: "VenueError",
      traceback: "at send",
      user_id: "u1",
      "http.route": "/orders",
    });
    expect(eventOf({ eventName: "exception", attributes }).data).toStrictEqual(attributes);
  });

  it("has nested values again that were written as JSON text", () => {
    const attributes = {
      "trading.bids": '[{"price":"42150.10","size":"0.5"}]',
      "trading.details": '{"a":{"b":[1,null,true]}}',
      "trading.plain": "[REDACTED]",
      "trading.broken": '{"a":',
      "trading.prefix": '{"a":1} and more',
    };
    expect(eventOf({ eventName: OWN, attributes }).data).toStrictEqual({
      bids: [{ price: "42150.10", size: "0.5" }],
      details: { a: { b: [1, null, true] } },
      plain: "[REDACTED]",
      broken: '{"a":',
      prefix: '{"a":1} and more',
    });
    expect(eventOf({ eventName: "other.event", attributes }).data["details"]).toBe('{"a":{"b":[1,null,true]}}');
  });

  it.each([
    ["a number would lose digits", '{"order_id":12345678901234567890}'],
    ["a number would become infinite", "[1e999]"],
    ["it is nested more than 32 deep", `${"[".repeat(33)}${"]".repeat(33)}`],
    ["it is longer than 64 KiB", JSON.stringify(["x".repeat(65_533)])],
  ])("keeps JSON text as text when %s", (_why, text) => {
    const kept = eventOf({ eventName: OWN, attributes: { "trading.a": text } }).data["a"];
    expect(kept).toBe(text.length <= 65_536 ? text : `${text.slice(0, 65_533)}...`);
  });

  it("keeps texts for people as they are, even if they are JSON", () => {
    const body = '{"code":-1021,"msg":"ahead of the server"}';
    const attributes = { "exception.message": body, "trading.reason": body };
    expect(eventOf({ eventName: OWN, attributes }).data).toStrictEqual({ error_message: body, reason: body });
  });

  it("gives up on a request that is full of what only looks like JSON, but not on its records", () => {
    const bad = Array.from({ length: 64 }, () => logRecord({ eventName: OWN, attributes: { "trading.a": '{"a"}' } }));
    const good = logRecord({ eventName: OWN, attributes: { "trading.a": "[1]" } });
    const { items } = readBoth(BODIES.logs([good, ...bad, good]), readLogs);
    expect(items.map((event) => event.data["a"])).toStrictEqual([[1], ...bad.map(() => '{"a"}'), "[1]"]);
  });

  it("leaves its body and severity text out: they say again what is in the data", () => {
    expect(eventOf({ eventName: OWN, body: "decision: x", severityText: "INFO" }).data).toStrictEqual({});
  });

  it.each([0, -1, 1.5, 2 ** 53, "7"])("has no number when trading.seq is %s", (seq) => {
    const event = eventOf({ eventName: OWN, attributes: { "trading.seq": seq } });
    expect([event.seq, event.data]).toStrictEqual([0, {}]);
  });

  it("belongs to the instance that it names, or else to that of its resource, one object for all", () => {
    const named = { "trading.instance_id": "worker-2" };
    const logs = [{}, named, named, {}].map((attributes) => logRecord({ eventName: OWN, attributes }));
    const { items } = readLogs(BODIES.logs(logs).protobuf, "protobuf");
    expect(items.map(({ source }) => source.instanceId)).toStrictEqual(["bot-1", "worker-2", "worker-2", "bot-1"]);
    expect(items[0]!.source).toBe(items[3]!.source);
    expect(items[1]!.source).toBe(items[2]!.source);
    expect(items[1]!.source.serviceName).toBe("bot");
    expect(items[1]!.data).toStrictEqual({});
  });
});

describe("an event of others", () => {
  it("keeps its name, or takes that of the older attribute", () => {
    expect(eventOf({ eventName: "http.request" }).eventType).toBe("http.request");
    const older = eventOf({ attributes: { "event.name": "trading.signal", "trading.a": "[1]" } });
    expect([older.eventType, older.data]).toStrictEqual(["signal", { a: [1] }]);
    const both = eventOf({ eventName: "new", attributes: { "event.name": "old" } });
    expect([both.eventType, both.data]).toStrictEqual(["new", { "event.name": "old" }]);
    expect(eventOf({ eventName: "trading." }).eventType).toBe("trading.");
  });

  it("has a type of at most 128 characters", () => {
    expect(eventOf({ eventName: "x".repeat(128) }).eventType).toBe("x".repeat(128));
    expect(eventOf({ eventName: `trading.${"x".repeat(129)}` }).eventType).toBe(`${"x".repeat(125)}...`);
  });

  it("is a log record without a name: a `log`, with its body and severity text", () => {
    const event = eventOf({ body: "listening", severityText: "INFO", severityNumber: 9, attributes: { port: 80 } });
    expect(event).toMatchObject({ eventType: "log", severityNumber: 9, seq: 0, runId: undefined, symbol: undefined });
    expect(event.data).toStrictEqual({ port: 80, body: "listening", severity_text: "INFO" });
    expect(eventOf({ body: { a: [1, "b"] } }).data).toStrictEqual({ body: { a: [1, "b"] } });
    expect(eventOf({ body: "of the record", attributes: { body: "an attribute" } }).data["body"]).toBe("of the record");
  });

  it("has the fields of ours without their prefix, and run and symbol in their places", () => {
    const attributes = { "trading.run_id": "r", "trading.symbol": "S", "trading.venue": "v", "trading.": 1 };
    const event = eventOf({ attributes });
    expect(event).toMatchObject({ runId: "r", symbol: "S", data: { venue: "v", "trading.": 1 } });
  });

  it("has no ids where they are zeros, or of another length", () => {
    const zeros = { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 };
    expect(eventOf({ spanContext: zeros })).toMatchObject({ traceId: undefined, spanId: undefined });
    const short = { traceId: "0123456789abcdef", spanId: "0123456789abcdef", traceFlags: 0 };
    expect(eventOf({ spanContext: short })).toMatchObject({ traceId: undefined, spanId: "0123456789abcdef" });
  });

  it.each([
    [25, 24],
    [1_000_000, 24],
    [-1, 0],
  ])("has severity number %i as %i", (sent, stored) => {
    expect(eventOf({ severityNumber: sent }).severityNumber).toBe(stored);
  });
});

describe("the time of an event", () => {
  it("is that of the record, or else when it was observed, or else now", () => {
    expect(eventOf({ hrTime: [1, 2_000] }).timestamp).toBe("1970-01-01T00:00:01.000002Z");
    expect(eventOf({ hrTime: [0, 0], hrTimeObserved: [2, 999] }).timestamp).toBe("1970-01-01T00:00:02.000000Z");
    const now = eventOf({ hrTime: [0, 0], hrTimeObserved: [0, 0] }).timestamp;
    expect(now).toBe(new Date(NOW_MICROS / 1_000).toISOString().replace("Z", "000Z"));
  });
});

describe("the data of an event", () => {
  it("has numbers that are exact, and text where no number is", () => {
    const attributes = {
      most: Number.MAX_SAFE_INTEGER,
      least: Number.MIN_SAFE_INTEGER,
      above: 2 ** 53,
      below: -(2 ** 63),
      double: 0.1,
      huge: 2 ** 64,
      zero: -0,
    };
    expect(eventOf({ attributes }).data).toStrictEqual({
      ...attributes,
      above: "9007199254740992",
      below: "-9223372036854775808",
      zero: 0,
    });
  });

  it("names doubles that are none", () => {
    const attributes = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY };
    const { protobuf } = BODIES.logs([logRecord({ attributes })]);
    expect(readLogs(protobuf, "protobuf").items[0]!.data).toStrictEqual({ a: "NaN", b: "Infinity", c: "-Infinity" });
  });

  it("has bytes as base64, lists and objects as they are, and null where there is nothing", () => {
    const attributes = {
      bytes: Uint8Array.of(0, 255, 62),
      list: [1, "a", null, [true]],
      object: { a: { b: {} } },
      no: null,
    };
    expect(eventOf({ attributes: attributes as never }).data).toStrictEqual({ ...attributes, bytes: "AP8+" });
  });

  it("takes any name, and no prototype gets to see it", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","toString":1,"10":"ten"}');
    const nested = { ...eventOf({ attributes: { a: hostile }, body: hostile }).data };
    const { data } = eventOf({ eventName: OWN, attributes: { ...hostile, "trading.__proto__": '{"__proto__":1}' } });
    expect(Object.keys(nested["a"] as object).sort()).toStrictEqual(["10", "__proto__", "constructor", "toString"]);
    expect(JSON.stringify(nested["body"])).toContain('"__proto__":{"polluted":1}');
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(JSON.stringify(Object.getOwnPropertyDescriptor(data, "__proto__")?.value)).toBe('{"__proto__":1}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("cuts texts of more than 64 KiB, no character in half", () => {
    const attributes = { most: "x".repeat(65_536), more: "x".repeat(65_537), pairs: "😀".repeat(40_000) };
    expect(eventOf({ attributes }).data).toStrictEqual({
      most: attributes.most,
      more: `${"x".repeat(65_533)}...`,
      pairs: `${"😀".repeat(32_766)}...`,
    });
  });

  it("keeps 256 attributes and counts the rest, and what the sender left out already", () => {
    const attributes = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`a${i}`, i]));
    const { data } = eventOf({ attributes, droppedAttributesCount: 5 });
    expect(Object.keys(data)).toHaveLength(257);
    expect(data).toMatchObject({ a0: 0, a255: 255, dropped_attributes: 49 });
    expect(eventOf({ attributes: { a: 1 }, droppedAttributesCount: 5 }).data).toStrictEqual({
      a: 1,
      dropped_attributes: 5,
    });
  });

  it("keeps 4096 fields of a nested object", () => {
    const a = Object.fromEntries(Array.from({ length: 4_100 }, (_, i) => [`f${i}`, i]));
    const kept = eventOf({ attributes: { a } as never }).data["a"] as Record<string, unknown>;
    expect(Object.keys(kept)).toHaveLength(4_097);
    expect(kept["dropped_attributes"]).toBe(4);
  });
});

describe("the source of events", () => {
  it("is what the resource names, cut to 256 characters, and empty where it names nothing", () => {
    const { items } = readBoth(BODIES.logs([logRecord({}), logRecord({ resource: RESOURCE })]), readLogs);
    expect(items[0]!.source).toStrictEqual({ serviceName: "bot", instanceId: "bot-1" });
    const long = { attributes: { "service.name": "x".repeat(300) } } as never;
    expect(eventOf({ resource: long }).source).toStrictEqual({ serviceName: `${"x".repeat(253)}...`, instanceId: "" });
  });
});
