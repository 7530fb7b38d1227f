// The questions of a store, answered by PostgreSQL.
import type { StoreQueries } from "../../store-queries.ts";
import type { SqlClient } from "../sql-client.ts";
import { userActivity } from "./activity-queries.ts";
import { businessMetrics, businessTotals } from "./business-queries.ts";
import { confidenceDistribution } from "./confidence-queries.ts";
import { countByType, countEvents } from "./count-queries.ts";
import { decision, edgeUnits, findDecisions, judgedDecisions, marginHistogram } from "./decision-queries.ts";
import { event, findEvents, findEventsJson, recentEvents, recentEventsJson } from "./event-queries.ts";
import { exportRows } from "./export-queries.ts";
import { exportState } from "./export-state.ts";
import { facets } from "./facet-queries.ts";
import { flowOutcomes } from "./flow-queries.ts";
import { metricNames } from "./metric-names.ts";
import { histogram, numbers } from "./metric-queries.ts";
import { decisionReasons, rejectionBreakdown } from "./reason-queries.ts";
import { searchEvents } from "./search-queries.ts";
import { slowestTraces } from "./slowest-traces.ts";
import { sources } from "./source-queries.ts";
import { stageOrder } from "./stage-order.ts";
import { Statements } from "./statements.ts";
import { storeFacts } from "./store-facts.ts";
import { symbolCounts } from "./symbol-queries.ts";
import { systemMetrics, systemPerformance } from "./system-queries.ts";
import { decisionTimeline, eventTimeline } from "./timeline-queries.ts";
import { findTraces } from "./trace-list.ts";
import { trace } from "./trace-queries.ts";

type Question<Args extends readonly unknown[], Answer> = (statements: Statements, ...args: Args) => Promise<Answer>;

/** Makes the questions for a client, whose rights need be no more than to read. They reject with `StoreError`. */
export function createPostgresQueries(client: SqlClient): StoreQueries {
  const statements = new Statements(client);
  const answering =
    <Args extends readonly unknown[], Answer>(question: Question<Args, Answer>) =>
    async (...args: Args): Promise<Answer> =>
      question(statements, ...args);
  return {
    recentEvents: answering(recentEvents),
    recentEventsJson: answering(recentEventsJson),
    findEvents: answering(findEvents),
    findEventsJson: answering(findEventsJson),
    searchEvents: answering(searchEvents),
    event: answering(event),
    countEvents: answering(countEvents),
    countByType: answering(countByType),
    rejectionBreakdown: answering(rejectionBreakdown),
    decisionReasons: answering(decisionReasons),
    symbolCounts: answering(symbolCounts),
    confidenceDistribution: answering(confidenceDistribution),
    facets: answering(facets),
    findDecisions: answering(findDecisions),
    decision: answering(decision),
    judgedDecisions: answering(judgedDecisions),
    decisionTimeline: answering(decisionTimeline),
    eventTimeline: answering(eventTimeline),
    edgeUnits: answering(edgeUnits),
    marginHistogram: answering(marginHistogram),
    flowOutcomes: answering(flowOutcomes),
    findTraces: answering(findTraces),
    slowestTraces: answering(slowestTraces),
    trace: answering(trace),
    stageOrder: answering(stageOrder),
    histogram: answering(histogram),
    numbers: answering(numbers),
    metricNames: answering(metricNames),
    sources: answering(sources),
    systemMetrics: answering(systemMetrics),
    businessMetrics: answering(businessMetrics),
    userActivity: answering(userActivity),
    systemPerformance: answering(systemPerformance),
    businessTotals: answering(businessTotals),
    facts: answering(storeFacts),
    exportRows: answering(exportRows),
    exportState: answering(exportState),
  };
}
