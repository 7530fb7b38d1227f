// Pages of events, from the newest to the oldest.
import type { EventScope } from "../../queries/event-scope.ts";
import { toInstant } from "../copy-text.ts";
import { conditionsOf, parametersOf } from "./event-scope.ts";
import type { Parameters } from "./statements.ts";

/** A place in the order by timestamp and id: what comes after it is older. The timestamp is a text of its own. */
export interface EventPlace {
  readonly id: number;
  readonly time: string;
}

/** The newest first, of events `e`. */
export const NEWEST_FIRST = "e.timestamp DESC, e.id DESC";

/** The events of a scope, as far as they come after a place, if there is one: what follows `FROM telemetry_events`. */
export function matching(scope: EventScope, before?: EventPlace): string {
  return `WHERE timestamp >= $start AND timestamp <= $end ${conditionsOf(scope)}
    ${before === undefined ? "" : "AND (timestamp, id) < ($beforeTime::timestamptz, $beforeId::bigint)"}`;
}

/** The values of {@link matching}. */
export function matchingParameters(scope: EventScope, before?: EventPlace): Parameters {
  if (before === undefined) return parametersOf(scope);
  const time = toInstant(before.time);
  return { ...parametersOf(scope), end: time, beforeTime: time, beforeId: before.id };
}
