// Walks an index of events from the newest to the oldest: ids first, so that rows that are only skipped are never read.

import { type EventScope, isOfDescribed } from "../../queries/event-scope.ts";
import { estimateScope } from "./count-queries.ts";
import { conditionsOf, coveringIndexOf, type EventIndex, parametersOf, timeOf } from "./event-scope.ts";
import type { Parameters, Statements } from "./statements.ts";

/** A place in the order by timestamp and id: what comes after it is older. */
export interface EventPlace {
  readonly id: number;
  readonly timestamp: string;
}

/** To read a row takes the time of so many entries of an index. */
const ROW_COST = 10;
/** Above each id. */
export const AFTER_ALL_IDS = 2 ** 63;

/** The index whose walk is the shortest, by the counts that are kept: one that does not answer all filters has rows to read. */
export function walkIndexOf(statements: Statements, scope: EventScope): EventIndex {
  const { eventType, symbol, runId } = scope;
  const covering = coveringIndexOf(scope);
  if (isOfDescribed(scope)) return covering;
  const none = { ...scope, eventType: undefined, symbol: undefined, runId: undefined };
  const candidates: { readonly index: EventIndex; readonly alone: EventScope }[] = [];
  if (runId !== undefined) candidates.push({ index: "idx_run_id", alone: { ...none, runId } });
  if (symbol !== undefined) candidates.push({ index: "idx_symbol", alone: { ...none, symbol } });
  if (eventType !== undefined) candidates.push({ index: "idx_event_type", alone: { ...none, eventType } });
  if (candidates.length < 2) return covering;
  const costs = candidates.map(
    ({ index, alone }) => estimateScope(statements, alone) * (index === covering ? 1 : ROW_COST),
  );
  return candidates[costs.indexOf(Math.min(...costs))]!.index;
}

/** The ids and timestamps of a page, newest first, as a query: its parameters are those of {@link pageParameters}. */
export function pageQuery(scope: EventScope, index: EventIndex): string {
  const time = timeOf(index);
  return `SELECT id, ${time} AS timestamp FROM telemetry_events INDEXED BY ${index}
    WHERE ${time} >= $start AND (${time}, id) < ($beforeTimestamp, $beforeId) ${conditionsOf(scope)}
    ORDER BY ${time} DESC, id DESC LIMIT $limit OFFSET $offset`;
}

/** The values of {@link pageQuery}; the page begins after `before`, or at the end of the range. */
export function pageParameters(scope: EventScope, limit: number, offset: number, before?: EventPlace): Parameters {
  const parameters = parametersOf(scope);
  return {
    ...parameters,
    beforeTimestamp: before?.timestamp ?? parameters["end"],
    beforeId: before?.id ?? AFTER_ALL_IDS,
    limit,
    offset,
  };
}
