// The feed: the newest events of a filter as they happen, held back while somebody reads, and the history below them.
import type { ApiProblem, StoredEvent } from "../api/client.ts";
import { microsTimestamp, timestampMicros } from "../format/timestamp-micros.ts";
import { type Arrivals, createArrivals } from "./arrivals.ts";
import { createMatcher, type EventFilter } from "./event-filter.ts";
import { createEventList, type EventList } from "./event-list.ts";
import type { FeedClock } from "./feed-clock.ts";
import type { ShownList } from "./feed-view.ts";
import { createGapFiller, type GapFiller } from "./gap-filler.ts";
import { type Ask, createHistoryReader, type HistoryReader } from "./history-reader.ts";
import { type ConnectionState, type EventSourceLike, liveQueryOf, openLiveConnection } from "./live-connection.ts";

import { createTextNumbers } from "./text-numbers.ts";

/** Why new events are held back: somebody said so, or is reading further down. */
export type HoldReason = "pause" | "reading";

/** The part of the feed below its last row. */
export interface OlderState {
  /** `full`: the page keeps no more. */
  readonly kind: "idle" | "loading" | "end" | "failed" | "full";
  readonly problem?: ApiProblem | undefined;
  /** A search has come to this moment so far. */
  readonly searchedBackTo?: string | undefined;
}

/** What is shown of a feed, beside its rows. A new object whenever anything has changed, the rows included. */
export interface FeedState {
  /** False: the first page is on its way. */
  readonly isReady: boolean;
  /** Why there is no first page yet; it is tried again every few seconds. */
  readonly problem: ApiProblem | undefined;
  readonly connection: ConnectionState;
  /** Of all services, whatever the filter; undefined: not known yet. */
  readonly eventsPerSecond: number | undefined;
  /** When the newest event of all happened, as the feed began; undefined: there was none. */
  readonly newest: string | undefined;
  /** Events that were left out of the feed since it began. */
  readonly skipped: number;
  readonly isPaused: boolean;
  readonly isReading: boolean;
  /** New events of the filter that are held back. */
  readonly waiting: number;
  readonly older: OlderState;
}

/** The feed. */
export interface EventFeed {
  readonly list: ShownList;
  state(): FeedState;
  /** Returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Hears of everything that comes, held back or not, at the pace of the feed. Returns what ends it. */
  listen(listener: (events: readonly StoredEvent[]) => void): () => void;
  hold(reason: HoldReason, isOn: boolean): void;
  /** Reads a page of history to the end of the list, if there is more and none is on its way. */
  loadOlder(): void;
  /** Begins again: after a problem, without waiting. */
  restart(): void;
  close(): void;
}

/** What a feed works with. */
export interface FeedPorts {
  readonly ask: Ask;
  readonly open: (address: string) => EventSourceLike;
  readonly clock: FeedClock;
  /** Default 100,000. */
  readonly maxRows?: number;
  /** Characters of all rows together, roughly. Default 200 million. */
  readonly maxSize?: number;
}

/** Makes a feed, which begins at once. */
export function createEventFeed(filter: EventFilter, ports: FeedPorts): EventFeed {
  const feed = new Feed(filter, ports);
  feed.start();
  return feed;
}

/** What has come is put in no more often than this: calm for eyes, and quick enough. */
const FLUSH_MS = 100;
const RETRY_MS = 5_000;
const FIRST_PAGE = 100;
const MAX_ROWS = 100_000;
const MAX_SIZE = 200e6;

class Feed implements EventFeed {
  readonly #filter: EventFilter;
  readonly #ports: FeedPorts;
  readonly #matches: (event: StoredEvent) => boolean;
  readonly #maxRows: number;
  readonly #arrivals: Arrivals;
  readonly #listeners = new Set<() => void>();
  readonly #counters = new Set<(events: readonly StoredEvent[]) => void>();
  #list: EventList;
  #waiting: EventList;
  #history: HistoryReader;
  /** Where the server cannot leave out by itself what is not wanted, and can be asked for the rest. */
  #filler: GapFiller | undefined;
  #abort = new AbortController();
  #callOffRetry: () => void = () => {};
  #closeConnection: () => void = () => {};
  readonly #folds = createTextNumbers();
  #lastKey = 0;
  #state: FeedState;

  constructor(filter: EventFilter, ports: FeedPorts) {
    this.#filter = filter;
    this.#ports = ports;
    this.#matches = createMatcher(filter);
    this.#maxRows = ports.maxRows ?? MAX_ROWS;
    this.#arrivals = createArrivals({
      clock: ports.clock,
      everyMs: FLUSH_MS,
      maxEvents: this.#maxRows,
      onFlush: (events, skipped) => this.#take(events, skipped),
    });
    this.#list = this.#newList();
    this.#waiting = this.#newList();
    this.#history = createHistoryReader(filter, ports.ask);
    this.#state = {
      isReady: false,
      problem: undefined,
      connection: { kind: "connecting", sinceMs: ports.clock.nowMs() },
      eventsPerSecond: undefined,
      newest: undefined,
      skipped: 0,
      isPaused: false,
      isReading: false,
      waiting: 0,
      older: { kind: "loading" },
    };
  }

  get list(): EventList {
    return this.#list;
  }

  state(): FeedState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  listen(listener: (events: readonly StoredEvent[]) => void): () => void {
    this.#counters.add(listener);
    return () => this.#counters.delete(listener);
  }

  hold(reason: HoldReason, isOn: boolean): void {
    const isPaused = reason === "pause" ? isOn : this.#state.isPaused;
    const isReading = reason === "reading" ? isOn : this.#state.isReading;
    if (isPaused === this.#state.isPaused && isReading === this.#state.isReading) return;
    if (isPaused || isReading) return this.#change({ isPaused, isReading });
    this.#list.absorb(this.#waiting);
    this.#change({ isPaused, isReading, waiting: 0, older: this.#olderNow() });
  }

  loadOlder(): void {
    const { isReady, older } = this.#state;
    if (isReady && (older.kind === "idle" || older.kind === "failed")) void this.#readOlder(this.#abort.signal);
  }

  start(): void {
    const { types, text } = this.#filter;
    const { ask, clock } = this.#ports;
    if (types.length > 1 && text === "")
      this.#filler = createGapFiller({
        filter: this.#filter,
        ask,
        clock,
        onFilled: (events, missing) => this.#put(events.filter(this.#matches).toReversed(), missing),
      });
    void this.#begin(this.#abort.signal);
  }

  restart(): void {
    this.#stop();
    this.#abort = new AbortController();
    this.#list = this.#newList();
    this.#waiting = this.#newList();
    this.#history = createHistoryReader(this.#filter, this.#ports.ask);
    this.#change({ isReady: false, problem: undefined, waiting: 0, skipped: 0, older: { kind: "loading" } });
    this.start();
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
    this.#counters.clear();
  }

  #stop(): void {
    this.#abort.abort();
    this.#closeConnection();
    this.#arrivals.clear();
    this.#filler?.close();
    this.#callOffRetry();
  }

  async #begin(signal: AbortSignal): Promise<void> {
    try {
      // Where the live feed begins: after the newest event of whatever kind. These are also the quickest first rows.
      const recent = await this.#ports.ask("/api/telemetry/recent", { limit: FIRST_PAGE }, undefined, signal);
      if (signal.aborted) return;
      this.#takeRecent(recent.events);
      await this.#readOlder(signal);
    } catch (problem) {
      if (signal.aborted) return;
      this.#change({ problem: problem as ApiProblem });
      this.#callOffRetry = this.#ports.clock.after(RETRY_MS, () => this.restart());
    }
  }

  #takeRecent(events: readonly StoredEvent[]): void {
    this.#connect(events.reduce((id, event) => Math.max(id, event.id), 0));
    // By id: what was written last but happened long ago stands further down, and comes with its page.
    const newest = events.reduce((at, event) => Math.max(at, timestampMicros(event.timestamp) || 0), 0);
    const isNear = ({ timestamp }: StoredEvent) => timestampMicros(timestamp) > newest - RECENT_MICROS;
    this.#list.addOlder(events.filter((event) => isNear(event) && this.#matches(event)));
    this.#change({ newest: newest === 0 ? undefined : microsTimestamp(newest), isReady: this.#list.length > 0 });
  }

  #connect(sinceId: number): void {
    this.#closeConnection = openLiveConnection({
      query: liveQueryOf(this.#filter),
      sinceId,
      open: this.#ports.open,
      clock: this.#ports.clock,
      onBatch: (batch) => this.#arrivals.add(batch),
      onChange: (connection) => this.#change({ connection }),
      onRate: (eventsPerSecond) => this.#change({ eventsPerSecond }),
      onReset: () => this.restart(),
    });
  }

  async #readOlder(signal: AbortSignal): Promise<void> {
    this.#change({ older: { kind: "loading" } });
    try {
      const { events, isEnd, searchedBackTo } = await this.#history.next(signal);
      if (signal.aborted) return;
      this.#list.addOlder(events);
      this.#change({ isReady: true, older: this.#olderNow({ kind: isEnd ? "end" : "idle", searchedBackTo }) });
    } catch (problem) {
      if (signal.aborted) return;
      if (!this.#state.isReady) throw problem;
      this.#change({ older: { kind: "failed", problem: problem as ApiProblem } });
    }
  }

  #take(events: readonly StoredEvent[], skipped: number): void {
    for (const counter of this.#counters) counter(events);
    const newest = Math.max(this.#list.row(0)?.at ?? 0, this.#waiting.row(0)?.at ?? 0);
    if (skipped > 0) this.#filler?.miss(newest, skipped);
    this.#put(events.filter(this.#matches), this.#filler === undefined ? skipped : 0);
  }

  #put(events: readonly StoredEvent[], skipped: number): void {
    const { isPaused, isReading, waiting } = this.#state;
    const isHeld = isPaused || isReading;
    const fresh = events.filter(({ id }) => !this.#list.has(id) && !this.#waiting.has(id));
    (isHeld ? this.#waiting : this.#list).addNew(fresh, skipped);
    this.#change({
      skipped: this.#state.skipped + skipped,
      waiting: isHeld ? waiting + fresh.length : 0,
      older: this.#olderNow(),
    });
  }

  /** What was let go at the end of the list is not read again: it would be let go again. */
  #olderNow(otherwise = this.#state.older): OlderState {
    return this.#list.dropped > 0 ? FULL : otherwise;
  }

  #newList(): EventList {
    const { maxSize = MAX_SIZE, clock } = this.#ports;
    return createEventList({
      maxRows: this.#maxRows,
      maxSize,
      newKey: () => --this.#lastKey,
      nowMicros: () => clock.nowMs() * 1_000,
      folds: this.#folds,
    });
  }

  #change(changes: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

const RECENT_MICROS = 60_000_000;
const FULL: OlderState = Object.freeze({ kind: "full" });
