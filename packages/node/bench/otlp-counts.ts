// Counts what an OTLP protobuf body carries by walking its fields, without decoding them.

/** What has been received. */
export interface OtlpCounts {
  spans: number;
  logs: number;
  /** Metrics, each with all its points. */
  metrics: number;
}

/** The path of URLs by signal (OTLP 1.x, "OTLP/HTTP Request"). */
export const SIGNAL_OF_PATH: Readonly<Record<string, keyof OtlpCounts>> = {
  "/v1/traces": "spans",
  "/v1/logs": "logs",
  "/v1/metrics": "metrics",
};

/**
 * In all three signals the items are `request.resource_x(1).scope_x(2).item(2)`
 * (opentelemetry-proto: `ExportTraceServiceRequest`, `ResourceSpans`, `ScopeSpans` and their like).
 */
const ITEM_PATH: readonly number[] = [1, 2, 2];
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The number of spans, log records or metrics in a request's body. Throws on bytes that are no protobuf message. */
export function countItems(body: Uint8Array): number {
  return countAt(body, 0, body.length, 0);
}

function countAt(body: Uint8Array, start: number, end: number, depth: number): number {
  const wanted = ITEM_PATH[depth];
  if (wanted === undefined) return 1;
  let count = 0;
  let at = start;
  while (at < end) {
    const key = readVarint(body, at);
    const wire = key.value & 7;
    at = key.next;
    if (wire === WIRE.varint) at = readVarint(body, at).next;
    else if (wire === WIRE.fixed64) at += 8;
    else if (wire === WIRE.fixed32) at += 4;
    else if (wire === WIRE.bytes) {
      const length = readVarint(body, at);
      at = length.next + length.value;
      if (at > end) throw new Error(`a field ends at ${at}, its message at ${end}`);
      if (key.value >>> 3 === wanted) count += countAt(body, length.next, at, depth + 1);
    } else throw new Error(`wire type ${wire} at byte ${at}`);
  }
  return count;
}

/** A base-128 varint; only lengths and keys are read for their value, and those fit into 32 bits. */
function readVarint(body: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = body[start + i];
    if (byte === undefined) throw new Error(`the message ends inside a varint at byte ${start + i}`);
    if (i < 5) value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value: value >>> 0, next: start + i + 1 };
  }
  throw new Error(`a varint of more than ten bytes at byte ${start}`);
}
