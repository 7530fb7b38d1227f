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
  /** Instances that the file has left behind: a writer begins in a file when the one before it has ended. */
  readonly left = new Set<string>();
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
    const { instance_id } = this.head.value;
    if (!(await this.#advance())) return false;
    if (this.head.value.instance_id !== instance_id) this.left.add(instance_id);
    return true;
  }

  async #advance(): Promise<boolean> {
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
    return isFirst ? this.#advance() : true;
  }

  async close(): Promise<void> {
    await this.#reader?.return(undefined);
  }
}

/**
 * Merges files. Within an instance the order is `seq`; between instances it is the timestamp, where a clock that steps back counts
 * as standing still, and instances that wrote one file after another keep that order. Only files whose first record is due are
 * open, so that years of shards cost no more than a day.
 */
export async function* mergeRecords(openers: readonly OpenSource[]): AsyncGenerator<ReadRecord> {
  const closed = new ClosedSources(await openHeads(openers));
  const open: MergeSource[] = [];
  const latest = new Map<string, string>();
  try {
    for (;;) {
      let source = earliest(open, latest);
      for (let due = closed.take(source); due.length > 0; due = closed.take(source)) {
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
  const waiting = open.filter((source) => !isBlocked(source, open));
  // Files that hold two writers in turn are not of our making; any order is as good as another then.
  for (const source of waiting.length > 0 ? waiting : open) {
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

/** What a file holds of its second writer comes after all that other files hold of its first. */
function isBlocked(source: MergeSource, open: readonly MergeSource[]): boolean {
  return source.left.size > 0 && open.some((other) => source.left.has(other.head.value.instance_id));
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

  /** Takes the files that must be open before the record of `next` is given out; without one, those of the earliest time. */
  take(next: MergeSource | undefined): MergeSource[] {
    const due: MergeSource[] = [];
    const until = next?.head.value.timestamp ?? this.#last(this.#byTime)?.head.value.timestamp ?? "";
    for (let last = this.#last(this.#byTime); last !== undefined && last.head.value.timestamp <= until; )
      last = this.#move(this.#byTime, due);
    if (next === undefined) return due;
    this.#takeBelow(next.head.value.instance_id, next.head.value.seq, due);
    for (const instanceId of next.left) this.#takeBelow(instanceId, Number.POSITIVE_INFINITY, due);
    return due;
  }

  /** Takes the files that begin with a number of the instance below `seq`. */
  #takeBelow(instanceId: string, seq: number, into: MergeSource[]): void {
    const group = this.#bySeq.get(instanceId);
    if (group === undefined) return;
    for (let last = this.#last(group); last !== undefined && last.head.value.seq < seq; )
      last = this.#move(group, into);
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
