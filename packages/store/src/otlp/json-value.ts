// Values and attributes in OTLP/JSON.
import type { JsonValue } from "../store-input.ts";
import { toDoubleValue } from "./any-value.ts";
import type { AttributeList } from "./attribute-list.ts";
import { DataObject } from "./data-object.ts";
import { toIntValue } from "./json-number.ts";
import { type JsonField, type JsonObject, type JsonReader, jsonField } from "./json-reader.ts";
import { OtlpError } from "./otlp-error.ts";
import { cutText, MAX_TEXT_UNITS } from "./text-limit.ts";

const STRING = jsonField("stringValue");
const BOOL = jsonField("boolValue");
const INT = jsonField("intValue");
const DOUBLE = jsonField("doubleValue");
const LIST = jsonField("arrayValue");
const OBJECT = jsonField("kvlistValue");
const BYTES = jsonField("bytesValue");
const KEY = jsonField("key");
const VALUE = jsonField("value");
const VALUES = jsonField("values");

/** The AnyValue in a field, in which `depth` lists and objects may be nested. One without a value is null. */
export function readJsonValue(reader: JsonReader, object: JsonObject, field: JsonField, depth: number): JsonValue {
  let value: JsonValue = null;
  reader.in(object, field, (any) => {
    value = toValue(reader, any, depth);
  });
  return value;
}

/** Reads the list of KeyValue in a field into `attributes`, until they are full. */
export function readJsonAttributes(
  reader: JsonReader,
  object: JsonObject,
  field: JsonField,
  attributes: AttributeList,
  depth: number,
): void {
  reader.forEach(object, field, (attribute) => {
    if (attributes.isFull()) return;
    const name = reader.attributeName(attribute, KEY);
    attributes.add(name, readJsonValue(reader, attribute, VALUE, depth));
  });
}

/** Of several kinds of value in one, which is against the rules, the first of these counts. */
function toValue(reader: JsonReader, any: JsonObject, depth: number): JsonValue {
  if (reader.get(any, STRING) !== undefined) return reader.text(any, STRING);
  const int = reader.get(any, INT);
  if (int !== undefined) return toIntValue(int) ?? reader.fail(INT, "there is no integer");
  if (reader.get(any, DOUBLE) !== undefined) return toDoubleValue(reader.double(any, DOUBLE));
  if (reader.get(any, BOOL) !== undefined) return reader.bool(any, BOOL);
  if (reader.get(any, LIST) !== undefined) return readList(reader, any, depth - 1);
  if (reader.get(any, OBJECT) !== undefined) return readObject(reader, any, depth - 1);
  return reader.get(any, BYTES) === undefined ? null : toBase64(reader.get(any, BYTES), reader);
}

function readList(reader: JsonReader, any: JsonObject, depth: number): JsonValue {
  checkDepth(reader, depth);
  const values: JsonValue[] = [];
  reader.in(any, LIST, (list) =>
    reader.forEach(list, VALUES, (item) => {
      values.push(toValue(reader, item, depth));
    }),
  );
  return values;
}

function readObject(reader: JsonReader, any: JsonObject, depth: number): JsonValue {
  checkDepth(reader, depth);
  const object = new DataObject();
  reader.in(any, OBJECT, (list) =>
    reader.forEach(list, VALUES, (item) => {
      if (!object.isFull()) object.add(reader.text(item, KEY), readJsonValue(reader, item, VALUE, depth));
    }),
  );
  return object.toData();
}

/** Bytes are base64 already, but in one of several dialects. */
function toBase64(value: unknown, reader: JsonReader): JsonValue {
  if (typeof value !== "string") return reader.fail(BYTES, "there is no base64");
  const bytes = Buffer.from(value.slice(0, 2 * MAX_TEXT_UNITS), "base64").subarray(0, MAX_TEXT_UNITS);
  return cutText(bytes.toString("base64"), MAX_TEXT_UNITS);
}

function checkDepth(reader: JsonReader, depth: number): void {
  if (depth < 0) throw new OtlpError("too_deep", `A value is nested too deeply (${reader.here()}).`);
}
