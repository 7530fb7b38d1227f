// Attributes and log bodies: `AnyValue` and `KeyValue` of OTLP, as the values they were made of.
import type { AnyValue, Attributes } from "@opentelemetry/api";
import type { MessageTable, WireReader } from "./wire-reader.ts";

// Field numbers: opentelemetry-proto 1.x, common/v1/common.proto.
const ANY_VALUE: MessageTable<{ value: AnyValue }> = {
  1: (any, wire) => {
    any.value = wire.string();
  },
  2: (any, wire) => {
    any.value = wire.bool();
  },
  3: (any, wire) => {
    any.value = wire.int64();
  },
  4: (any, wire) => {
    any.value = wire.double();
  },
  5: (any, wire) => {
    any.value = wire.message(ARRAY_VALUE, []);
  },
  6: (any, wire) => {
    any.value = wire.message(KEY_VALUE_LIST, {});
  },
  7: (any, wire) => {
    any.value = wire.bytes();
  },
};
const ARRAY_VALUE: MessageTable<AnyValue[]> = { 1: (values, wire) => values.push(readAnyValue(wire)) };
const KEY_VALUE_LIST: MessageTable<Attributes> = { 1: readKeyValue };
const KEY_VALUE: MessageTable<{ key: string; value: AnyValue }> = {
  1: (pair, wire) => {
    pair.key = wire.string();
  },
  2: (pair, wire) => {
    pair.value = readAnyValue(wire);
  },
};

/** Reads a field that is an `AnyValue`. An empty one, which stands for null and undefined, is null. */
export function readAnyValue(wire: WireReader): AnyValue {
  return wire.message(ANY_VALUE, { value: null }).value;
}

/** Reads a field that is a `KeyValue` into an object; of two with the same key the last one stays. */
export function readKeyValue(to: Attributes, wire: WireReader): void {
  const { key, value } = wire.message(KEY_VALUE, { key: "", value: null });
  // A plain assignment would change the prototype; as a property of its own it is data like any other.
  if (key === "__proto__")
    Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
  else to[key] = value;
}
