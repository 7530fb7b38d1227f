// Many files as one sequence: by `seq` within an instance, by time between instances, the same on every reading.
import type { JournalRecord } from "./journal-record.ts";
import type { ReadLine } from "./shard-reader.ts";

/** A record and where it was read. */
export type ReadRecord = ReadLine<JournalRecord>;

/** Opens one of the files to be merged; `isPeek` when only its first record is wanted, and nothing is to be reported. */
export type OpenSource = (isPeek: boolean) => AsyncGenerator<ReadRecord[]>;

/** One file: closed, with only its first record known, until the merge gets there; then read piece by piece. */
class MergeSource {
  head: ReadRecord;
  readonly #open: OpenSource;
  #reader: AsyncGenerator<ReadRecord[]> | undefined;
  #piece: ReadRecord[] = [];
  #at = 0;

  constructor(head: ReadRecord, open: OpenSource) {
    this.head = head;
    this.#open = open;
  }

  /** Moves to the next record. False when there is none. */
  async next(): Promise<boolean> {
    if (this.#at + 1 < this.#piece.length) {
      this.head = this.#piece[++this.#at]!;
      return true;
    }
    const isFirst = this.#reader === undefined;
    this.#reader ??= this.#open(false);
    const { done, value } = await this.#reader.next();
    if (done) return false;
    this.#piece = value;
    this.#at = 0;
    this.head = value[0]!;
    // The first record was known before the file was opened, and has been taken.
    return isFirst ? this.next() : true;
  }

  async close(): Promise<void> {
    await this.#reader?.return(undefined);
  }
}

/**
 * Merges files. Within an instance the order is `seq`; between instances it is the timestamp, where a clock that steps back counts as
 * standing still. Only files whose first record is due are open, so that years of shards cost no more than a day.
 */
export async function* mergeRecords(openers: readonly OpenSource[]): AsyncGenerator<ReadRecord> {
  const closed = new ClosedSources(await openHeads(openers));
  const open: MergeSource[] = [];
  const latest = new Map<string, string>();
  try {
    for (;;) {
      let source = earliest(open, latest);
      for (let due = closed.take(source?.head.value); due.length > 0; due = closed.take(source?.head.value)) {
        open.push(...due);
        source = earliest(open, latest);
      }
      if (source === undefined) return;
      const { head } = source;
      const { instance_id, timestamp } = head.value;
      if (timestamp > (latest.get(instance_id) ?? "")) latest.set(instance_id, timestamp);
      yield head;
      if (!(await source.next())) open.splice(open.indexOf(source), 1);
    }
  } finally {
    await Promise.all(open.map((source) => source.close()));
  }
}

async function openHeads(openers: readonly OpenSource[]): Promise<MergeSource[]> {
  const sources: MergeSource[] = [];
  for (const opener of openers) {
    const reader = opener(true);
    const { done, value } = await reader.next();
    await reader.return(undefined);
    if (!done) sources.push(new MergeSource(value[0]!, opener));
    // Nothing in it is valid: read it once more, for the report.
    else for await (const _ of opener(false));
  }
  return sources;
}

/** The source whose record comes next: of each instance the lowest `seq`, of those the earliest in time. */
function earliest(open: readonly MergeSource[], latest: ReadonlyMap<string, string>): MergeSource | undefined {
  const [a, b] = open;
  if (b === undefined || a === undefined) return a;
  const { value } = a.head;
  const isPair = open.length === 2 && value.instance_id === b.head.value.instance_id;
  if (isPair) return value.seq <= b.head.value.seq ? a : b;
  const lowest = new Map<string, MergeSource>();
  for (const source of open) {
    const { instance_id, seq } = source.head.value;
    const other = lowest.get(instance_id);
    if (other === undefined || seq < other.head.value.seq) lowest.set(instance_id, source);
  }
  let first: MergeSource | undefined;
  let firstTime = "";
  for (const source of lowest.values()) {
    const { instance_id, timestamp } = source.head.value;
    const before = latest.get(instance_id);
    const time = before !== undefined && before > timestamp ? before : timestamp;
    const isEarlier = time < firstTime || (time === firstTime && instance_id < (first?.head.value.instance_id ?? ""));
    if (first === undefined || isEarlier) {
      first = source;
      firstTime = time;
    }
  }
  return first;
}

/** The files that are not open yet, by the time of their first record, and by its `seq` within its instance. */
class ClosedSources {
  /** Latest first, so that the next one is taken from the end. */
  readonly #byTime: MergeSource[];
  readonly #bySeq = new Map<string, MergeSource[]>();
  readonly #taken = new Set<MergeSource>();

  constructor(sources: readonly MergeSource[]) {
    this.#byTime = [...sources].sort((a, b) => compare(b.head.value.timestamp, a.head.value.timestamp));
    for (const source of sources) {
      const { instance_id } = source.head.value;
      const group = this.#bySeq.get(instance_id);
      if (group === undefined) this.#bySeq.set(instance_id, [source]);
      else group.push(source);
    }
    for (const group of this.#bySeq.values()) group.sort((a, b) => b.head.value.seq - a.head.value.seq);
  }

  /** Takes the files that must be open before `next` may be given out; with nothing open, those of the earliest time. */
  take(next: JournalRecord | undefined): MergeSource[] {
    const due: MergeSource[] = [];
    const until = next?.timestamp ?? this.#last(this.#byTime)?.head.value.timestamp ?? "";
    for (let last = this.#last(this.#byTime); last !== undefined && last.head.value.timestamp <= until; )
      last = this.#move(this.#byTime, due);
    const group = next === undefined ? undefined : this.#bySeq.get(next.instance_id);
    if (group !== undefined && next !== undefined)
      for (let last = this.#last(group); last !== undefined && last.head.value.seq < next.seq; )
        last = this.#move(group, due);
    return due;
  }

  /** The last source of a list that was not taken through the other list. */
  #last(list: MergeSource[]): MergeSource | undefined {
    while (list.length > 0 && this.#taken.has(list.at(-1)!)) this.#taken.delete(list.pop()!);
    return list.at(-1);
  }

  #move(list: MergeSource[], into: MergeSource[]): MergeSource | undefined {
    const source = list.pop()!;
    this.#taken.add(source);
    into.push(source);
    return this.#last(list);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
