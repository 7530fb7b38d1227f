// What is recorded is what is stored: the attributes of a record by a model of the rules.
import { deepStrictEqual } from "node:assert/strict";
import type { AnyValue } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, it } from "vitest";
import { BODIES, logRecord, readLogs } from "./testdata/stock-bodies.ts";

const text = fc.string({ unit: "binary" }).map((given) => given.toWellFormed());
const key = fc.oneof(text, fc.constantFrom("__proto__", "trading.edge", "exception.type", "7"));
const { value } = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie("value")),
    fc.dictionary(key, tie("value")),
  ),
}));

describe("the data of a record", () => {
  it("is, in protobuf, its attributes: names without `trading.`, values as JSON has them", () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), (attributes) => {
        const { protobuf } = BODIES.logs([logRecord({ attributes })]);
        const { items } = readLogs(protobuf, "protobuf");
        const pairs = Object.entries(attributes).map(([name, one]) => [
          name.replace(/^trading\.(?=.)/s, ""),
          stored(one),
        ]);
        deepStrictEqual(items[0]!.data, Object.fromEntries(pairs));
      }),
      { numRuns: 500 },
    );
  });
});

function stored(given: AnyValue): unknown {
  if (typeof given === "number") return storedNumber(given);
  if (typeof given !== "object" || given === null) return given;
  if (given instanceof Uint8Array) return Buffer.from(given).toString("base64");
  if (Array.isArray(given)) return given.map(stored);
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, stored(one as AnyValue)]));
}

/** What the serializer writes as an integer of 64 bits is exact, hence text beyond 2^53. */
function storedNumber(given: number): unknown {
  if (!Number.isFinite(given)) return String(given);
  const isInt64 = Number.isInteger(given) && given >= -(2 ** 63) && given < 2 ** 63;
  return isInt64 && !Number.isSafeInteger(given) ? String(BigInt(given)) : given + 0;
}
