// The records of one file on their way to it: queued by class, encoded after the tick, kept until they are written.
import { type Clock, toTimestamp } from "@tracebook/core";
import type { ByteJsonWriter, EventKind, EventRecord, RecordClass } from "@tracebook/core/extension";
import { DropLedger } from "./drop-ledger.ts";
import { recordsDroppedKind, toRecordsDropped, untracedRecord } from "./dropped-records.ts";
import { boundInstant, dayNumber, dayOfTimestamp, dayStart } from "./journal-layout.ts";
import { LineEncoder } from "./line-encoder.ts";
import { RecordRing } from "./record-ring.ts";
import type { ShardFile } from "./shard-file.ts";

/** What a stream needs to know of its journal. */
export interface RecordStreamOptions {
  readonly stream: EventKind["stream"];
  readonly instanceId: string;
  readonly clock: Clock;
  readonly nextSeq: () => number;
  readonly out: ByteJsonWriter;
  readonly file: ShardFile;
}

/** Classes from the least to the most important. */
export const CLASSES: readonly RecordClass[] = ["market", "event", "evidence"];

/** The place of a class in {@link CLASSES}; an unknown one counts as `event`. */
export function rankOf(recordClass: RecordClass): number {
  return recordClass === "evidence" ? 2 : recordClass === "market" ? 0 : 1;
}

const BATCH_RECORDS = 256;
/** One write takes about this many bytes: beyond it the cost of the call is nothing beside that of the copy. */
const BATCH_BYTES = 65_536;

/** Queues, encodes and writes the records of one file; in the order of `seq`, nothing lost on a failed write. */
export class RecordStream {
  readonly file: ShardFile;
  /** Records accepted and neither written nor dropped. */
  pending = 0;
  written = 0;
  /** Declarations that this stream made itself: accepted + declared = written + dropped + pending. */
  declared = 0;
  bytesWritten = 0;
  lastSeq = 0;
  firstSeq = 0;
  /** Dropped records that were to precede an action. */
  droppedActions = 0;
  /** Dropped records by class, then by reason. */
  readonly dropped: Record<RecordClass, Record<string, number>> = { market: {}, event: {}, evidence: {} };
  readonly #rings = [new RecordRing(), new RecordRing(), new RecordRing()] as const;
  readonly #ledger = new DropLedger();
  readonly #options: RecordStreamOptions;
  readonly #encoder: LineEncoder;
  readonly #droppedKind: EventKind;
  /** Records on their way to the file, from `#done` on: empty between drains, but for declarations that could not be written. */
  #batch: EventRecord[] = [];
  #done = 0;
  /** Records that could not be encoded. */
  #discarded = 0;
  readonly #ends = new Int32Array(BATCH_RECORDS);
  #day = "";
  #dayFrom = 0;
  #dayTo = 0;
  #runId = "";
  #isDraining = false;

  constructor(options: RecordStreamOptions) {
    this.#options = options;
    this.file = options.file;
    this.#encoder = new LineEncoder(options.out, options.instanceId);
    this.#droppedKind = recordsDroppedKind(options.stream);
  }

  push(record: EventRecord, rank: number): void {
    this.#rings[rank as 0 | 1 | 2].push(record);
    this.pending++;
  }

  /** Drops the oldest waiting record of a class. False when none waits. */
  dropOldest(rank: number, reason: string): boolean {
    const ring = this.#rings[rank as 0 | 1 | 2];
    if (ring.size === 0) return false;
    this.pending--;
    this.drop(ring.shift(), reason);
    return true;
  }

  /** Puts a record that does not wait here on the list of those that are declared as dropped. */
  drop(record: EventRecord, reason: string): void {
    const { recordClass, writeThrough } = record.kind;
    const reasons = this.dropped[CLASSES[rankOf(recordClass)]!];
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    if (writeThrough) this.droppedActions++;
    // A declaration that cannot be encoded is not declared in turn, without end: its number stays missing, which is what it is.
    if (record.kind === this.#droppedKind) return;
    this.#ledger.add(record.seq, recordClass, reason);
    if (typeof record.runId === "string") this.#runId = record.runId;
  }

  /** Drops everything that waits, for good: nothing will be written any more. */
  dropAll(reason: string): void {
    for (const record of this.#batch.slice(this.#done)) this.drop(record, reason);
    this.#batch.length = 0;
    this.#done = 0;
    for (let rank = 0; rank < CLASSES.length; rank++) while (this.dropOldest(rank, reason));
    this.pending = 0;
  }

  get hasWork(): boolean {
    return this.pending > 0 || !this.#ledger.isEmpty;
  }

  /**
   * Encodes and writes what waits, as far as the file takes it. Never throws; does nothing before a failed file's next try.
   *
   * Given a bound it stops behind the piece (64 KiB) that reaches `untilMs` on the journal's clock, but not before `atLeast` records.
   * True when it stopped there and more waits.
   */
  drain(atLeast = Number.POSITIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY): boolean {
    // Making data calls into the host, and a host may emit from there: that record waits for the next round of this loop.
    if (this.#isDraining || !this.hasWork || !this.file.isReady()) return false;
    this.#isDraining = true;
    const enough = this.written + this.#discarded + atLeast;
    try {
      while (this.#fill() && this.#write())
        if (this.written + this.#discarded >= enough && this.#options.clock.nowMs() >= untilMs) return this.hasWork;
    } catch {
      // Nothing here is expected to throw: what a record can throw is caught with that record. What is left waits for the next drain.
    } finally {
      this.#putBack();
      this.#isDraining = false;
    }
    return false;
  }

  /** What was not written waits in its class again, where the lowest is dropped first. Declarations are never dropped. */
  #putBack(): void {
    if (this.#batch[this.#done]?.kind === this.#droppedKind) return;
    for (let at = this.#batch.length - 1; at >= this.#done; at--) {
      const record = this.#batch[at]!;
      this.#rings[rankOf(record.kind.recordClass) as 0 | 1 | 2].unshift(record);
    }
    this.#batch.length = 0;
    this.#done = 0;
  }

  /** Takes the next records in the order of `seq`; behind the last one, what had to be dropped is declared. */
  #fill(): boolean {
    if (this.#done < this.#batch.length) return true;
    this.#batch.length = 0;
    this.#done = 0;
    const [market, event, evidence] = this.#rings;
    while (this.#batch.length < BATCH_RECORDS) {
      const a = market.headSeq();
      const b = event.headSeq();
      const c = evidence.headSeq();
      const ring = c <= b && c <= a ? evidence : b <= a ? event : market;
      if (ring.size === 0) break;
      this.#batch.push(ring.shift());
    }
    if (this.#batch.length === 0 && !this.#ledger.isEmpty) this.#declare();
    return this.#batch.length > 0;
  }

  #declare(): void {
    const { clock, nextSeq } = this.#options;
    for (const range of this.#ledger.take()) {
      this.#batch.push(
        untracedRecord(this.#droppedKind, nextSeq(), clock.nowMs(), this.#runId, toRecordsDropped(range)),
      );
      this.declared++;
      this.pending++;
    }
  }

  /** Writes one piece of the batch: lines of one day, about 64 KiB. False when the file did not take all of it. */
  #write(): boolean {
    const { out } = this.#options;
    const count = this.#encode();
    if (count === 0) return true;
    const taken = this.file.append(out.bytes, out.length, this.#day);
    let lines = 0;
    while (lines < count && this.#ends[lines]! <= taken) lines++;
    if (lines > 0) this.#settle(lines);
    return lines === count;
  }

  /** Returns how many lines the piece has: none when nothing of the batch could be encoded. */
  #encode(): number {
    const { out } = this.#options;
    let count = 0;
    out.reset();
    while (count < BATCH_RECORDS && out.length < BATCH_BYTES) {
      const record = this.#batch[this.#done + count];
      if (record === undefined) break;
      const start = out.length;
      try {
        if (!this.#encodeLine(record, count === 0)) break;
        this.#ends[count++] = out.length;
      } catch {
        // The encoder answers for data; what throws here is the record itself, and it alone goes.
        out.rewind(start);
        this.#discard(this.#done + count);
      }
    }
    return count;
  }

  /** False when the record belongs to another day than the lines before it. */
  #encodeLine(record: EventRecord, isFirst: boolean): boolean {
    const micros = boundInstant(this.#options.clock.epochMicros(record.timeMs));
    if (micros < this.#dayFrom || micros >= this.#dayTo) {
      if (!isFirst) return false;
      this.#changeDay(micros);
    }
    this.#encoder.encode(record, micros);
    return true;
  }

  #discard(at: number): void {
    for (const record of this.#batch.splice(at, 1)) this.drop(record, "internal_error");
    this.#discarded++;
    this.pending--;
  }

  #settle(lines: number): void {
    if (this.firstSeq === 0) this.firstSeq = this.#batch[this.#done]!.seq;
    this.#done += lines;
    this.lastSeq = this.#batch[this.#done - 1]!.seq;
    this.pending -= lines;
    this.written += lines;
    this.bytesWritten += this.#ends[lines - 1]!;
  }

  #changeDay(micros: number): void {
    const day = dayNumber(micros);
    this.#dayFrom = dayStart(day);
    this.#dayTo = dayStart(day + 1);
    this.#day = dayOfTimestamp(toTimestamp(this.#dayFrom));
  }
}
