// Plays a journal again: the same events, in the same order, at any speed, on a clock that shows their time.
import { createManualClock, type ManualClock, parseTimestamp } from "@tracebook/core";
import type { EventKind } from "@tracebook/core/extension";
import type { JournalRecord } from "./journal-record.ts";
import { type ReadOptions, readJournal } from "./read-journal.ts";
import { createReadReport, type ReadReport } from "./read-report.ts";

/** A record as it is played. */
export interface ReplayEvent {
  readonly record: JournalRecord;
  /** The event's declaration, from `kindOf`; undefined for an event type that nobody declared. */
  readonly kind: EventKind | undefined;
  /** The data of the record. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The record's time, in microseconds since 1970. */
  readonly epochMicros: number;
  /** The clock of the replay, at the record's time (or later, where the recorded clock stepped back). */
  readonly clock: ManualClock;
}

/** Options of {@link replayJournal}. */
export interface ReplayOptions {
  /** A journal folder or file, or records from elsewhere in the order in which they are to be played. */
  readonly source: string | AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
  /** Gets every event; the next one waits for its promise. What it throws ends the replay. */
  readonly onEvent: (event: ReplayEvent) => void | Promise<void>;
  /** `max` (default): without waiting. A number: so many times as fast as recorded, above 0 and at most 1,000,000. */
  readonly speed?: "max" | number;
  /** Finds declarations by event type: `eventKindOf` of core, or a lookup of your own. */
  readonly kindOf?: (eventType: string) => EventKind | undefined;
  /** Which records of a folder or file are played. */
  readonly filter?: Omit<ReadOptions, "report">;
  /** Ends the replay before the next event, also in the middle of a wait. */
  readonly signal?: AbortSignal;
  /** Real monotonic milliseconds, for the pace. Default: `performance.now`. */
  readonly monotonicMs?: () => number;
  /** Waits, and returns early when the signal says so. Default: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What was played. */
export interface ReplaySummary {
  readonly records: number;
  readonly eventTypes: Readonly<Record<string, number>>;
  /** Records whose event type `kindOf` did not know. */
  readonly unknown: number;
  readonly instances: Readonly<Record<string, { readonly first_seq: number; readonly last_seq: number }>>;
  readonly firstTimestamp: string | undefined;
  readonly lastTimestamp: string | undefined;
  readonly aborted: boolean;
  /** Real milliseconds. */
  readonly elapsedMs: number;
  /** What of the files could not be used. */
  readonly report: ReadReport;
}

/** A wait shorter than this is not worth a timer; it is made up for by the next. */
const LEAST_WAIT_MS = 1;
const MAX_SPEED = 1_000_000;

/**
 * Plays a journal. Events of one instance come in the order of `seq`, those of several in the order of time. Rejects with what
 * `onEvent` threw, with `no_journal`, and with a RangeError for a speed out of range.
 *
 * @example
 * await replayJournal({ source: "./telemetry", speed: 10, kindOf: eventKindOf, onEvent: ({ record }) => console.log(record.seq) });
 */
export async function replayJournal(options: ReplayOptions): Promise<ReplaySummary> {
  const { source, signal, speed = "max" } = options;
  if (speed !== "max" && !(speed > 0 && speed <= MAX_SPEED))
    throw new RangeError(`speed is ${String(speed)}; it must be "max" or above 0 and at most ${MAX_SPEED}`);
  const report = createReadReport();
  const records = typeof source === "string" ? readJournal(source, { ...options.filter, report }) : source;
  const replay = new Replay(options, speed);
  for await (const record of records) {
    if (signal?.aborted) break;
    if (!(await replay.play(record))) break;
  }
  return replay.summary(report);
}

class Replay {
  readonly #options: ReplayOptions;
  readonly #speed: "max" | number;
  readonly #monotonicMs: () => number;
  readonly #startedMs: number;
  readonly #eventTypes = new Map<string, number>();
  readonly #instances = new Map<string, { first_seq: number; last_seq: number }>();
  #clock: ManualClock | undefined;
  #originMicros = 0;
  #records = 0;
  #unknown = 0;
  #firstTimestamp: string | undefined;
  #lastTimestamp: string | undefined;

  constructor(options: ReplayOptions, speed: "max" | number) {
    this.#options = options;
    this.#speed = speed;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.#startedMs = this.#monotonicMs();
  }

  /** False when the replay was ended while it waited. */
  async play(record: JournalRecord): Promise<boolean> {
    const { signal, kindOf, onEvent } = this.#options;
    // A record without a time of its own happens when the one before it did.
    const epochMicros = parseTimestamp(record.timestamp) ?? this.#nowMicros();
    if (this.#clock === undefined) {
      this.#clock = createManualClock(epochMicros);
      this.#originMicros = epochMicros;
      this.#firstTimestamp = record.timestamp;
    }
    if (this.#speed !== "max") await this.#waitFor(epochMicros, this.#speed);
    if (signal?.aborted) return false;
    this.#clock.advanceTo(epochMicros);
    const kind = kindOf?.(record.event_type);
    this.#count(record, kind);
    const played = onEvent({ record, kind, data: record.data, epochMicros, clock: this.#clock });
    if (played !== undefined) await played;
    return true;
  }

  summary(report: ReadReport): ReplaySummary {
    return {
      records: this.#records,
      eventTypes: Object.fromEntries(this.#eventTypes),
      unknown: this.#unknown,
      instances: Object.fromEntries(this.#instances),
      firstTimestamp: this.#firstTimestamp,
      lastTimestamp: this.#lastTimestamp,
      aborted: this.#options.signal?.aborted ?? false,
      elapsedMs: this.#monotonicMs() - this.#startedMs,
      report,
    };
  }

  async #waitFor(epochMicros: number, speed: number): Promise<void> {
    const dueMs = this.#startedMs + (epochMicros - this.#originMicros) / 1000 / speed;
    const aheadMs = dueMs - this.#monotonicMs();
    if (aheadMs >= LEAST_WAIT_MS) await (this.#options.wait ?? waitOnTimer)(aheadMs, this.#options.signal);
  }

  #nowMicros(): number {
    return this.#clock === undefined ? 0 : this.#clock.epochMicros(this.#clock.nowMs());
  }

  #count(record: JournalRecord, kind: EventKind | undefined): void {
    const { event_type, instance_id, seq, timestamp } = record;
    this.#records++;
    if (kind === undefined) this.#unknown++;
    this.#lastTimestamp = timestamp;
    this.#eventTypes.set(event_type, (this.#eventTypes.get(event_type) ?? 0) + 1);
    const instance = this.#instances.get(instance_id);
    if (instance === undefined) this.#instances.set(instance_id, { first_seq: seq, last_seq: seq });
    else {
      instance.first_seq = Math.min(instance.first_seq, seq);
      instance.last_seq = Math.max(instance.last_seq, seq);
    }
  }
}

/** Timers take 2^31 - 1 milliseconds at most: longer silences are waited for in pieces. */
const LONGEST_TIMER_MS = 2_147_483_647;

async function waitOnTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  for (let leftMs = ms; leftMs > 0 && !signal?.aborted; leftMs -= LONGEST_TIMER_MS)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(finish, Math.min(leftMs, LONGEST_TIMER_MS));
      signal?.addEventListener("abort", finish, { once: true });
      function finish(): void {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      }
    });
}
