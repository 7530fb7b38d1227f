// Records of a journal as the events that a store is given.
import { eventKindOf, parseTimestamp, parseTraceId, toTimestamp } from "@tracebook/core";
import type { JournalRecord } from "@tracebook/journal";
import { cutText, MAX_ID_UNITS } from "../../otlp/text-limit.ts";
import type { EventData, EventInput, InputSource } from "../../store-input.ts";
import { toShallow } from "./shallow-data.ts";

/** As long as OTLP lets it be. */
const MAX_EVENT_TYPE_UNITS = 128;
const EXACT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const SECOND_LENGTH = "2026-11-20T12:34:56".length;
const SPAN_ID = /^[0-9a-f]{16}$/i;
const NO_SPAN = "0".repeat(16);
/** OpenTelemetry's INFO: the journal does not write the severity down, and the catalogue does not know every event. */
const INFO = 9;
/** Instances and event types that are kept at hand; more are made again. */
const MAX_KNOWN = 1_024;

/**
 * Makes a function from a record to its event: the one that the same record gives when it comes over OTLP, but for the name of the
 * service, which a journal does not know. Undefined for a record whose timestamp is no instant.
 */
export function createJournalEvents(): (record: JournalRecord) => EventInput | undefined {
  const sources = new Map<string, InputSource>();
  const severities = new Map<string, number>();
  return (record) => {
    const timestamp = toExactTimestamp(record.timestamp);
    if (timestamp === undefined) return undefined;
    const instanceId = cutText(record.instance_id, MAX_ID_UNITS);
    return {
      eventType: cutText(record.event_type, MAX_EVENT_TYPE_UNITS),
      timestamp,
      source: remembered(sources, instanceId, () => ({ serviceName: "", instanceId })),
      seq: record.seq,
      runId: cutText(record.run_id, MAX_ID_UNITS) || undefined,
      symbol: cutText(record.symbol ?? "", MAX_ID_UNITS) || undefined,
      traceId: parseTraceId(record.trace_id),
      spanId: toSpanId(record.span_id),
      severityNumber: remembered(
        severities,
        record.event_type,
        () => eventKindOf(record.event_type)?.severityNumber ?? INFO,
      ),
      // It was read from JSON.
      data: toShallow(record.data as EventData),
    };
  };
}

/**
 * A timestamp with six digits and `Z`; undefined for a text that is no instant. Of the 30th of February the calendar makes the 2nd of
 * March, here as elsewhere: rows are found by the text and counted by the minute, and both must be the same.
 */
export function toExactTimestamp(text: string): string | undefined {
  const micros = parseTimestamp(text);
  if (micros === undefined) return undefined;
  if (!EXACT.test(text)) return toTimestamp(micros);
  const second = text.slice(0, SECOND_LENGTH);
  return new Date(Date.parse(`${second}Z`)).toISOString().startsWith(second) ? text : toTimestamp(micros);
}

function toSpanId(text: string | undefined): string | undefined {
  if (text === undefined || !SPAN_ID.test(text) || text === NO_SPAN) return undefined;
  return text.toLowerCase();
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    value = make();
    known.set(key, value);
  }
  return value;
}
