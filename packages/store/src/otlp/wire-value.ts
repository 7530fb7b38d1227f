// Values and attributes in protobuf: AnyValue, ArrayValue, KeyValueList and KeyValue of opentelemetry-proto 1.x, common.proto.
import type { JsonValue } from "../store-input.ts";
import { toDoubleValue } from "./any-value.ts";
import type { AttributeList } from "./attribute-list.ts";
import { type AttributeName, toAttributeName } from "./attribute-name.ts";
import { DataObject } from "./data-object.ts";
import { OtlpError } from "./otlp-error.ts";

import type { WireReader } from "./wire-reader.ts";

const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const LIST = 0x2a;
const OBJECT = 0x32;
const BYTES = 0x3a;
/** KeyValue. */
const KEY = 0x0a;
const VALUE = 0x12;
/** ArrayValue.values and KeyValueList.values. */
const ENTRY = 0x0a;
const NO_NAME = toAttributeName("");

/** Reads the AnyValue that ends at `end`, in which `depth` lists and objects may be nested. One without a value is null. */
export function readWireValue(reader: WireReader, end: number, depth: number): JsonValue {
  let value: JsonValue = null;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === STRING) value = reader.text(end);
    else if (tag === INT) value = reader.int64();
    else if (tag === DOUBLE) value = toDoubleValue(reader.double());
    else if (tag === BOOL) value = reader.bool();
    else if (tag === BYTES) value = reader.base64(end);
    else if (tag === LIST) value = readList(reader, reader.enter(end), depth - 1);
    else if (tag === OBJECT) value = readObject(reader, reader.enter(end), depth - 1);
    else reader.skip(tag, end);
  }
  reader.close(end);
  return value;
}

/** Reads the KeyValue that ends at `end` into `attributes`, or passes over it when they are full. */
export function readWireAttribute(reader: WireReader, end: number, attributes: AttributeList, depth: number): void {
  if (attributes.isFull()) {
    reader.at = end;
    return;
  }
  let name: AttributeName = NO_NAME;
  let value: JsonValue = null;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === KEY) name = reader.attributeName(end);
    else if (tag === VALUE) value = readWireValue(reader, reader.enter(end), depth);
    else reader.skip(tag, end);
  }
  reader.close(end);
  attributes.add(name, value);
}

function readList(reader: WireReader, end: number, depth: number): JsonValue {
  checkDepth(reader, depth);
  const values: JsonValue[] = [];
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === ENTRY) values.push(readWireValue(reader, reader.enter(end), depth));
    else reader.skip(tag, end);
  }
  reader.close(end);
  return values;
}

function readObject(reader: WireReader, end: number, depth: number): JsonValue {
  checkDepth(reader, depth);
  const fields = new DataObject();
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== ENTRY) reader.skip(tag, end);
    else if (fields.isFull()) reader.at = reader.enter(end);
    else readField(reader, reader.enter(end), fields, depth);
  }
  reader.close(end);
  return fields.toData();
}

function readField(reader: WireReader, end: number, fields: DataObject, depth: number): void {
  let key = "";
  let value: JsonValue = null;
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === KEY) key = reader.text(end);
    else if (tag === VALUE) value = readWireValue(reader, reader.enter(end), depth);
    else reader.skip(tag, end);
  }
  reader.close(end);
  fields.add(key, value);
}

function checkDepth(reader: WireReader, depth: number): void {
  if (depth < 0) throw new OtlpError("too_deep", `A value is nested too deeply (${reader.here()}).`);
}
