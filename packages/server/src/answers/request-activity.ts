// Requests by route, worked out of the events that servers record of them: how many, how many failed, how long they took.
import { parseTimestamp } from "@tracebook/core";
import type { StoredEvent, StoreQueries } from "@tracebook/store";
import type { Budget } from "../work/budget.ts";
import { readNewestFirst } from "./newest-first.ts";
import type { WholeRange } from "./time-range.ts";

/** What is asked for. */
export interface RequestWish {
  readonly range: WholeRange;
  readonly stepSeconds: number;
  /** At most so many routes. */
  readonly limit: number;
}

/** Events that are looked at, newest first. */
const MAX_EVENTS = 50_000;
const PAGE = 2_000;

interface Counts {
  requests: number;
  /** Status 400 to 499, and 500 and above. */
  refused: number;
  failed: number;
}

interface Route extends Counts {
  readonly event_name: string;
  readonly service_name: string | null;
  readonly durationsMs: number[];
}

/** Counts the requests. What an event does not say (no status, no duration) counts for neither. */
export async function requestActivity(
  store: Pick<StoreQueries, "findEvents">,
  { range, stepSeconds, limit }: RequestWish,
  budget: Budget,
) {
  const routes = new Map<string, Route>();
  const slices = new Map<number, Counts>();
  let requests = 0;
  const lookedBackTo = await readNewestFirst(
    {
      read: async (endTime, size, offset) =>
        (await store.findEvents({ ...range, endTime, eventType: "api_event" }, size, offset)).events,
      timeOf: ({ timestamp }) => timestamp,
      endTime: range.endTime,
      most: MAX_EVENTS,
      pageSize: PAGE,
    },
    budget,
    (event) => {
      requests++;
      const status = statusOf(event);
      const route = routeOf(routes, event);
      count(route, status);
      const { duration_ms: ms } = event.data;
      if (typeof ms === "number" && Number.isFinite(ms)) route.durationsMs.push(ms);
      const time = Math.floor((parseTimestamp(event.timestamp) ?? 0) / 1e6 / stepSeconds) * stepSeconds;
      const slice = slices.get(time) ?? { requests: 0, refused: 0, failed: 0 };
      slices.set(time, slice);
      count(slice, status);
    },
  );
  const sorted = [...routes.values()].sort((a, b) => b.requests - a.requests || (a.event_name < b.event_name ? -1 : 1));
  return {
    requests,
    routes: sorted.slice(0, limit).map(toAnswer),
    routes_left_out: Math.max(0, sorted.length - limit),
    step_seconds: stepSeconds,
    slices: [...slices].sort(([a], [b]) => a - b).map(([time, counts]) => ({ time, ...counts })),
    looked_back_to: lookedBackTo,
  };
}

function routeOf(routes: Map<string, Route>, { data, service_name }: StoredEvent): Route {
  const { event_name: name } = data;
  const event_name = typeof name === "string" ? name : "";
  const key = JSON.stringify([event_name, service_name]);
  const known = routes.get(key);
  if (known !== undefined) return known;
  const route: Route = { event_name, service_name, requests: 0, refused: 0, failed: 0, durationsMs: [] };
  routes.set(key, route);
  return route;
}

/** The status as the middleware writes it: `event_data.status_code`. */
function statusOf({ data }: StoredEvent): number {
  const { event_data: inner } = data;
  const status =
    typeof inner === "object" && inner !== null && "status_code" in inner ? inner["status_code"] : undefined;
  return typeof status === "number" ? status : 0;
}

function count(counts: Counts, status: number): void {
  counts.requests++;
  if (status >= 500) counts.failed++;
  else if (status >= 400) counts.refused++;
}

function toAnswer({ durationsMs, ...route }: Route) {
  const sorted = Float64Array.from(durationsMs).sort();
  return { ...route, p50_ms: rank(sorted, 0.5), p95_ms: rank(sorted, 0.95), max_ms: sorted.at(-1) ?? null };
}

/** The least value that `share` of the values do not exceed; null without any. */
function rank(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
