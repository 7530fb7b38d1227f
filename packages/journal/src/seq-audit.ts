// Is every record of an instance there, or declared as dropped?
import type { RecordsDropped } from "./dropped-records.ts";
import { type SeqRange, SeqSet } from "./seq-set.ts";

/** What is known about the numbers of one instance. */
export interface InstanceResult {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly records: number;
  /** Numbers that are neither there nor declared: damage. */
  readonly missing: number;
  /** Numbers that are not there and are declared as dropped. */
  readonly declared: number;
  /**
   * Numbers missing at the very end in one of the two files: the process ended (kill -9, power) between the write to the one and
   * the write to the other. No damage.
   */
  readonly unfinished: number;
  readonly duplicates: number;
}

/** A range of numbers of which more are missing than were declared. */
export interface SeqGap extends SeqRange {
  readonly missing: number;
  readonly declared: number;
}

/** The two files that the records of an instance go to; each has its numbers in rising order. */
export type SeqStream = "events" | "telemetry";

/** Both files are written one right after the other, so that only the last of a process can be in one and not in the other. */
const LAST_MS = 1_000;

/** Collects the numbers of one instance. */
export class SeqAudit {
  readonly #present = new SeqSet();
  readonly #covered = new SeqSet();
  /** By their text, so that a declaration that was written twice counts once. */
  readonly #declarations = new Map<string, RecordsDropped>();
  readonly #lastOf = { events: 0, telemetry: 0 };
  /** The time of the record behind a gap, by the first number of the gap. */
  readonly #afterGap = new Map<number, string>();
  #latest = "";
  #records = 0;
  #duplicates = 0;

  /** Adds a record. False when its number was there already. */
  add(seq: number, stream: SeqStream, timestamp: string): boolean {
    this.#records++;
    this.#lastOf[stream] = Math.max(this.#lastOf[stream], seq);
    if (timestamp > this.#latest) this.#latest = timestamp;
    const last = this.#present.last;
    if (last !== undefined && seq > last + 1) this.#afterGap.set(last + 1, timestamp);
    if (this.#present.add(seq)) return true;
    this.#duplicates++;
    return false;
  }

  /** Adds a declaration; one that was written in place of a record it declares does not count as present. */
  declare(seq: number, stream: SeqStream, timestamp: string, dropped: RecordsDropped): boolean {
    const { first_seq, last_seq, count, reason } = dropped;
    this.#declarations.set(`${first_seq} ${last_seq} ${count} ${reason} ${dropped.class}`, dropped);
    this.#covered.addRange(first_seq, last_seq);
    if (seq < first_seq || seq > last_seq) return this.add(seq, stream, timestamp);
    this.#records++;
    return true;
  }

  /** The numbers that are neither there nor declared, those at the very end left out. */
  *undeclared(): Generator<SeqGap> {
    for (const gap of this.#unexplained()) if (!this.#isUnfinished(gap)) yield gap;
  }

  *#unexplained(): Generator<SeqGap> {
    const all = new SeqSet();
    for (const { first, last } of this.#present.ranges()) all.addRange(first, last);
    for (const { first, last } of this.#covered.ranges()) all.addRange(first, last);
    for (const gap of all.gaps()) yield { ...gap, missing: gap.last - gap.first + 1, declared: 0 };
    for (const { first, last, missing, declared } of this.#clusters())
      if (missing > declared) yield { first, last, missing: missing - declared, declared };
  }

  result(): InstanceResult {
    let missing = 0;
    let unfinished = 0;
    for (const gap of this.#unexplained())
      if (this.#isUnfinished(gap)) unfinished += gap.missing;
      else missing += gap.missing;
    let declared = 0;
    for (const cluster of this.#clusters()) declared += Math.min(cluster.missing, cluster.declared);
    const firsts = [this.#present.first, this.#covered.first].filter((seq) => seq !== undefined);
    const lasts = [this.#present.last, this.#covered.last].filter((seq) => seq !== undefined);
    return {
      firstSeq: Math.min(...firsts),
      lastSeq: Math.max(...lasts),
      records: this.#records,
      missing,
      declared,
      unfinished,
      duplicates: this.#duplicates,
    };
  }

  /** One file goes on behind the gap, the other does not, and the end is near: the gap is what the other still had to get. */
  #isUnfinished(gap: SeqGap): boolean {
    const { events, telemetry } = this.#lastOf;
    const after = this.#afterGap.get(gap.first);
    const isBehind = events > 0 && telemetry > 0 && gap.first > Math.min(events, telemetry);
    if (after === undefined || gap.declared > 0 || !isBehind) return false;
    return Date.parse(this.#latest) - Date.parse(after) <= LAST_MS;
  }

  /** Declared ranges that overlap or touch, together: how many of their numbers are missing, and how many should be. */
  *#clusters(): Generator<SeqGap> {
    const declarations = [...this.#declarations.values()].sort((a, b) => a.first_seq - b.first_seq);
    let at = 0;
    for (const { first, last } of this.#covered.ranges()) {
      let declared = 0;
      for (; at < declarations.length && declarations[at]!.first_seq <= last; at++) declared += declarations[at]!.count;
      yield { first, last, missing: this.#present.missingIn(first, last), declared };
    }
  }
}

/** Reads the data of a `records_dropped` record; undefined when it makes no sense. */
export function toDeclaration(data: Readonly<Record<string, unknown>>): RecordsDropped | undefined {
  const { first_seq: first, last_seq: last, count } = data;
  if (!isSeq(first) || !isSeq(last) || !isSeq(count) || last < first || count > last - first + 1) return undefined;
  return data as unknown as RecordsDropped;
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
