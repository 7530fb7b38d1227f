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
import { boundInstant, dayOfTimestamp, toWriterName } from "./journal-layout.ts";
import { type JournalOptions, type ResolvedOptions, resolveOptions } from "./journal-options.ts";
import { type JournalStats, toJournalStats } from "./journal-stats.ts";
import { LateRecords } from "./late-records.ts";
import { type HostLatencies, LatencyStream, MAX_WAITING_BYTES } from "./latency-stream.ts";
import { CLASSES, RecordStream, rankOf } from "./record-stream.ts";
import type { ShardFile } from "./shard-file.ts";
import { createShardFiles, type ShardFiles } from "./shard-files.ts";
import { createWriterSlot, type WriterSlot } from "./writer-slot.ts";

/**
 * The append-only record of one instance. A sink for records and for kept flows; as a flow observer it writes a latency line of
 * every flow when `latencies` is `all`.
 *
 * Durability: a record whose kind is `writeThrough` is with the operating system when `accept` returns, together with all before
 * it; everything else is after `flushIntervalMs` at most. What the operating system has survives the end of the process, however it
 * ends. While a file cannot be written, records wait in memory; `flush` tries once more and does not wait for the disk. What has piled
 * up by then is written in pieces of some milliseconds, one a turn of the event loop; `flush`, `writeSync`, `close` and a `writeThrough`
 * record do not wait for that and write all of it.
 */
export interface Journal extends RecordSink, FlowSink, FlowObserver {
  readonly dir: string;
  readonly instanceId: string;
  /** The next `seq` of this instance, from the option of the same name. */
  nextSeq(): number;
  /** Takes stage latencies that the host measured itself, for `logs/metrics.jsonl`. Never throws. */
  recordLatencies(latencies: HostLatencies): void;
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
/** A turn of the event loop that writes from a backlog ends with the piece (about a millisecond) that takes it beyond this. */
const TURN_MS = 4;

class FileJournal implements Journal {
  readonly dir: string;
  readonly instanceId: string;
  readonly nextSeq: () => number;
  readonly #options: ResolvedOptions;
  readonly #slot: WriterSlot;
  readonly #files: ShardFiles;
  readonly #events: RecordStream;
  readonly #telemetry: RecordStream;
  readonly #latencies: LatencyStream;
  readonly #housekeeper: Housekeeper;
  readonly #leastRank: number;
  readonly #timer: NodeJS.Timeout;
  readonly #intervals: NodeJS.Timeout[] = [];
  /** Records that precede an action and were not written when the action went ahead. */
  readonly #late: LateRecords;
  /** Records since the last time that waiting ones were written. */
  #waiting = 0;
  #isArmed = false;
  /** The last turn left something that could have been written. */
  #isBehind = false;
  #accepted = 0;
  #isClosed = false;
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
    this.#files = createShardFiles(
      options,
      () => this.#slot.name(),
      () => this.#housekeeper.soon(),
    );
    this.#events = this.#stream("events");
    this.#telemetry = this.#stream("telemetry");
    this.#late = new LateRecords([this.#events, this.#telemetry], options.onProblem);
    const out = createJsonWriter({ redactor: options.redactor, initialBytes: 16_384, maxBytes: MAX_WAITING_BYTES * 2 });
    this.#latencies = new LatencyStream({ ...options, out, file: this.#files.metrics });
    this.#timer = setTimeout(() => this.#onTimer(), options.flushIntervalMs).unref();
    if (options.fsync === "interval") this.#every(FSYNC_EVERY_MS, () => this.#eachFile((file) => file.sync()));
    this.#every(TOUCH_EVERY_MS, () => this.#slot.touch());
    // Folder, lock and file are made before the first order has to wait for them.
    const { clock } = options;
    this.#files.events.open(dayOfTimestamp(toTimestamp(boundInstant(clock.epochMicros(clock.nowMs())))));
  }

  accept(record: EventRecord): void {
    const { kind } = record;
    const stream = kind.stream === "events" ? this.#events : this.#telemetry;
    const rank = rankOf(kind.recordClass);
    this.#accepted++;
    const isFull = this.#events.pending + this.#telemetry.pending >= this.#options.maxPendingRecords;
    if ((isFull || rank < this.#leastRank || this.#closing !== undefined) && !this.#admit(record, stream, rank)) {
      if (kind.writeThrough) this.#late.add(record, stream, this.#closing !== undefined);
      return;
    }
    stream.push(record, rank);
    if (kind.writeThrough) this.#writeThrough(record, stream);
    // Also when the record before an action could not be written: then it waits like any other.
    if (stream.hasWork) this.#arm();
  }

  flowEnded(flow: EndedFlow): void {
    if (this.#options.latencies === "all") this.#addLatencies(flow);
  }

  flowKept(flow: EndedFlow): void {
    if (this.#options.latencies === "kept") this.#addLatencies(flow);
  }

  recordLatencies(latencies: HostLatencies): void {
    if (this.#closing !== undefined) return;
    this.#latencies.addMeasured(latencies);
    this.#arm();
  }

  async flush(): Promise<void> {
    this.writeSync();
    this.#eachFile((file) => file.sync());
  }

  writeSync(): void {
    this.#eachFile((file) => file.retryNow());
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
    return toJournalStats(this.#accepted, this.#late.total, [this.#events, this.#telemetry], this.#latencies);
  }

  /**
   * Writes a record that precedes an action, and all that waits before it.
   *
   * All files, not only its own: a crash right after it must not leave a hole in the numbers before it. That holds behind a full
   * disk too, when tens of thousands of records stand before the first order that the disk takes again: that order pays for what the
   * turns before it have left (a microsecond or three a record), once. The other ways out are worse. Behind the backlog it
   * would leave without its evidence, on a disk that works; before the backlog, a crash would leave an order on record without the
   * decisions it came from.
   */
  #writeThrough(record: EventRecord, stream: RecordStream): void {
    const { droppedActions } = stream;
    this.#drainRecords();
    if (stream.hasWork || stream.droppedActions > droppedActions)
      this.#late.add(record, stream, this.#closing !== undefined);
    else this.#late.settle();
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
      // A burst that leaves nothing but evidence, or a backlog that is being written, on a disk that works: some milliseconds now are
      // better than a hole in the record.
      if (this.#isBehind || CLASSES[lower] === "evidence") this.#drainTurn();
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
    this.#drainTurn();
    if (this.#closing !== undefined || !this.#hasWork()) return;
    // Not through: the rest is for the next turn, or a file waits for its next try.
    if (!this.#isBehind) this.#timer.refresh();
    else if (!this.#isArmed) {
      this.#isArmed = true;
      setImmediate(this.#onImmediate);
    }
  }

  #hasWork(): boolean {
    return this.#events.hasWork || this.#telemetry.hasWork || this.#latencies.pending > 0;
  }

  #drain(): void {
    if (this.#isClosed) return;
    this.#waiting = 0;
    this.#drainRecords();
    this.#latencies.drain();
    this.#late.settle();
  }

  /**
   * Writes what has come since the last turn, and as much again of what waits from before; beyond that, while the turn is short. So a
   * backlog never grows on a disk that works, whatever a turn emits, and no turn is long on its account.
   */
  #drainTurn(): void {
    if (this.#isClosed) return;
    const atLeast = this.#waiting * 2;
    const untilMs = this.#options.clock.nowMs() + TURN_MS;
    this.#waiting = 0;
    const isEventsBehind = this.#events.drain(atLeast, untilMs);
    const isTelemetryBehind = this.#telemetry.drain(atLeast, untilMs);
    this.#isBehind = isEventsBehind || isTelemetryBehind;
    this.#latencies.drain();
    this.#late.settle();
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
    this.#late.end();
    await this.#housekeeper.close();
    await Promise.all(Object.values(this.#files).map((file) => file.close()));
    this.#slot.release();
  }

  #every(intervalMs: number, work: () => void): void {
    this.#intervals.push(setInterval(work, intervalMs).unref());
  }

  #eachFile(work: (file: ShardFile) => void): void {
    for (const file of Object.values(this.#files)) work(file);
  }

  #stream(stream: EventKind["stream"]): RecordStream {
    const { redactor, instanceId, clock, nextSeq } = this.#options;
    const out = createJsonWriter({ redactor, initialBytes: 131_072 });
    return new RecordStream({ stream, instanceId, clock, nextSeq, out, file: this.#files[stream] });
  }
}
