// Where a page far back begins: by the counts that are kept, so that the rows before it need not be walked over.
import { toTimestamp } from "@tracebook/core";
import { type EventScope, isOfDescribed } from "../../queries/event-scope.ts";
import type { Segment } from "../../queries/range-parts.ts";
import { RESOLUTIONS } from "../../resolutions.ts";
import { countRows } from "./count-queries.ts";
import { conditionsOf, parametersOf } from "./event-scope.ts";
import { partsOf, sumRollups } from "./rollup-sums.ts";
import type { Statements } from "./statements.ts";

/** A part of a scope, of which so many of the newest events are passed over. */
export interface PageStart {
  readonly scope: EventScope;
  readonly offset: number;
}

/** Walking over fewer costs less than asking for counts. */
const MIN_OFFSET = 1_000;

/**
 * The same page, of a part of the scope that ends with the minute in which the page begins. Of runs, which are told apart by the minute only,
 * and of users, of whom no counts are kept, the scope stays as it is. Cost: the counts of its days, of at most 24 hours and 60 minutes, and
 * the rows of one minute.
 */
export async function pageStart(statements: Statements, scope: EventScope, offset: number): Promise<PageStart> {
  if (offset < MIN_OFFSET || scope.runId !== undefined || isOfDescribed(scope)) return { scope, offset };
  const { segments, edges } = await partsOf(statements, "event_rollups", scope);
  const [first] = segments;
  if (first === undefined) return { scope, offset };
  // What is newer than the last whole minute.
  const tail = edges.find(({ start }) => start >= toTimestamp(first.from * 1e6));
  const left = offset - (tail === undefined ? 0 : await countRows(statements, { ...scope, ...tail }));
  return left < 0 ? { scope, offset } : passOver(statements, scope, segments, left);
}

/** Passes over whole buckets, the newest first, as long as all of one is passed over; of the next one over the finer ones in it. */
async function passOver(
  statements: Statements,
  scope: EventScope,
  segments: readonly Segment[],
  offset: number,
): Promise<PageStart> {
  let left = offset;
  for (const segment of segments.toReversed())
    for (const { bucket, count } of await countsOf(statements, scope, segment)) {
      if (count <= left) {
        left -= count;
        continue;
      }
      const to = bucket + segment.resolution;
      const finer = RESOLUTIONS[RESOLUTIONS.indexOf(segment.resolution as (typeof RESOLUTIONS)[number]) - 1];
      if (finer === undefined || left < MIN_OFFSET) return { scope: until(scope, to), offset: left };
      return passOver(statements, scope, [{ resolution: finer, from: bucket, to }], left);
    }
  return { scope: until(scope, segments[0]!.from), offset: left };
}

/** Buckets that have any, the newest first. */
async function countsOf(statements: Statements, scope: EventScope, segment: Segment) {
  const sum = { table: "event_rollups", keys: ["bucket"], sums: ["count"], conditions: conditionsOf(scope) } as const;
  const rows = await sumRollups<{ readonly bucket: number; readonly count: number }>(
    statements,
    sum,
    [segment],
    parametersOf(scope),
  );
  return [...rows].sort((a, b) => b.bucket - a.bucket);
}

/** What lies before a second. */
function until(scope: EventScope, second: number): EventScope {
  return { ...scope, end: toTimestamp(second * 1e6 - 1) };
}
