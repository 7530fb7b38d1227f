// The questions of a store, answered by ClickHouse.
import type { StoreQueries } from "../../store-queries.ts";
import type { Connection } from "../connection.ts";
import { confidenceDistribution, countByType, countEvents, facets, symbolCounts } from "./count-queries.ts";
import {
  decision,
  decisionReasons,
  edgeUnits,
  findDecisions,
  judgedDecisions,
  marginHistogram,
  rejectionBreakdown,
} from "./decision-queries.ts";
import { event, eventsOfJson, findEvents, findEventsJson, recentEventsJson, searchEvents } from "./event-queries.ts";
import { exportRows, exportState } from "./export-queries.ts";
import { histogram, metricNames, numbers } from "./metric-queries.ts";
import { businessMetrics, businessTotals, systemMetrics, systemPerformance, userActivity } from "./record-queries.ts";
import { facts, sources } from "./store-facts.ts";
import { decisionTimeline, eventTimeline, flowOutcomes } from "./timeline-queries.ts";
import { findTraces, slowestTraces, stageOrder, trace } from "./trace-queries.ts";

/** Makes the questions for a connection. They reject with `StoreError`. A question of several statements is not answered from one moment. */
export function createClickhouseQueries(connection: Connection, pollLagMs: number): StoreQueries {
  const asking =
    <Args extends readonly unknown[], Answer>(question: (connection: Connection, ...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> =>
      question(connection, ...args);
  const recentJson = (limit: number, sinceId?: number) => recentEventsJson(connection, pollLagMs, limit, sinceId);
  return {
    recentEvents: async (limit, sinceId) => eventsOfJson(await recentJson(limit, sinceId)),
    recentEventsJson: recentJson,
    findEvents: asking(findEvents),
    findEventsJson: asking(findEventsJson),
    searchEvents: asking(searchEvents),
    event: asking(event),
    countEvents: asking(countEvents),
    countByType: asking(countByType),
    rejectionBreakdown: asking(rejectionBreakdown),
    decisionReasons: asking(decisionReasons),
    symbolCounts: asking(symbolCounts),
    confidenceDistribution: asking(confidenceDistribution),
    facets: asking(facets),
    findDecisions: asking(findDecisions),
    decision: asking(decision),
    judgedDecisions: asking(judgedDecisions),
    decisionTimeline: asking(decisionTimeline),
    eventTimeline: asking(eventTimeline),
    edgeUnits: asking(edgeUnits),
    marginHistogram: asking(marginHistogram),
    flowOutcomes: asking(flowOutcomes),
    findTraces: asking(findTraces),
    slowestTraces: asking(slowestTraces),
    trace: asking(trace),
    stageOrder: asking(stageOrder),
    histogram: asking(histogram),
    numbers: asking(numbers),
    metricNames: asking(metricNames),
    sources: asking(sources),
    systemMetrics: asking(systemMetrics),
    businessMetrics: asking(businessMetrics),
    userActivity: asking(userActivity),
    systemPerformance: asking(systemPerformance),
    businessTotals: asking(businessTotals),
    exportRows: asking(exportRows),
    exportState: asking(exportState),
    facts: asking(facts),
  };
}
