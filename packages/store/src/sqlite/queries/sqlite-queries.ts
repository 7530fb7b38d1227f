// The questions of a store, answered by SQLite in the thread that asks.
import type { DatabaseSync } from "node:sqlite";
import type { PackedDecisions } from "../../queries/decision-rows.ts";
import type { StoreQueries } from "../../store-queries.ts";
import { toStoreError } from "../sqlite-errors.ts";
import { userActivity } from "./activity-queries.ts";
import { businessMetrics, businessTotals } from "./business-queries.ts";
import { confidenceDistribution } from "./confidence-queries.ts";
import { countByType, countEvents } from "./count-queries.ts";
import {
  decision,
  edgeUnits,
  findDecisions,
  judgedDecisions,
  marginHistogram,
  packedDecisions,
} from "./decision-queries.ts";
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
import { systemPerformance } from "./system-performance.ts";
import { systemMetrics } from "./system-queries.ts";
import { decisionTimeline, eventTimeline } from "./timeline-queries.ts";
import { findTraces } from "./trace-list.ts";
import { trace } from "./trace-queries.ts";

/** The questions of {@link StoreQueries}, answered at once. */
export type SyncStoreQueries = {
  [K in keyof StoreQueries]: (...args: Parameters<StoreQueries[K]>) => Awaited<ReturnType<StoreQueries[K]>>;
};

/** The same, and those that give much as it crosses to another thread. */
export type SqliteQueries = SyncStoreQueries & {
  packedDecisions(...args: Parameters<StoreQueries["judgedDecisions"]>): PackedDecisions;
};

type Question<Args extends readonly unknown[], Answer> = (statements: Statements, ...args: Args) => Answer;

/**
 * Makes the questions for a connection, which may be one that cannot write, to the database at `path`. Each is answered from one moment
 * of the database. They throw `StoreError`.
 */
export function createSqliteQueries(database: DatabaseSync, path: string): SqliteQueries {
  const statements = new Statements(database);
  const answering =
    <Args extends readonly unknown[], Answer>(question: Question<Args, Answer>) =>
    (...args: Args): Answer => {
      try {
        return statements.inSnapshot(() => question(statements, ...args));
      } catch (error) {
        throw toStoreError(error, "reading", path);
      }
    };
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
    packedDecisions: answering(packedDecisions),
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
    facts: answering((all: Statements) => storeFacts(all, path)),
    exportRows: answering(exportRows),
    exportState: answering(exportState),
  };
}
