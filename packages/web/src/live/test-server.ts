// A server of events for tests: answers as the API does, and says what comes over a live feed.
import { ApiProblem, type StoredEvent } from "../api/client.ts";
import type { Ask } from "./history-reader.ts";
import type { EventSourceLike } from "./live-connection.ts";

/** The server. */
export interface TestServer {
  readonly ask: Ask;
  /** Questions so far, as `path?name=value`. */
  readonly asked: readonly string[];
  /** Events that are asked for; may be added to. */
  readonly events: StoredEvent[];
  open(address: string): EventSourceLike;
  /** Live feeds that were opened, the last one last. */
  readonly sources: readonly TestSource[];
  /** From now on every question fails; undefined: not any more. */
  fail(problem: ApiProblem | undefined): void;
}

/** A live feed of the server. */
export interface TestSource extends EventSourceLike {
  readonly address: string;
  isClosed: boolean;
  readyState: number;
  say(type: string, data?: unknown): void;
}

/** Begins with events. `searchSteps`: a search looks at no more than so many events at a time. */
export function createTestServer(events: StoredEvent[], searchSteps = Number.POSITIVE_INFINITY): TestServer {
  const asked: string[] = [];
  const sources: TestSource[] = [];
  let failure: ApiProblem | undefined;
  const answer = (path: string, query: Readonly<Record<string, unknown>>): unknown => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    asked.push(`${path.replace("/api/telemetry/", "")}?${given.map(([name, value]) => `${name}=${value}`).join("&")}`);
    if (failure !== undefined) throw failure;
    if (path === "/api/telemetry/recent") {
      const newest = events.toSorted((a, b) => b.id - a.id).slice(0, query["limit"] as number);
      return { events: newest, count: newest.length };
    }
    return path === "/api/telemetry/search" ? search(events, query, searchSteps) : page(events, query);
  };
  return {
    events,
    asked,
    sources,
    ask: async (path, query) => answer(path, query as Readonly<Record<string, unknown>>) as never,
    open(address) {
      const source = createSource(address);
      sources.push(source);
      return source;
    },
    fail(problem) {
      failure = problem;
    },
  };
}

/** What a question fails with when nobody answers. */
export function unreachable(): ApiProblem {
  return new ApiProblem(0, "unreachable", "The desk's server does not answer. Is it still running?");
}

function createSource(address: string): TestSource {
  const listeners = new Map<string, ((message: { readonly data?: unknown }) => void)[]>();
  return {
    address,
    isClosed: false,
    readyState: 1,
    addEventListener(type, listener) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    close() {
      this.isClosed = true;
    },
    say(type, data) {
      const message = data === undefined ? {} : { data: typeof data === "string" ? data : JSON.stringify(data) };
      for (const listener of listeners.get(type) ?? []) listener(message);
    },
  };
}

function page(events: readonly StoredEvent[], query: Readonly<Record<string, unknown>>) {
  const { offset = 0, limit = 100 } = query as { offset?: number; limit?: number };
  const found = inRange(events, query);
  const shown = found.slice(offset, offset + limit);
  const has_more = offset + shown.length < found.length;
  return { events: shown, pagination: { total: found.length, limit, offset, has_more } };
}

function search(events: readonly StoredEvent[], query: Readonly<Record<string, unknown>>, steps: number) {
  const { text, limit } = query as { text: string; limit: number };
  const looked = inRange(events, query).slice(0, steps);
  const found = looked.filter((event) => JSON.stringify(event.data).includes(text)).slice(0, limit);
  const isWhole = looked.length === inRange(events, query).length && found.length < limit;
  return { events: found, searched_back_to: isWhole ? null : (looked.at(-1)?.timestamp ?? null) };
}

function inRange(events: readonly StoredEvent[], query: Readonly<Record<string, unknown>>): StoredEvent[] {
  const { event_type: type, symbol, run_id: run, start_time: start, end_time: end } = query as Record<string, string>;
  return events
    .filter((event) => type === undefined || event.event_type === type)
    .filter((event) => symbol === undefined || event.symbol === symbol)
    .filter((event) => run === undefined || event.run_id === run)
    .filter(({ timestamp }) => (start === undefined || timestamp >= start) && (end === undefined || timestamp <= end))
    .sort((a, b) => (a.timestamp === b.timestamp ? b.id - a.id : a.timestamp < b.timestamp ? 1 : -1));
}
