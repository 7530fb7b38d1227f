// Reads of OTLP protobuf bodies what the ledger wants to know of each span and log record, and decodes nothing else.
import { readWireField, walkOtlpItems } from "../../test/otlp-walk.ts";

/** A span or a log record. */
export interface OtlpItem {
  /** The name of the span, or the event name of the log record. */
  readonly kind: string;
  /** First and last word of its trace id: see `numberedTraceId`. */
  readonly run: number;
  readonly number: number;
  /** Its end lies before its start. */
  readonly isNegative: boolean;
}

/** Field numbers of opentelemetry-proto 1.x: `Span` and `LogRecord`. */
const FIELDS = {
  traces: { traceId: 1, kind: 5, start: 7, end: 8 },
  logs: { traceId: 9, kind: 12, start: -1, end: -1 },
} as const;

/** Calls `take` for each item of a body. Throws for bytes that are no protobuf message. */
export function readOtlpItems(signal: "traces" | "logs", body: Buffer, take: (item: OtlpItem) => void): void {
  walkOtlpItems(body, (from, end) => take(readItem(body, from, end, FIELDS[signal])));
}

function readItem(body: Buffer, from: number, end: number, fields: (typeof FIELDS)[keyof typeof FIELDS]): OtlpItem {
  let [kind, run, number] = ["", 0, 0];
  let [start, stop] = [0n, 0n];
  for (let at = from; at < end; ) {
    const field = readWireField(body, at, end);
    if (field.number === fields.traceId && field.next - field.from === 16) {
      run = body.readUInt32BE(field.from);
      number = body.readUInt32BE(field.from + 12);
    } else if (field.number === fields.kind) kind = body.toString("latin1", field.from, field.next);
    else if (field.number === fields.start) start = body.readBigUInt64LE(field.from);
    else if (field.number === fields.end) stop = body.readBigUInt64LE(field.from);
    at = field.next;
  }
  return { kind, run, number, isNegative: stop < start };
}
