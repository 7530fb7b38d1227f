// What a program that has the desk in its own process asks of it: the names and shapes of the API.
import { createRedactor, toTimestamp } from "@tracebook/core";
import { boundValue } from "@tracebook/core/extension";
import {
  type ConfidenceDistribution,
  type EventData,
  type EventFilter,
  type Store,
  type StoredEvent,
  type SymbolTotals,
  symbolTotalsOf,
  type WriteResult,
} from "@tracebook/store";
import { compare, type DeskRejection, type DeskSummary, rejectionsOf, summarize } from "./answers/desk-analytics.ts";
import { lastDay } from "./answers/time-range.ts";
import { parseTimestampParameter } from "./api/timestamp-parameter.ts";
import { DeskError } from "./errors.ts";
import type { RecentEvents } from "./live/recent-events.ts";

/** An instant: a date, or ISO 8601 in any offset. */
export type DeskInstant = Date | string;

/** An event that a program records by itself, without telemetry. */
export interface DeskEvent {
  /** `scan_started`; up to 255 characters. */
  readonly eventType: string;
  /** Fields as they are to be read: `confidence_score`. Anything else than JSON is turned into it; secrets are taken out, what is too large is cut. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** Default now. */
  readonly timestamp?: DeskInstant | undefined;
  readonly symbol?: string | undefined;
  readonly runId?: string | undefined;
  /** 32 hex digits. */
  readonly traceId?: string | undefined;
}

/** Which events; what is left out does not matter. Both ends of the range belong to it. */
export interface DeskEventFilter {
  readonly eventType?: string | undefined;
  readonly symbol?: string | undefined;
  readonly runId?: string | undefined;
  /** As the data of the event have them: `user_id`, `event_category`. */
  readonly userId?: string | undefined;
  readonly eventCategory?: string | undefined;
  readonly start?: DeskInstant | undefined;
  readonly end?: DeskInstant | undefined;
}

/** A page of events. */
export interface DeskEventPage extends DeskEventFilter {
  /** 1 to 10,000; default 100. */
  readonly limit?: number | undefined;
  /** So many of the newest are left out; default 0. */
  readonly offset?: number | undefined;
}

/** The questions. Ranges are the last 24 hours unless told otherwise. They reject with `StoreError`, and `DeskError` for what cannot be one. */
export interface DeskApi {
  /** Records an event; what it resolves with is on disk, and in the cache. */
  logEvent(event: DeskEvent): Promise<WriteResult>;
  /** The newest events from memory, newest first; at most 100 are kept. */
  getCachedEvents(limit?: number): readonly StoredEvent[];
  /** Newest first. */
  getEvents(page?: DeskEventPage): Promise<readonly StoredEvent[]>;
  getEventCount(filter?: DeskEventFilter): Promise<number>;
  /** `scans.total`, `signals.signal_rate` and the rest. */
  getSummaryStats(start?: DeskInstant, end?: DeskInstant): Promise<DeskSummary>;
  /** The same, and of the range of the same length before it as `previous`: with seven days week against week. */
  compareWithPrevious(
    start?: DeskInstant,
    end?: DeskInstant,
  ): Promise<DeskSummary & { readonly previous: DeskSummary }>;
  /** Why signals were rejected, most first; default 10 reasons. */
  getRejectionBreakdown(limit?: number, start?: DeskInstant, end?: DeskInstant): Promise<readonly DeskRejection[]>;
  /** Scores of generated signals: `avg` and `buckets`. */
  getConfidenceDistribution(start?: DeskInstant, end?: DeskInstant): Promise<ConfidenceDistribution>;
  /** How each symbol does, most events first; default 50 symbols. */
  getSymbolStats(limit?: number, start?: DeskInstant, end?: DeskInstant): Promise<readonly SymbolTotals[]>;
}

const MAX_TYPE_LENGTH = 255;
const INFO = 9;

/** Makes the questions. `sourceName` is who has recorded what `logEvent` is given. */
export function createDeskApi(store: Store, recent: RecentEvents, sourceName: string, nowMs: () => number): DeskApi {
  const redactor = createRedactor();
  const range = (start: DeskInstant | undefined, end: DeskInstant | undefined) =>
    lastDay({ start_time: instant("start", start), end_time: instant("end", end) }, nowMs());
  return {
    async logEvent({ eventType, data = {}, timestamp, symbol, runId, traceId }) {
      if (typeof eventType !== "string" || eventType === "" || eventType.length > MAX_TYPE_LENGTH)
        throw new DeskError(
          "invalid_option",
          `eventType is ${String(eventType).slice(0, 80)}; it must have 1 to 255 characters.`,
        );
      const result = await store.writeEvents([
        {
          eventType,
          timestamp: instant("timestamp", timestamp) ?? toTimestamp(nowMs() * 1_000),
          source: { serviceName: sourceName, instanceId: "" },
          seq: 0,
          runId,
          symbol,
          traceId,
          spanId: undefined,
          severityNumber: INFO,
          data: boundValue(data, { redactor }) as EventData,
        },
      ]);
      await recent.current();
      return result;
    },
    getCachedEvents: (limit = 100) => recent.get(limit),
    getEvents: async ({ limit = 100, offset = 0, ...filter } = {}) =>
      (await store.findEvents(filterOf(filter), limit, offset)).events,
    getEventCount: async (filter = {}) => store.countEvents(filterOf(filter)),
    getSummaryStats: async (start, end) => summarize(store, range(start, end), undefined),
    compareWithPrevious: async (start, end) => compare(store, range(start, end), undefined),
    getRejectionBreakdown: async (limit = 10, start, end) =>
      (await rejectionsOf(store, range(start, end), undefined, limit)).rejections,
    getConfidenceDistribution: async (start, end) => store.confidenceDistribution(range(start, end)),
    getSymbolStats: async (limit = 50, start, end) => symbolTotalsOf(store, range(start, end), limit),
  };
}

function filterOf({ start, end, ...filter }: DeskEventFilter): EventFilter {
  const { eventType, symbol, runId, userId, eventCategory } = filter;
  const range = { startTime: instant("start", start), endTime: instant("end", end) };
  return { eventType, symbol, runId, userId, eventCategory, ...range };
}

/** The instant as the store has it. */
function instant(name: string, given: DeskInstant | undefined): string | undefined {
  if (given === undefined) return undefined;
  const isDate = given instanceof Date;
  const text = isDate ? (Number.isNaN(given.getTime()) ? "" : given.toISOString()) : given;
  const timestamp = typeof text === "string" ? parseTimestampParameter(text) : undefined;
  if (timestamp !== undefined) return timestamp;
  const shown = isDate ? "an invalid date" : `"${String(given).slice(0, 80)}"`;
  throw new DeskError("invalid_option", `${name} is ${shown}; it must be a date, or a time as ISO 8601 has it.`);
}
