// Decisions: pages of a filter, one of them, the units that they were made in, how far they were from the threshold.
import type { DecisionFilter, MarginHistogram } from "../../store-queries.ts";
import type { JudgedDecision, StoredDecision } from "../../stored-event.ts";
import {
  DECISION_COLUMNS,
  JUDGED_COLUMNS,
  type PackedDecisions,
  packDecisions,
  toDecision,
  unpackDecisions,
} from "./decision-rows.ts";
import { type DecisionScope, decisionScopeOf, walkDecisions } from "./decision-scope.ts";
import { AFTER_ALL_IDS } from "./event-pages.ts";
import { toMarginHistogram } from "./margin-bins.ts";
import { requiredText, wholeNumber } from "./query-values.ts";
import type { Column, Parameters, Statements } from "./statements.ts";

/** Decisions that are looked at for units and margins: the newest. A million take about a second. */
const MAX_DECISIONS = 1_000_000;
/** More bins than a chart has pixels. */
const MAX_BINS = 1_000;
const LONGEST_UNIT = 1_000;

const WITH_EVENT = "LEFT JOIN telemetry_events AS e ON e.id = d.event_id";

/**
 * By timestamp, then id. Behind a `beforeId` that is no longer there is nothing: what is older went with it.
 * Cost: a walk over the entries of an index as far as the end of the page; `limit` rows are read.
 */
export function findDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): readonly StoredDecision[] {
  return pageOf(statements, filter, limit, beforeId, DECISION_COLUMNS).map(toDecision);
}

/** The same with reason and gates. Cost: that of {@link findDecisions}, and the data of each event is read: about 9 us a decision in all. */
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
  return packDecisions(pageOf(statements, filter, limit, beforeId, JUDGED_COLUMNS));
}

/** Cost: reads two rows. */
export function decision(statements: Statements, eventId: number): StoredDecision | undefined {
  wholeNumber("eventId", eventId, 0);
  const [row] = statements.lists(
    `SELECT ${DECISION_COLUMNS} FROM decisions AS d ${WITH_EVENT} WHERE d.event_id = $eventId`,
    { eventId },
  );
  return row && toDecision(row);
}

/** Of the newest million that match. Cost: reads an index entry of each, a million in about half a second. */
export function edgeUnits(statements: Statements, filter: DecisionFilter): readonly string[] {
  // The other index has no units.
  const scope = { ...decisionScopeOf(filter), index: "idx_decisions_timestamp" } as const;
  const rows = statements.all<{ edge_unit: string }>(
    `SELECT edge_unit FROM (${walkDecisions(scope, "edge_unit")}) WHERE edge_unit IS NOT NULL
     GROUP BY edge_unit ORDER BY count(*) DESC, edge_unit`,
    { ...scope.parameters, ...placeOfEnd(scope), limit: MAX_DECISIONS },
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
  const scope = decisionScopeOf(filter);
  const rows = statements.each(
    `SELECT margin, decision FROM (${walkDecisions(scope, "margin, decision")}) WHERE margin IS NOT NULL`,
    { ...scope.parameters, ...placeOfEnd(scope), limit: MAX_DECISIONS },
  );
  return { edgeUnit, ...toMarginHistogram(rows, binCount) };
}

function pageOf(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId: number | undefined,
  columns: string,
): readonly (readonly Column[])[] {
  const scope = decisionScopeOf(filter);
  wholeNumber("limit", limit, 1);
  const before = beforeId === undefined ? placeOfEnd(scope) : placeOf(statements, scope, beforeId);
  if (before === undefined) return [];
  return statements.lists(
    `SELECT ${columns} FROM (${walkDecisions(scope, "event_id, timestamp")}) AS page
     CROSS JOIN decisions AS d ON d.event_id = page.event_id ${WITH_EVENT}
     ORDER BY page.timestamp DESC, page.event_id DESC`,
    { ...scope.parameters, ...before, limit },
  );
}

function placeOfEnd({ parameters }: DecisionScope): Parameters {
  return { beforeTimestamp: parameters.end, beforeId: AFTER_ALL_IDS };
}

function placeOf(statements: Statements, scope: DecisionScope, beforeId: number): Parameters | undefined {
  wholeNumber("beforeId", beforeId, 0);
  const row = statements.get<{ timestamp: string }>("SELECT timestamp FROM decisions WHERE event_id = $beforeId", {
    beforeId,
  });
  if (row === undefined) return undefined;
  return row.timestamp > scope.parameters.end ? placeOfEnd(scope) : { beforeTimestamp: row.timestamp, beforeId };
}
