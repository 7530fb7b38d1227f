// Every question that programs (features 54 to 58) and our own page ask of a desk, with each of its filters.
import type { KnownValues } from "./known-values.ts";

/** A question: its place in the API, and parameters that differ from one time to the next. */
export interface Question {
  /** Whose: of the API as it is promised, or of our page. */
  readonly group: "api" | "page";
  readonly name: string;
  /** What 95 of 100 answers are to be within, in milliseconds. */
  readonly aimMs: number;
  address(i: number, known: KnownValues): string;
}

type Parameters = Readonly<Record<string, string | number>>;
type Filter = readonly [name: string, make: (i: number, known: KnownValues) => Parameters];

const AIM_MS = 100;
const FIRST_PAGE_AIM_MS = 20;
const PATH = "/api/telemetry";
const TYPE = "signal_rejected";

const BY_DAY: Filter = ["a day", (i, known) => known.day(i)];
const BY_LAST_DAY: Filter = ["the last 24 h", (i, known) => known.lastDay(i)];
const BY_MONTH: Filter = ["the whole month", (i, known) => known.month(i)];
const BY_SYMBOL: Filter = ["symbol", (i, known) => ({ symbol: known.symbol(i) })];
const BY_TYPE: Filter = ["type", () => ({ event_type: TYPE })];
const BY_RUN: Filter = ["run", (i, known) => ({ run_id: known.run(i) })];
const BY_STRATEGY: Filter = ["strategy", (i) => ({ strategy: ["basis", "trend", "grid"][i % 3]! })];
const BY_DECISION: Filter = ["decision", (i) => ({ decision: i % 2 === 0 ? "ACCEPT" : "REJECT" })];
const BY_REASON: Filter = ["reason", (i) => ({ reason_code: ["risk_limit", "stale_book", "gate_failed"][i % 3]! })];
const BY_UNIT: Filter = ["unit", () => ({ edge_unit: "bps" })];

/** All of them. */
export function apiQuestions(): readonly Question[] {
  return [
    ...recent(),
    ...events(),
    ...analytics(),
    ...eventPages(),
    ...decisions(),
    ...traces(),
    ...metrics(),
    ...desk(),
  ];
}

/** 54, 57 (`get_cached_events`) and the first page of the feed. */
function recent(): readonly Question[] {
  const since = (name: string, idOf: (lastId: number, i: number) => number): Question =>
    question("api", `recent, since_id ${name}`, "recent", (i, { lastId }) => ({ since_id: idOf(lastId, i) }));
  return [
    { ...question("api", "recent: first page of the feed", "recent"), aimMs: FIRST_PAGE_AIM_MS },
    question("api", "recent, limit 10,000", "recent", () => ({ limit: 10_000 })),
    since("100 ago", (lastId, i) => Math.max(0, lastId - 100 - i)),
    since("far behind", (lastId, i) => Math.floor(lastId / (i + 2))),
  ];
}

/** 55, 57 (`get_events`, `get_event_count`). */
function events(): readonly Question[] {
  const filters = combinations([BY_TYPE, BY_SYMBOL, BY_RUN, BY_DAY]);
  const pages = [0, 1_000, 10_000].flatMap((offset) =>
    filters.map(([name, make]) =>
      question("api", `events, ${name}, offset ${offset.toLocaleString("en-US")}`, "events", (i, known) => ({
        ...make(i, known),
        ...(offset > 0 && { offset }),
      })),
    ),
  );
  const large = question("api", "events, a day, limit 10,000", "events", (i, known) => ({
    ...known.day(i),
    limit: 10_000,
  }));
  return [...pages, large];
}

/** 56 and 58. */
function analytics(): readonly Question[] {
  const over = (route: string, ...filters: readonly Filter[]) => ask("api", route, filters);
  const ranges = [BY_LAST_DAY, BY_DAY, BY_MONTH];
  const bySymbol = ranges.map((range) => both(range, BY_SYMBOL));
  return [
    ...over("analytics", ...ranges),
    ...over("analytics/summary", ...ranges, ...bySymbol),
    question("api", "analytics/summary, week against week", "analytics/summary", (i, known) => ({
      ...known.week(i),
      compare: "previous",
    })),
    ...over("analytics/rejections", ...ranges, ...bySymbol),
    question("api", "analytics/rejections, the whole month, limit 1,000", "analytics/rejections", (i, known) => ({
      ...known.month(i),
      limit: 1_000,
    })),
    ...over("analytics/confidence", ...ranges, ...bySymbol),
    ...over("analytics/symbols", ...ranges),
  ];
}

/** What the feed and the tiles ask besides. */
function eventPages(): readonly Question[] {
  const step: Filter = ["by 5 min", () => ({ step_seconds: 300 })];
  const text = (found: string): Filter => [
    `text ${found}`,
    (i) => ({ text: found === "found" ? "spread" : `none ${i}` }),
  ];
  return [
    at("events/{id}", (i, { lastId }) => `events/${Math.max(1, Math.floor(lastId * ((i * 0.618_034) % 1)))}`),
    question("page", "events: a page of the feed", "events", (i, known) => ({ ...known.lastDay(i), limit: 200 })),
    ...ask("page", "search", [text("found"), text("not found"), both(text("not found"), BY_TYPE)]),
    ...ask("page", "facets", [BY_LAST_DAY, BY_MONTH]),
    ...ask("page", "analytics/timeline", [both(BY_LAST_DAY, step), both(both(BY_LAST_DAY, step), BY_SYMBOL)]),
    question("page", "analytics/timeline, the whole month by 1 h", "analytics/timeline", (i, known) => ({
      ...known.month(i),
      step_seconds: 3_600,
    })),
  ];
}

function decisions(): readonly Question[] {
  const scope = [BY_SYMBOL, BY_STRATEGY];
  const filters = [...scope, BY_DECISION, BY_REASON, BY_UNIT, BY_DAY];
  const before: Filter = ["further back", (i, { lastId }) => ({ before_id: Math.floor(lastId / (i + 2)) + 1 })];
  const ranges = [BY_LAST_DAY, BY_DAY, BY_MONTH];
  const scoped = [...ranges, ...scope.map((filter) => both(BY_LAST_DAY, filter))];
  const whatIf: Filter = ["threshold by -0.10", () => ({ edge_unit: "bps", threshold_by: "-0.10" })];
  const step: Filter = ["by 5 min", () => ({ step_seconds: 300 })];
  return [
    ...ask("page", "decisions", [NOTHING, ...filters, filters.reduce(both), before]),
    at("decisions/{event_id}", (i, known) => `decisions/${known.decision(i)}`),
    ...ask("page", "decisions/reasons", scoped),
    ...ask("page", "decisions/timeline", [both(BY_LAST_DAY, step), both(both(BY_LAST_DAY, step), BY_STRATEGY)]),
    ...ask("page", "decisions/margins", scoped),
    ...ask("page", "whatif", [both(BY_DAY, whatIf), both(BY_MONTH, whatIf)]),
    ...ask("page", "funnel", scoped),
    ...ask("page", "why", scoped),
  ];
}

function traces(): readonly Question[] {
  const slowest: Filter = ["slowest", () => ({ sort: "slowest" })];
  const filters: readonly Filter[] = [
    ["service", () => ({ service: "bench-bot" })],
    ["operation", () => ({ operation: "tick" })],
    BY_SYMBOL,
    BY_DECISION,
    BY_REASON,
    ["2 ms or more", () => ({ min_duration_ms: 2 })],
    ["with an error", () => ({ has_error: "true" })],
    BY_DAY,
  ];
  const before: Filter = ["further back", (i, known) => ({ before: known.day(i).end_time })];
  return [
    ...ask("page", "traces", [NOTHING, ...filters, filters.reduce(both), before]),
    ...ask("page", "traces", [slowest, both(slowest, BY_LAST_DAY), both(both(slowest, BY_DAY), BY_SYMBOL)]),
    at("traces/{trace_id}", (i, known) => `traces/${known.trace(i)}`),
  ];
}

function metrics(): readonly Question[] {
  const step: Filter = ["by 5 min", () => ({ step_seconds: 300 })];
  const label: Filter = ["label", () => ({ label: "stage:signal_to_risk" })];
  const day = both(BY_LAST_DAY, step);
  const durations = "metrics/trading_stage_duration_seconds";
  const outcomes = "metrics/trading_flow_outcomes_total";
  return [
    ...ask("page", "metrics", [BY_LAST_DAY]),
    ...ask("page", durations, [day, both(day, label)]),
    ...ask("page", outcomes, [day, both(day, label)]),
    ...ask("page", "latency", [day, both(both(BY_DAY, step), ["flow", () => ({ flow: "tick" })])]),
  ];
}

function desk(): readonly Question[] {
  return ["desk", "health", "openapi.json"].map((route) => question("page", route, route));
}

const NOTHING: Filter = ["no filter", () => ({})];

function ask(group: Question["group"], route: string, filters: readonly Filter[]): readonly Question[] {
  return filters.map(([name, make]) => question(group, `${route}, ${name}`, route, make));
}

function question(group: Question["group"], name: string, route: string, make: Filter[1] = () => ({})): Question {
  return {
    group,
    name,
    aimMs: AIM_MS,
    address(i, known) {
      const search = new URLSearchParams(
        Object.entries(make(i, known)).map(([key, value]): [string, string] => [key, String(value)]),
      ).toString();
      return `${PATH}/${route}${search === "" ? "" : `?${search}`}`;
    },
  };
}

/** One of many, by its path. */
function at(name: string, pathOf: (i: number, known: KnownValues) => string): Question {
  return { group: "page", name, aimMs: AIM_MS, address: (i, known) => `${PATH}/${pathOf(i, known)}` };
}

function both([name, make]: Filter, [other, makeOther]: Filter): Filter {
  return [`${name}, ${other}`, (i, known) => ({ ...make(i, known), ...makeOther(i, known) })];
}

/** None of the filters, each alone, and each set of several. */
function combinations(filters: readonly Filter[]): readonly Filter[] {
  return Array.from({ length: 2 ** filters.length }, (_, bits) =>
    filters.filter((_one, k) => ((bits >> k) & 1) === 1).reduce(join, NOTHING),
  );
}

function join(before: Filter, next: Filter): Filter {
  return before === NOTHING ? next : both(before, next);
}
