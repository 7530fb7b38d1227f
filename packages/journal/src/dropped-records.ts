// The record that stands for records that are not there.
import type { EventKind, EventRecord, RecordClass } from "@tracebook/core/extension";
import type { DroppedRange } from "./drop-ledger.ts";

/** The data of `records_dropped`: of the numbers from `first_seq` to `last_seq`, `count` are missing. */
export interface RecordsDropped {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly count: number;
  /** The class of the dropped records; the highest among them when they were removed with their file. */
  readonly class: RecordClass;
  readonly reason: string;
}

/** The name of the record on the record. */
export const RECORDS_DROPPED = "records_dropped";

/** How `records_dropped` is treated: as evidence, since it says what became of evidence. */
export function recordsDroppedKind(stream: EventKind["stream"]): EventKind {
  return Object.freeze({
    eventType: RECORDS_DROPPED,
    recordClass: "evidence" as const,
    writeThrough: false,
    severityNumber: 13,
    stream,
    toData: (payload: unknown) => payload as Record<string, unknown>,
  });
}

/** The declaration of a range, as the data of its record. */
export function toRecordsDropped(range: DroppedRange): RecordsDropped {
  const { firstSeq, lastSeq, count, recordClass, reason } = range;
  return { first_seq: firstSeq, last_seq: lastSeq, count, class: recordClass, reason };
}

/** A record that belongs to no trace, made by the journal itself. */
export function untracedRecord(
  kind: EventKind,
  seq: number,
  timeMs: number,
  runId: string,
  payload: unknown,
): EventRecord {
  const ids = { traced: false, trace0: 0, trace1: 0, trace2: 0, trace3: 0, span0: 0, span1: 0 };
  return { kind, seq, timeMs, runId, payload, symbol: undefined, strategy: undefined, ...ids };
}
