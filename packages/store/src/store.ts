// A store: what is written into it, what is asked of it, and how it is kept within bounds.
import type { AlertFeed } from "./alert-feed.ts";
import type { AlertRecords } from "./alert-records.ts";
import type { OtlpFormat, OtlpSignal } from "./otlp/read-otlp.ts";
import type { EventInput, MetricPointInput, SpanInput } from "./store-input.ts";
import type { EventFilter, StoreQueries } from "./store-queries.ts";
import type { WriteResult } from "./write-result.ts";

/** How events are exported: a JSON array, one JSON object a line, or comma-separated values. */
export type ExportFormat = "json" | "ndjson" | "csv";

/** What is too old; timestamps as `2026-11-20T12:34:56.789012Z`, undefined: nothing is. */
export interface CleanUpOptions {
  readonly eventsOlderThan?: string | undefined;
  readonly tracesOlderThan?: string | undefined;
  /** Points of metrics, and the records of system and business metrics, which stay when their events go. */
  readonly metricsOlderThan?: string | undefined;
}

/** What was removed, in rows, and given back to the disk. */
export interface CleanUpResult {
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
  /** Points and records. */
  readonly metricPoints: number;
  readonly freedBytes: number;
}

/** Which records of a journal; undefined: all. */
export interface ImportOptions {
  /** The first timestamp that counts, as text. */
  readonly from?: string | undefined;
  /** The first timestamp that does not count any more. */
  readonly to?: string | undefined;
}

/** What an import has found. */
export interface ImportResult {
  readonly records: number;
  readonly written: number;
  /** There already. */
  readonly duplicates: number;
  /** Pieces of the journal that could not be read. */
  readonly skipped: number;
}

/** How a store is doing. */
export interface StoreHealth {
  /** What is wrong, in one line; undefined when all is well. */
  readonly problem: string | undefined;
  /** Since this store was opened: events, spans and points. */
  readonly written: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Requests that were not written, and whose sender was told so. */
  readonly failedWrites: number;
  /** Bytes that wait for the writer. */
  readonly pendingBytes: number;
  /** Of what came over OTLP: values that held a secret, and are stored without it. */
  readonly redacted: number;
  /** Values and items that were too long, too deep or too many, and are stored in part. */
  readonly truncated: number;
  readonly beyondBounds: BeyondBounds;
}

/**
 * What is more than a store tells apart, so that nobody can fill it with names: events of types beyond 2,000 (those of Tracebook never are),
 * of symbols, strategies and reason codes beyond 10,000 each, which are stored and counted under `other`, the given name in their data; and
 * points of series beyond 20,000, which are refused.
 */
export interface BeyondBounds {
  readonly eventTypes: number;
  readonly symbols: number;
  readonly strategies: number;
  readonly reasonCodes: number;
  readonly points: number;
}

/** How a request is taken. */
export interface TakeOptions {
  /**
   * The memory of the body is the store's from now on, whatever comes of the request: the caller must not look at it again, and has nothing
   * else in its buffer. Saves a copy of it. Default false: it is copied.
   */
  readonly isHandedOver?: boolean;
}

/** A store. What a write has resolved with is there after a crash of the process. */
export interface Store extends StoreQueries {
  /** Rules, alerts and what belongs to them. */
  readonly alerts: AlertRecords;
  /** What the alert engine reads. */
  readonly alertFeed: AlertFeed;
  /**
   * Writes an OTLP export request: all of it or nothing. `body` is copied, unless it is handed over. Rejects with `OtlpError` for a body that is none, and with
   * `StoreError` when it cannot be written now: `database_busy`, `database_full`, `store_overloaded`; the same request may be sent again.
   */
  takeOtlp(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat, options?: TakeOptions): Promise<WriteResult>;
  /** Writes events: all of them or nothing. */
  writeEvents(events: readonly EventInput[]): Promise<WriteResult>;
  /** The same for spans, and for points of metrics. */
  writeSpans(spans: readonly SpanInput[]): Promise<WriteResult>;
  writePoints(points: readonly MetricPointInput[]): Promise<WriteResult>;
  /** Calls `listener` after every write that has written something. Returns the function that ends it. */
  onWritten(listener: (result: WriteResult) => void): () => void;
  /** Writes what a journal has and the store has not; may be done again and again. */
  importJournal(dir: string, options?: ImportOptions): Promise<ImportResult>;
  /** Removes what is too old, in small steps between which others write. Works on a full disk, too. */
  cleanUp(options: CleanUpOptions): Promise<CleanUpResult>;
  /** Events as a file of their own, oldest first, in pieces of about 64 KiB; memory is bounded however many they are. */
  exportEvents(filter: EventFilter, format: ExportFormat): AsyncIterable<Uint8Array>;
  health(): StoreHealth;
  /** Ends what is under way and lets go of files and threads. */
  close(): Promise<void>;
}
