// The recorder: takes records on the hot path, writes them after the tick, and evidence that precedes an action at once.
import { toTimestamp } from "@tracebook/core";
import {
  createJsonWriter,
  type EndedFlow,
  type EventKind,
  type EventRecord,
  type FlowObserver,
  type FlowSink,
  type RecordSink,
} from "@tracebook/core/extension";
import { createHousekeeper, type Housekeeper } from "./housekeeper.ts";
import { dayOfTimestamp, type ShardStem, toWriterName } from "./journal-layout.ts";
import { type JournalOptions, partBytes, type ResolvedOptions, resolveOptions } from "./journal-options.ts";
import { type JournalStats, toJournalStats } from "./journal-stats.ts";
import { LatencyStream, MAX_WAITING_BYTES } from "./latency-stream.ts";
import { CLASSES, RecordStream, rankOf } from "./record-stream.ts";
import { ShardFile } from "./shard-file.ts";
import { createWriterSlot, type WriterSlot } from "./writer-slot.ts";

/**
 * The append-only record of one instance. A sink for records and for kept flows; as a flow observer it writes a latency line of
 * every flow when `latencies` is `all`.
 *
 * Durability: a record whose kind is `writeThrough` is with the operating system when `accept` returns, together with all before
 * it; everything else is after `flushIntervalMs` at most. What the operating system has survives the end of the process, however it
 * ends. While a file cannot be written, records wait in memory; `flush` tries once more and does not wait for the disk.
 */
export interface Journal extends RecordSink, FlowSink, FlowObserver {
  readonly dir: string;
  readonly instanceId: string;
  /** The next `seq` of this instance, from the option of the same name. */
  nextSeq(): number;
  /** Writes everything that waits, now, and returns when the operating system has it. For crash handlers; never throws. */
  writeSync(): void;
  /** The time on the journal's clock (milliseconds) of a time of day (microseconds since 1970). */
  toTimeMs(epochMicros: number): number;
  /** What was taken, written, dropped, and where it went. Cost: allocates; not for the hot path. */
  stats(): JournalStats;
}

/**
 * Opens a journal in `options.dir`, making the folder when it is missing. Throws `invalid_option`; a disk that cannot be written is
 * one line to `onProblem`, and is tried again for as long as the journal is open.
 */
export function createJournal(options: JournalOptions): Journal {
  return new FileJournal(resolveOptions(options));
}

const FSYNC_EVERY_MS = 1_000;
const TOUCH_EVERY_MS = 60_000;

class FileJournal implements Journal {
  readonly dir: string;
  readonly instanceId: string;
  readonly nextSeq: () => number;
  readonly #options: ResolvedOptions;
  readonly #slot: WriterSlot;
  readonly #events: RecordStream;
  readonly #telemetry: RecordStream;
  readonly #latencies: LatencyStream;
  readonly #housekeeper: Housekeeper;
  readonly #leastRank: number;
  readonly #timer: NodeJS.Timeout;
  readonly #intervals: NodeJS.Timeout[] = [];
  /** Records since the last time everything was written. */
  #waiting = 0;
  #isArmed = false;
  #accepted = 0;
  /** Records that precede an action and were not written when the action went ahead. */
  #late = 0;
  #isClosed = false;
  /** How many of the files cannot be written. */
  #failing = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.dir = options.dir;
    this.instanceId = options.instanceId;
    this.nextSeq = options.nextSeq;
    this.#leastRank = rankOf(options.dropBelow);
    this.#slot = createWriterSlot(
      options.fileSystem,
      options.processProbe,
      options.dir,
      toWriterName(options.instanceId),
    );
    this.#housekeeper = createHousekeeper(options);
    this.#events = this.#stream("events");
    this.#telemetry = this.#stream("telemetry");
    const out = createJsonWriter({ redactor: options.redactor, initialBytes: 16_384, maxBytes: MAX_WAITING_BYTES * 2 });
    this.#latencies = new LatencyStream({ ...options, out, file: this.#file("metrics") });
    this.#timer = setTimeout(() => this.#onTimer(), options.flushIntervalMs).unref();
    if (options.fsync === "interval") this.#every(FSYNC_EVERY_MS, () => this.#files((file) => file.sync()));
    this.#every(TOUCH_EVERY_MS, () => this.#slot.touch());
    // Folder, lock and file are made before the first order has to wait for them.
    this.#events.file.open(dayOfTimestamp(toTimestamp(options.clock.epochMicros(options.clock.nowMs()))));
  }

  accept(record: EventRecord): void {
    const { kind } = record;
    const stream = kind.stream === "events" ? this.#events : this.#telemetry;
    const rank = rankOf(kind.recordClass);
    this.#accepted++;
    const isFull = this.#events.pending + this.#telemetry.pending >= this.#options.maxPendingRecords;
    if ((isFull || rank < this.#leastRank || this.#closing !== undefined) && !this.#admit(record, stream, rank)) {
      if (kind.writeThrough) this.#late++;
      return;
    }
    stream.push(record, rank);
    if (kind.writeThrough) {
      // All files, not only its own: a crash right after it must not leave a hole in the numbers before it.
      this.#drainRecords();
      if (stream.hasWork) this.#late++;
    }
    // Also when the record before an action could not be written: then it waits like any other.
    if (stream.hasWork) this.#arm();
  }

  flowEnded(flow: EndedFlow): void {
    if (this.#options.latencies === "all") this.#addLatencies(flow);
  }

  flowKept(flow: EndedFlow): void {
    if (this.#options.latencies === "kept") this.#addLatencies(flow);
  }

  async flush(): Promise<void> {
    this.writeSync();
    this.#files((file) => file.sync());
  }

  writeSync(): void {
    this.#files((file) => file.retryNow());
    this.#drain();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  toTimeMs(epochMicros: number): number {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    return nowMs + (epochMicros - clock.epochMicros(nowMs)) / 1000;
  }

  stats(): JournalStats {
    return toJournalStats(this.#accepted, this.#late, [this.#events, this.#telemetry], this.#latencies);
  }

  /** Decides about a record that does not simply go in. False: it is dropped. */
  #admit(record: EventRecord, stream: RecordStream, rank: number): boolean {
    if (this.#closing !== undefined) stream.drop(record, "closed");
    else if (rank >= this.#leastRank && this.#makeRoom(rank)) return true;
    else {
      stream.drop(record, rank < this.#leastRank ? "below_class" : "queue_full");
      this.#arm();
    }
    return false;
  }

  /** Lets the oldest record of the lowest class go, if that is not above the class of the newcomer. */
  #makeRoom(rank: number): boolean {
    for (let lower = 0; lower < CLASSES.length && lower <= rank; lower++) {
      // A burst that leaves nothing but evidence, on a disk that works: a millisecond now is better than a hole in the record.
      if (CLASSES[lower] === "evidence") this.#drain();
      if (this.#events.pending + this.#telemetry.pending < this.#options.maxPendingRecords) return true;
      if (this.#events.dropOldest(lower, "queue_full") || this.#telemetry.dropOldest(lower, "queue_full")) return true;
    }
    return false;
  }

  #addLatencies(flow: EndedFlow): void {
    if (this.#closing !== undefined) return;
    this.#latencies.add(flow);
    this.#arm();
  }

  /** One timer from the first record on, one immediate when there are enough: not one per record. */
  #arm(): void {
    const waiting = ++this.#waiting;
    if (waiting >= this.#options.bufferSize) {
      if (this.#isArmed) return;
      this.#isArmed = true;
      setImmediate(this.#onImmediate);
    } else if (waiting === 1) this.#timer.refresh();
  }

  readonly #onImmediate = (): void => {
    this.#isArmed = false;
    this.#onTimer();
  };

  #onTimer(): void {
    this.#drain();
    // Not through: a file waits for its next try.
    if (this.#hasWork() && this.#closing === undefined) this.#timer.refresh();
  }

  #hasWork(): boolean {
    return this.#events.hasWork || this.#telemetry.hasWork || this.#latencies.pending > 0;
  }

  #drain(): void {
    if (this.#isClosed) return;
    this.#waiting = 0;
    this.#drainRecords();
    this.#latencies.drain();
  }

  #drainRecords(): void {
    this.#events.drain();
    this.#telemetry.drain();
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const interval of this.#intervals) clearInterval(interval);
    this.writeSync();
    this.#isClosed = true;
    this.#events.dropAll("closed");
    this.#telemetry.dropAll("closed");
    this.#latencies.dropAll();
    await this.#housekeeper.close();
    await Promise.all([this.#events.file.close(), this.#telemetry.file.close(), this.#latencies.file.close()]);
    this.#slot.release();
  }

  #every(intervalMs: number, work: () => void): void {
    this.#intervals.push(setInterval(work, intervalMs).unref());
  }

  #files(work: (file: ShardFile) => void): void {
    for (const { file } of [this.#events, this.#telemetry, this.#latencies]) work(file);
  }

  #stream(stream: EventKind["stream"]): RecordStream {
    const { redactor, instanceId, clock, nextSeq } = this.#options;
    const out = createJsonWriter({ redactor, initialBytes: 131_072 });
    return new RecordStream({ stream, instanceId, clock, nextSeq, out, file: this.#file(stream) });
  }

  #file(stem: ShardStem): ShardFile {
    const { fileSystem, dir, instanceId, clock, maxBytes, fsync, onProblem } = this.#options;
    return new ShardFile({
      fs: fileSystem,
      dir,
      stem,
      writer: () => this.#slot.name(),
      fallbackWriter: toWriterName(instanceId),
      nowMs: () => clock.nowMs(),
      maxPartBytes: partBytes(maxBytes),
      fsync: fsync === "interval",
      onProblem,
      onPartClosed: () => this.#housekeeper.soon(),
      // One disk, one line: the first file that fails speaks for all, and so does the last that works again.
      onFailure: (line) => {
        if (this.#failing++ === 0) onProblem(line);
      },
      onRecovery: (line) => {
        if (--this.#failing === 0) onProblem(line);
      },
    });
  }
}
