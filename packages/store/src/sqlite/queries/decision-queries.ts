// Decisions: pages of a filter, one of them, the units that they were made in, how far they were from the threshold.

import { type PackedDecisions, packDecisions, toDecision, unpackDecisions } from "../../queries/decision-rows.ts";
import type { Column } from "../../queries/event-rows.ts";
import { toMarginHistogram } from "../../queries/margin-bins.ts";
import { requiredText, wholeNumber } from "../../queries/query-values.ts";
import type { DecisionFilter, MarginHistogram } from "../../store-queries.ts";
import type { JudgedDecision, StoredDecision } from "../../stored-event.ts";
import { decisionColumns, ENTRY_COLUMNS } from "./decision-columns.ts";
import { type DecisionScope, decisionScopeOf, walkDecisions } from "./decision-scope.ts";
import { AFTER_ALL_IDS } from "./event-pages.ts";
import type { Parameters, Statements } from "./statements.ts";

/** Decisions that are looked at for units and margins: the newest. A million take about a second. */
const MAX_DECISIONS = 1_000_000;
/** More bins than a chart has pixels. */
const MAX_BINS = 1_000;
const LONGEST_UNIT = 1_000;

/**
 * By timestamp, then id. Behind a `beforeId` that is no longer there is nothing: what is older went with it.
 * Cost: a walk over entries as far as the end of the page, a million in some 0.1 s; the events of the page are read.
 */
export function findDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): readonly StoredDecision[] {
  return pageOf(statements, filter, limit, beforeId).map(toDecision);
}

/** The same with reason and gates. Cost: that of {@link findDecisions}. */
export function judgedDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): readonly JudgedDecision[] {
  return unpackDecisions(packedDecisions(statements, filter, limit, beforeId));
}

/** {@link judgedDecisions} on their way to another thread. */
export function packedDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): PackedDecisions {
  return packDecisions(pageOf(statements, filter, limit, beforeId));
}

/** Cost: reads two rows. */
export function decision(statements: Statements, eventId: number): StoredDecision | undefined {
  wholeNumber("eventId", eventId, 0);
  const [row] = statements.lists(
    `SELECT ${decisionColumns("d")} FROM telemetry_events AS e
     CROSS JOIN decision_entries AS d ON d.timestamp = e.timestamp AND d.event_id = e.id WHERE e.id = $eventId`,
    { eventId },
  );
  return row && toDecision(row);
}

/** Of the newest million that match. Cost: reads an index entry of each, a million in about half a second. */
export function edgeUnits(statements: Statements, filter: DecisionFilter): readonly string[] {
  const scope = decisionScopeOf(statements, filter);
  const rows = statements.all<{ edge_unit: string }>(
    `SELECT edge_unit FROM (${walkDecisions("edge_unit")}) WHERE edge_unit IS NOT NULL
     GROUP BY edge_unit ORDER BY count(*) DESC, edge_unit`,
    { ...scope.parameters, ...placeOfEnd(scope), limit: limitOf(scope, MAX_DECISIONS) },
  );
  return rows.map((row) => row.edge_unit);
}

/** Of the newest million that match. Cost: reads an index entry of each, a million in about a second. */
export function marginHistogram(
  statements: Statements,
  filter: DecisionFilter & { readonly edgeUnit: string },
  binCount: number,
): MarginHistogram {
  const edgeUnit = requiredText("edgeUnit", filter.edgeUnit, LONGEST_UNIT);
  wholeNumber("binCount", binCount, 1, MAX_BINS);
  const scope = decisionScopeOf(statements, filter);
  const rows = statements.each(
    `SELECT margin, decision FROM (${walkDecisions("margin, decision")}) WHERE margin IS NOT NULL`,
    { ...scope.parameters, ...placeOfEnd(scope), limit: limitOf(scope, MAX_DECISIONS) },
  );
  return { edgeUnit, ...toMarginHistogram(rows, binCount) };
}

function pageOf(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId: number | undefined,
): readonly (readonly Column[])[] {
  wholeNumber("limit", limit, 1);
  const scope = decisionScopeOf(statements, filter);
  const before = beforeId === undefined ? placeOfEnd(scope) : placeOf(statements, scope, beforeId);
  if (before === undefined) return [];
  return statements.lists(
    `SELECT ${decisionColumns("page")} FROM (${walkDecisions(ENTRY_COLUMNS)}) AS page
     LEFT JOIN telemetry_events AS e ON e.id = page.event_id ORDER BY page.timestamp DESC, page.event_id DESC`,
    { ...scope.parameters, ...before, limit: limitOf(scope, limit) },
  );
}

/** No further than the last that there may be: beyond it a walk would go on to the end of the range. */
function limitOf({ most }: DecisionScope, limit: number): number {
  return Math.min(limit, most ?? limit);
}

function placeOfEnd({ parameters }: DecisionScope): Parameters {
  return { beforeTimestamp: parameters.end, beforeId: AFTER_ALL_IDS };
}

function placeOf(statements: Statements, scope: DecisionScope, beforeId: number): Parameters | undefined {
  wholeNumber("beforeId", beforeId, 0);
  const row = statements.get<{ timestamp: string }>("SELECT timestamp FROM telemetry_events WHERE id = $beforeId", {
    beforeId,
  });
  if (row === undefined) return undefined;
  return row.timestamp > scope.parameters.end ? placeOfEnd(scope) : { beforeTimestamp: row.timestamp, beforeId };
}
