// Reads backwards through what the store has of a filter, page by page, with whichever question fits the filter.
import type { Answer, AnswerPath, PathValues, Query, StoredEvent } from "../api/client.ts";
import { microsTimestamp, timestampMicros } from "../format/timestamp-micros.ts";
import type { EventFilter } from "./event-filter.ts";
import { readEvent } from "./live-event.ts";

/** How the server is asked. */
export type Ask = <P extends AnswerPath>(
  path: P,
  query: Query<P>,
  values: PathValues<P>,
  signal: AbortSignal,
) => Promise<Answer<P>>;

/** A page, newest first. */
export interface HistoryPage {
  readonly events: readonly StoredEvent[];
  /** True: there is nothing older in the range. */
  readonly isEnd: boolean;
  /** A search looks through so many events at a time: it has come to this moment, without finding a page full. */
  readonly searchedBackTo: string | undefined;
}

/** The reader. */
export interface HistoryReader {
  /** The next older page. One at a time. Rejects with `ApiProblem`; then the same page can be asked for again. */
  next(signal: AbortSignal): Promise<HistoryPage>;
}

/** Begins at the end of the filter's range, or at `upTo` (which belongs to it): pages may repeat events of that very moment. */
export function createHistoryReader(filter: EventFilter, ask: Ask, upTo?: string): HistoryReader {
  const endTime = upTo ?? filter.endTime;
  if (filter.text !== "" && filter.types.length < 2) return new SearchReader(filter, filter.types[0], ask, endTime);
  if (filter.types.length < 2) return new PageReader(filter, filter.types[0], ask, endTime);
  return new MergeReader(filter.types.map((type) => createHistoryReader({ ...filter, types: [type] }, ask, endTime)));
}

/** What a filter compares as a whole, as all questions about events name it. */
function fieldsOf({ symbol, runId, userId, category }: EventFilter) {
  return {
    symbol: symbol || undefined,
    run_id: runId || undefined,
    user_id: userId || undefined,
    event_category: category || undefined,
  };
}

const PAGE = 200;
const MAX_SEARCH_PAGE = 1_000;

/** By `events`: the end of a page is a moment and how many events of that moment there have been. */
class PageReader implements HistoryReader {
  readonly #filter: EventFilter;
  readonly #type: string | undefined;
  readonly #ask: Ask;
  #endTime: string | undefined;
  #offset = 0;

  constructor(filter: EventFilter, type: string | undefined, ask: Ask, endTime: string | undefined) {
    this.#filter = filter;
    this.#type = type;
    this.#ask = ask;
    this.#endTime = endTime;
  }

  async next(signal: AbortSignal): Promise<HistoryPage> {
    const { startTime } = this.#filter;
    const query = {
      limit: PAGE,
      offset: this.#offset,
      event_type: this.#type,
      ...fieldsOf(this.#filter),
      start_time: startTime,
      end_time: this.#endTime,
    };
    const answer = await this.#ask("/api/telemetry/events", query, undefined, signal);
    const events = answer.events.map(readEvent);
    const oldest = events.at(-1)?.timestamp;
    if (oldest !== undefined) {
      const sameMoment = events.filter(({ timestamp }) => timestamp === oldest).length;
      this.#offset = oldest === this.#endTime ? this.#offset + sameMoment : sameMoment;
      this.#endTime = oldest;
    }
    return { events, isEnd: events.length < PAGE, searchedBackTo: undefined };
  }
}

/** By `search`, which has no offset: where a page is full of one moment the page grows, and at last the moment is left behind. */
class SearchReader implements HistoryReader {
  readonly #filter: EventFilter;
  readonly #type: string | undefined;
  readonly #ask: Ask;
  #endTime: string | undefined;
  #limit = PAGE;

  constructor(filter: EventFilter, type: string | undefined, ask: Ask, endTime: string | undefined) {
    this.#filter = filter;
    this.#type = type;
    this.#ask = ask;
    this.#endTime = endTime;
  }

  async next(signal: AbortSignal): Promise<HistoryPage> {
    const { startTime, text } = this.#filter;
    const query = {
      text,
      limit: this.#limit,
      event_type: this.#type,
      ...fieldsOf(this.#filter),
      start_time: startTime,
      end_time: this.#endTime,
    };
    const answer = await this.#ask("/api/telemetry/search", query, undefined, signal);
    const events = answer.events.map(readEvent);
    const isFull = events.length >= this.#limit;
    const searchedBackTo = isFull ? undefined : (answer.searched_back_to ?? undefined);
    this.#goOn(searchedBackTo ?? events.at(-1)?.timestamp, isFull);
    return { events, isEnd: !isFull && searchedBackTo === undefined, searchedBackTo };
  }

  #goOn(oldest: string | undefined, isFull: boolean): void {
    const isStuck = oldest === this.#endTime && oldest !== undefined;
    if (!isStuck) {
      this.#limit = PAGE;
      this.#endTime = oldest ?? this.#endTime;
    } else if (isFull && this.#limit < MAX_SEARCH_PAGE) this.#limit = MAX_SEARCH_PAGE;
    else this.#endTime = microsTimestamp(timestampMicros(oldest) - 1);
  }
}

/** Several readers as one: as far back as all of them have been read. */
class MergeReader implements HistoryReader {
  readonly #parts: {
    readonly reader: HistoryReader;
    events: StoredEvent[];
    isEnd: boolean;
    backTo: string | undefined;
  }[];

  constructor(readers: readonly HistoryReader[]) {
    this.#parts = readers.map((reader) => ({ reader, events: [], isEnd: false, backTo: undefined }));
  }

  async next(signal: AbortSignal): Promise<HistoryPage> {
    const wanting = this.#parts.filter(({ events, isEnd }) => events.length === 0 && !isEnd);
    await Promise.all(
      wanting.map(async (part) => {
        const page = await part.reader.next(signal);
        part.events = [...page.events];
        part.isEnd = page.isEnd;
        part.backTo = page.searchedBackTo;
      }),
    );
    // Below this moment one of the parts may have more that nobody has seen.
    const floor = this.#parts.reduce((latest, part) => maxText(latest, floorOf(part)), "");
    const events = this.#parts.flatMap((part) => part.events.filter(({ timestamp }) => timestamp >= floor));
    for (const part of this.#parts) part.events = part.events.filter(({ timestamp }) => timestamp < floor);
    const isEnd = this.#parts.every((part) => part.isEnd && part.events.length === 0);
    const backTo = this.#parts.reduce((latest, part) => maxText(latest, part.backTo ?? ""), "");
    return {
      events: events.sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : b.id - a.id)),
      isEnd,
      searchedBackTo: events.length === 0 && backTo !== "" ? backTo : undefined,
    };
  }
}

function floorOf(part: {
  readonly events: readonly StoredEvent[];
  readonly isEnd: boolean;
  readonly backTo: string | undefined;
}): string {
  return part.isEnd ? "" : (part.backTo ?? part.events.at(-1)?.timestamp ?? "");
}

function maxText(a: string, b: string): string {
  return a > b ? a : b;
}
