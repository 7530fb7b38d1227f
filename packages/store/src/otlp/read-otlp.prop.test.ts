// The same content gives the same input, in protobuf and in JSON, as the stock serializers write them.
import { resourceFromAttributes } from "@opentelemetry/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logRecords, resourceMetrics, spans } from "../../../exporters/test/otlp-arbitraries.ts";
import { BODIES, logRecord, readBoth, readLogs, readMetrics, readSpans } from "./testdata/stock-bodies.ts";

const RUNS = { numRuns: 400 };

describe("a request in protobuf and the same in JSON", () => {
  it("give the same events", () => {
    let seen = 0;
    fc.assert(
      fc.property(logRecords, (records) => {
        const { accepted } = readBoth(BODIES.logs(asJsonHasIt(records)), readLogs);
        expect(accepted).toBe(records.length);
        seen += accepted;
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(300);
  });

  it("give the same events for records like ours", () => {
    const field = fc.constantFrom(
      "seq",
      "run_id",
      "symbol",
      "instance_id",
      "reason",
      "net_edge",
      "__proto__",
      "details",
    );
    const name = fc.oneof(
      field.map((one) => `trading.${one}`),
      fc.constantFrom("exception.message", "user.id", "event.name", "trading."),
    );
    const value = fc.oneof(fc.nat(), fc.string(), fc.json(), fc.constantFrom("[1,", '{"a":[1,{}]}', "trading.x"));
    const eventName = fc.constantFrom("trading.decision", "trading.", "http.request", "");
    const records = fc.array(fc.record({ eventName, attributes: fc.dictionary(name, value), body: fc.string() }));
    fc.assert(
      fc.property(records, (all) => {
        readBoth(BODIES.logs(all.map(logRecord)), readLogs);
      }),
      RUNS,
    );
  });

  it("give the same spans", () => {
    let seen = 0;
    fc.assert(
      fc.property(spans, (all) => {
        const { accepted, rejected } = readBoth(BODIES.spans(asJsonHasIt(all)), readSpans);
        expect(accepted + rejected).toBe(all.length);
        seen += accepted;
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(300);
  });

  it("give the same points", () => {
    let seen = 0;
    fc.assert(
      fc.property(resourceMetrics, (metrics) => {
        seen += readBoth(BODIES.metrics(asJsonHasIt(metrics)), readMetrics).accepted;
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(300);
  });
});

/** The same without what JSON.stringify has no number for and writes as null; objects that were shared still are. */
function asJsonHasIt<T>(given: T): T {
  const known = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value === "number") return Number.isFinite(value) ? value : 0.5;
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    if (!known.has(value)) known.set(value, copyObject(value, copy));
    return known.get(value);
  };
  return copy(given) as T;
}

function copyObject(value: object, copy: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if ("attributes" in value && "merge" in value) {
    const { schemaUrl } = value as { schemaUrl?: string };
    // A resource with an attribute `__proto__` gives its attributes a prototype.
    const attributes = copy({ ...(value.attributes as object) }) as Record<string, string>;
    return resourceFromAttributes(attributes, schemaUrl === undefined ? {} : { schemaUrl });
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
