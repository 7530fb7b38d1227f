// Walks OTLP protobuf bodies field by field, without decoding them: for receivers that must keep up.

/** A field of a message. */
export interface WireField {
  readonly number: number;
  /** Where its content begins and ends. */
  readonly from: number;
  readonly next: number;
}

/**
 * In all three signals the items are `request.resource_x(1).scope_x(2).item(2)`
 * (opentelemetry-proto: `ExportTraceServiceRequest`, `ResourceSpans`, `ScopeSpans` and their like).
 */
const ITEM_PATH: readonly number[] = [1, 2, 2];
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Calls `take` for each span, log record or metric of a body. Throws for bytes that are no protobuf message. */
export function walkOtlpItems(body: Uint8Array, take: (from: number, end: number) => void): void {
  walk(body, 0, body.length, 0, take);
}

function walk(
  body: Uint8Array,
  from: number,
  end: number,
  depth: number,
  take: (from: number, end: number) => void,
): void {
  const wanted = ITEM_PATH[depth];
  if (wanted === undefined) return take(from, end);
  for (let at = from; at < end; ) {
    const field = readWireField(body, at, end);
    if (field.number === wanted) walk(body, field.from, field.next, depth + 1, take);
    at = field.next;
  }
}

/** The field at a place of a message that ends at `end`. Throws where there is none. */
export function readWireField(body: Uint8Array, at: number, end: number): WireField {
  const key = readVarint(body, at);
  const wire = key.value & 7;
  let from = key.next;
  let next: number;
  if (wire === WIRE.varint) next = readVarint(body, from).next;
  else if (wire === WIRE.fixed64) next = from + 8;
  else if (wire === WIRE.fixed32) next = from + 4;
  else if (wire === WIRE.bytes) {
    const length = readVarint(body, from);
    from = length.next;
    next = from + length.value;
  } else throw new Error(`wire type ${wire} at byte ${at}`);
  if (next > end) throw new Error(`a field ends at ${next}, its message at ${end}`);
  return { number: key.value >>> 3, from, next };
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
