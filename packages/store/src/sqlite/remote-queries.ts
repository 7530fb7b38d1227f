// The questions of a store, asked somewhere else: each method hands its name and arguments on.
import type { StoreQueries } from "../store-queries.ts";

/** Every question: the compiler sees to it that none is missing. */
const QUERIES: Readonly<Record<keyof StoreQueries, true>> = {
  recentEvents: true,
  findEvents: true,
  recentEventsJson: true,
  findEventsJson: true,
  searchEvents: true,
  event: true,
  countEvents: true,
  countByType: true,
  rejectionBreakdown: true,
  decisionReasons: true,
  symbolCounts: true,
  confidenceDistribution: true,
  facets: true,
  findDecisions: true,
  decision: true,
  judgedDecisions: true,
  decisionTimeline: true,
  eventTimeline: true,
  edgeUnits: true,
  marginHistogram: true,
  flowOutcomes: true,
  findTraces: true,
  slowestTraces: true,
  trace: true,
  stageOrder: true,
  histogram: true,
  numbers: true,
  metricNames: true,
  sources: true,
  systemMetrics: true,
  businessMetrics: true,
  userActivity: true,
  systemPerformance: true,
  businessTotals: true,
  facts: true,
  exportRows: true,
  exportState: true,
};

/** Makes the questions; `ask` answers them. */
export function createRemoteQueries(
  ask: (name: keyof StoreQueries, args: readonly unknown[]) => Promise<unknown>,
): StoreQueries {
  const names = Object.keys(QUERIES) as (keyof StoreQueries)[];
  const entries = names.map((name) => [name, (...args: readonly unknown[]) => ask(name, args)]);
  return Object.fromEntries(entries) as StoreQueries;
}
