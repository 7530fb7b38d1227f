// Reads OTLP protobuf bodies into the shape of OTLP/JSON, from the field tables of opentelemetry-proto 1.x; for tests only.

/** How the value of a field is read: a scalar, or a message by its fields. */
type FieldType =
  | "string"
  | "bytes"
  | "varint"
  | "sint32"
  | "fixed32"
  | "fixed64"
  | "double"
  | "doubles"
  | "fixed64s"
  | "varints"
  | Message;
/** Fields by their number: the name in OTLP/JSON, the type, and whether there may be several. */
type Message = () => Readonly<Record<number, readonly [name: string, type: FieldType, repeated?: true]>>;

const anyValue: Message = () => ({
  1: ["stringValue", "string"],
  2: ["boolValue", "varint"],
  3: ["intValue", "varint"],
  4: ["doubleValue", "double"],
  5: ["arrayValue", () => ({ 1: ["values", anyValue, true] })],
  6: ["kvlistValue", () => ({ 1: ["values", keyValue, true] })],
  7: ["bytesValue", "bytes"],
});
const keyValue: Message = () => ({ 1: ["key", "string"], 2: ["value", anyValue] });
const resource: Message = () => ({ 1: ["attributes", keyValue, true] });
const scope: Message = () => ({ 1: ["name", "string"], 2: ["version", "string"] });
const event: Message = () => ({
  1: ["timeUnixNano", "fixed64"],
  2: ["name", "string"],
  3: ["attributes", keyValue, true],
  4: ["droppedAttributesCount", "varint"],
});
const link: Message = () => ({
  1: ["traceId", "bytes"],
  2: ["spanId", "bytes"],
  4: ["attributes", keyValue, true],
  5: ["droppedAttributesCount", "varint"],
  6: ["flags", "fixed32"],
});
const span: Message = () => ({
  1: ["traceId", "bytes"],
  2: ["spanId", "bytes"],
  4: ["parentSpanId", "bytes"],
  5: ["name", "string"],
  6: ["kind", "varint"],
  7: ["startTimeUnixNano", "fixed64"],
  8: ["endTimeUnixNano", "fixed64"],
  9: ["attributes", keyValue, true],
  10: ["droppedAttributesCount", "varint"],
  11: ["events", event, true],
  12: ["droppedEventsCount", "varint"],
  13: ["links", link, true],
  14: ["droppedLinksCount", "varint"],
  15: ["status", () => ({ 2: ["message", "string"], 3: ["code", "varint"] })],
  16: ["flags", "fixed32"],
});
const logRecord: Message = () => ({
  1: ["timeUnixNano", "fixed64"],
  2: ["severityNumber", "varint"],
  3: ["severityText", "string"],
  5: ["body", anyValue],
  6: ["attributes", keyValue, true],
  7: ["droppedAttributesCount", "varint"],
  8: ["flags", "fixed32"],
  9: ["traceId", "bytes"],
  10: ["spanId", "bytes"],
  11: ["observedTimeUnixNano", "fixed64"],
  12: ["eventName", "string"],
});
const numberPoint: Message = () => ({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["asDouble", "double"],
  6: ["asInt", "fixed64"],
  7: ["attributes", keyValue, true],
});
const histogramPoint: Message = () => ({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["bucketCounts", "fixed64s"],
  7: ["explicitBounds", "doubles"],
  9: ["attributes", keyValue, true],
  11: ["min", "double"],
  12: ["max", "double"],
});
const buckets: Message = () => ({ 1: ["offset", "sint32"], 2: ["bucketCounts", "varints"] });
const exponentialPoint: Message = () => ({
  1: ["attributes", keyValue, true],
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["scale", "sint32"],
  7: ["zeroCount", "fixed64"],
  8: ["positive", buckets],
  9: ["negative", buckets],
  12: ["min", "double"],
  13: ["max", "double"],
});
const metric: Message = () => ({
  1: ["name", "string"],
  2: ["description", "string"],
  3: ["unit", "string"],
  5: ["gauge", () => ({ 1: ["dataPoints", numberPoint, true] })],
  7: [
    "sum",
    () => ({
      1: ["dataPoints", numberPoint, true],
      2: ["aggregationTemporality", "varint"],
      3: ["isMonotonic", "varint"],
    }),
  ],
  9: ["histogram", () => ({ 1: ["dataPoints", histogramPoint, true], 2: ["aggregationTemporality", "varint"] })],
  10: [
    "exponentialHistogram",
    () => ({ 1: ["dataPoints", exponentialPoint, true], 2: ["aggregationTemporality", "varint"] }),
  ],
});
const REQUESTS: Readonly<Record<string, Message>> = {
  "/v1/traces": request("resourceSpans", "scopeSpans", "spans", span),
  "/v1/logs": request("resourceLogs", "scopeLogs", "logRecords", logRecord),
  "/v1/metrics": request("resourceMetrics", "scopeMetrics", "metrics", metric),
};

function request(resources: string, scopes: string, items: string, item: Message): Message {
  const inScope: Message = () => ({ 1: ["scope", scope], 2: [items, item, true] });
  const inResource: Message = () => ({ 1: ["resource", resource], 2: [scopes, inScope, true] });
  return () => ({ 1: [resources, inResource, true] });
}

/** The body of a request to `path` as OTLP/JSON has it: 64-bit numbers as strings, ids as hex. Throws for bytes that are none. */
export function readOtlpProtobuf(path: string, body: Buffer): Record<string, unknown> {
  const message = Object.entries(REQUESTS).find(([end]) => path.endsWith(end))?.[1];
  if (message === undefined) throw new Error(`no OTLP signal is sent to ${path}`);
  return readMessage(body, message);
}

function readMessage(bytes: Buffer, message: Message): Record<string, unknown> {
  const fields = message();
  const read: Record<string, unknown> = {};
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    const wire = Number(tag.value & 7n);
    const content = contentOf(bytes, tag.next, wire);
    at = content.next;
    const field = fields[Number(tag.value >> 3n)];
    if (field === undefined) continue;
    const [name, type, repeated] = field;
    const value = readValue(content.bytes, type);
    if (repeated !== true) read[name] = value;
    else {
      const list = (read[name] ?? []) as unknown[];
      list.push(value);
      read[name] = list;
    }
  }
  return read;
}

function contentOf(bytes: Buffer, at: number, wire: number): { bytes: Buffer; next: number } {
  const sizes: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
  let from = at;
  let next = at + (sizes[wire] ?? 0);
  if (wire === 0) next = readVarint(bytes, at).next;
  else if (wire === 2) {
    const length = readVarint(bytes, at);
    from = length.next;
    next = from + Number(length.value);
  } else if (sizes[wire] === undefined) throw new Error(`wire type ${wire} at byte ${at}`);
  if (next > bytes.length) throw new Error(`a field ends at ${next}, its message at ${bytes.length}`);
  return { bytes: bytes.subarray(from, next), next };
}

function readValue(bytes: Buffer, type: FieldType): unknown {
  if (typeof type === "function") return readMessage(bytes, type);
  switch (type) {
    case "string":
      return bytes.toString("utf8");
    case "bytes":
      return bytes.toString("hex");
    case "double":
      return bytes.readDoubleLE();
    case "doubles":
      return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
    case "fixed32":
      return bytes.readUInt32LE();
    case "fixed64":
      return String(bytes.readBigUInt64LE());
    case "fixed64s":
      return Array.from({ length: bytes.length / 8 }, (_, i) => String(bytes.readBigUInt64LE(8 * i)));
    case "varints": {
      const values: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const { value, next } = readVarint(bytes, at);
        values.push(String(value));
        at = next;
      }
      return values;
    }
    case "sint32": {
      const { value } = readVarint(bytes, 0);
      return Number((value >> 1n) ^ -(value & 1n));
    }
    case "varint": {
      const value = BigInt.asIntN(64, readVarint(bytes, 0).value);
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    }
  }
}

function readVarint(bytes: Buffer, at: number): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  throw new Error(`a number that begins at byte ${at} does not end`);
}
