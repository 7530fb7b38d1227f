// What the API and the desk ask of a store, whichever database it is on.
import { toTimestamp } from "@tracebook/core";
import type { StoreQueries } from "../src/index.ts";
import { hexOf, symbolOf } from "./sample-records.ts";

/** How long a question took, milliseconds. */
export interface QuestionFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Where the records lie that are asked about. */
export interface AskedRange {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** What a question may vary with, so that no two are the same. */
interface Chance {
  readonly i: number;
  readonly symbol: string;
  readonly runId: string;
  /** A day that lies somewhere in the month, its ends within minutes. */
  readonly day: { readonly startTime: string; readonly endTime: string };
  readonly lastDay: { readonly startTime: string; readonly endTime: string };
  readonly lastId: number;
}

/** A question. */
export type Question = readonly [name: string, ask: (store: StoreQueries, chance: Chance) => Promise<unknown>];

const TYPE = "signal_rejected";
const DAY_MICROS = 86_400e6;
const PAGE = 100;
const DEEP = 10_000;

/** Features 54 to 58. */
export const API_QUESTIONS: readonly Question[] = [
  ["recent", (store) => store.recentEvents(PAGE)],
  ["recent since_id, the last hundred", (store, { lastId }) => store.recentEvents(PAGE, lastId - PAGE)],
  ["recent since_id, far behind", (store, { i, lastId }) => store.recentEvents(PAGE, Math.floor(lastId / (i + 2)))],
  ...filters().map(
    ([name, filter]): Question => [`events ${name}`, (store, chance) => store.findEvents(filter(chance), PAGE, 0)],
  ),
  ...filters().map(
    ([name, filter]): Question => [
      `events ${name}, offset 10,000`,
      (store, chance) => store.findEvents(filter(chance), PAGE, DEEP),
    ],
  ),
  ["events of a day, 10,000 of them", (store, { day }) => store.findEvents(day, DEEP, 0)],
  ["events of a day, 10,000 of them, as the API has them", (store, { day }) => store.findEventsJson(day, DEEP, 0)],
  ["analytics totals, 24 h", (store, { lastDay }) => store.countByType(lastDay)],
  ["analytics totals, any day", (store, { day }) => store.countByType(day)],
  ["analytics totals, all", (store) => store.countByType({})],
  ["analytics rejection breakdown, 24 h", (store, { lastDay }) => store.rejectionBreakdown(lastDay, 100)],
  ["analytics rejection breakdown, all", (store) => store.rejectionBreakdown({}, 100)],
  ["event count of a type and symbol", (store, { symbol }) => store.countEvents({ eventType: TYPE, symbol })],
  ["confidence, 24 h", (store, { lastDay }) => store.confidenceDistribution(lastDay)],
  ["confidence, all", (store) => store.confidenceDistribution({})],
  ["per symbol, any day", (store, { day, symbol }) => store.countByType({ ...day, symbol })],
  [
    "week against week",
    async (store, { day }) => [await store.countByType(day), await store.countByType({ endTime: day.startTime })],
  ],
];

/** What our own page asks besides. */
export const DESK_QUESTIONS: readonly Question[] = [
  ["desk: facets, 24 h", (store, { lastDay }) => store.facets(lastDay, 50)],
  ["desk: facets, all", (store) => store.facets({}, 50)],
  ["desk: search of 5,000 events", (store) => store.searchEvents({}, "nothing like it", PAGE, 5_000)],
  ["desk: decisions", (store) => store.findDecisions({}, PAGE)],
  ["desk: decisions of a reason", (store, { day }) => store.findDecisions({ ...day, reasonCode: "risk_limit" }, PAGE)],
  [
    "desk: decisions of a symbol and strategy",
    (store, { symbol }) => store.findDecisions({ symbol, strategy: "grid" }, PAGE),
  ],
  ["desk: 1,000 judged decisions of a day", (store, { day }) => store.judgedDecisions(day, 1_000)],
  ["desk: decision reasons, 24 h", (store, { lastDay }) => store.decisionReasons(lastDay)],
  ["desk: decision timeline, 24 h by 5 min", (store, { lastDay }) => store.decisionTimeline(lastDay, 300)],
  ["desk: event timeline, 24 h by 5 min", (store, { lastDay }) => store.eventTimeline(lastDay, 300)],
  ["desk: event timeline, 30 days by 1 h", (store) => store.eventTimeline({}, 3_600)],
  ["desk: margins, 24 h", (store, { lastDay }) => store.marginHistogram({ ...lastDay, edgeUnit: "bps" }, 60)],
  ["desk: margins, all", (store) => store.marginHistogram({ edgeUnit: "bps" }, 60)],
  ["desk: units, 24 h", (store, { lastDay }) => store.edgeUnits(lastDay)],
  ["desk: funnel, 24 h", (store, { lastDay }) => store.flowOutcomes(lastDay)],
  ["desk: funnel, all", (store) => store.flowOutcomes({})],
  ["desk: traces", (store) => store.findTraces({}, 50)],
  ["desk: traces of a symbol with an error", (store, { symbol }) => store.findTraces({ symbol, hasError: true }, 50)],
  ["desk: slowest traces, all", (store) => store.slowestTraces({}, 20)],
  ["desk: slowest traces, 24 h", (store, { lastDay }) => store.slowestTraces(lastDay, 20)],
  ["desk: a trace with its events", (store, { i }) => store.trace(hexOf(i * 997, 32))],
  ["desk: stage order", (store) => store.stageOrder("tick")],
  [
    "desk: histogram, 24 h by 5 min",
    (store, { lastDay }) => store.histogram({ ...lastDay, name: "trading_stage_duration_seconds", stepSeconds: 300 }),
  ],
  [
    "desk: numbers, 24 h by 1 min",
    (store, { lastDay }) => store.numbers({ ...lastDay, name: "trading_flow_outcomes_total", stepSeconds: 60 }),
  ],
  ["desk: names of metrics", (store, { lastDay }) => store.metricNames(lastDay)],
  ["desk: sources", (store) => store.sources({})],
  ["desk: facts", (store) => store.facts()],
];

/** Asks one after the other, each `runs` times, all of them different. */
export async function askQuestions(
  store: StoreQueries,
  questions: readonly Question[],
  range: AskedRange,
  runs: number,
): Promise<readonly QuestionFigures[]> {
  const lastId = (await store.recentEvents(1))[0]?.id ?? 0;
  const figures: QuestionFigures[] = [];
  for (const question of questions) figures.push(await askOne(store, question, range, lastId, runs));
  return figures;
}

async function askOne(
  store: StoreQueries,
  [name, ask]: Question,
  range: AskedRange,
  lastId: number,
  runs: number,
): Promise<QuestionFigures> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const chance = chanceOf(i, range, lastId);
    const startMs = performance.now();
    await ask(store, chance);
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(Math.floor(times.length * share), times.length - 1)]!;
  return { name, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: times.at(-1)! };
}

function chanceOf(i: number, { fromMicros, toMicros }: AskedRange, lastId: number): Chance {
  const startMicros = fromMicros + ((i * 0.618_034) % 1) * (toMicros - fromMicros - DAY_MICROS);
  return {
    i,
    symbol: symbolOf(i),
    runId: `scan-${(i * 131) % 700}`,
    day: { startTime: toTimestamp(startMicros), endTime: toTimestamp(startMicros + DAY_MICROS) },
    lastDay: {
      startTime: toTimestamp(toMicros - DAY_MICROS + i * 1_234_567),
      endTime: toTimestamp(toMicros - i * 1_111_111),
    },
    lastId,
  };
}

function filters(): readonly (readonly [string, (chance: Chance) => Parameters<StoreQueries["findEvents"]>[0]])[] {
  const all = [
    ["type", () => ({ eventType: TYPE })],
    ["symbol", ({ symbol }: Chance) => ({ symbol })],
    ["run", ({ runId }: Chance) => ({ runId })],
    ["range", ({ day }: Chance) => day],
  ] as const;
  return Array.from({ length: 2 ** all.length }, (_, bits) => {
    const some = all.filter((_one, k) => ((bits >> k) & 1) === 1);
    const name = some.length === 0 ? "all" : `by ${some.map(([one]) => one).join(", ")}`;
    return [name, (chance: Chance) => Object.assign({}, ...some.map(([, make]) => make(chance)))] as const;
  });
}
