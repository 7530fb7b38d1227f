// Decisions: pages of a filter, one of them, the units that they were made in, how far they were from the threshold.
import { packDecisions, toDecision, unpackDecisions } from "../../queries/decision-rows.ts";
import type { Column } from "../../queries/event-rows.ts";
import { toMarginHistogram } from "../../queries/margin-bins.ts";
import { requiredText, wholeNumber } from "../../queries/query-values.ts";
import type { DecisionFilter, MarginHistogram } from "../../store-queries.ts";
import type { JudgedDecision, StoredDecision } from "../../stored-event.ts";
import { toInstant } from "../copy-text.ts";
import { DECISION_COLUMNS, WITH_EVENT } from "./decision-columns.ts";
import { type DecisionPlace, type DecisionScope, decisionScopeOf, walkDecisions } from "./decision-scope.ts";
import { timeText } from "./sql-texts.ts";
import type { Statements } from "./statements.ts";

/** How many decisions have a margin, and how they came out. */
interface MarginCount {
  readonly margin: number;
  readonly decision: string;
  readonly count: number;
}

/** Decisions that are looked at for units and margins: the newest. */
const MAX_DECISIONS = 1_000_000;
/** More bins than a chart has pixels. */
const MAX_BINS = 1_000;
const LONGEST_UNIT = 1_000;

const ENTRY_COLUMNS = "event_id, timestamp, decision, reason_code, strategy, symbol, edge_unit";

/**
 * By timestamp, then id. Behind a `beforeId` that is no longer there is nothing: what is older went with it.
 * Cost: a walk over entries as far as the end of the page; the events of the page are read.
 */
export async function findDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): Promise<readonly StoredDecision[]> {
  return (await pageOf(statements, filter, limit, beforeId)).map(toDecision);
}

/** The same with reason and gates. Cost: that of {@link findDecisions}. */
export async function judgedDecisions(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId?: number,
): Promise<readonly JudgedDecision[]> {
  return unpackDecisions(packDecisions(await pageOf(statements, filter, limit, beforeId)));
}

/** Cost: a step into an index of each day. */
export async function decision(statements: Statements, eventId: number): Promise<StoredDecision | undefined> {
  wholeNumber("eventId", eventId, 0);
  const [row] = await statements.lists(
    `SELECT ${DECISION_COLUMNS} FROM decision_entries AS page ${WITH_EVENT} WHERE page.event_id = $eventId AND e.id IS NOT NULL`,
    { eventId },
  );
  return row && toDecision(row);
}

/** Of the newest million that match. Cost: reads an entry of each. */
export async function edgeUnits(statements: Statements, filter: DecisionFilter): Promise<readonly string[]> {
  const scope = await decisionScopeOf(statements, filter);
  const rows = await statements.all<{ edge_unit: string }>(
    `SELECT edge_unit FROM (${walkDecisions("edge_unit", scope)}) AS page WHERE edge_unit IS NOT NULL
     GROUP BY edge_unit ORDER BY count(*) DESC, edge_unit COLLATE "C"`,
    { ...scope.parameters, limit: limitOf(scope, MAX_DECISIONS) },
  );
  return rows.map((row) => row.edge_unit);
}

/** Of the newest million that match. Cost: reads an entry of each; equal margins are sent once. */
export async function marginHistogram(
  statements: Statements,
  filter: DecisionFilter & { readonly edgeUnit: string },
  binCount: number,
): Promise<MarginHistogram> {
  const edgeUnit = requiredText("edgeUnit", filter.edgeUnit, LONGEST_UNIT);
  wholeNumber("binCount", binCount, 1, MAX_BINS);
  const scope = await decisionScopeOf(statements, filter);
  const rows = await statements.all<MarginCount>(
    `SELECT margin, decision, count(*) AS count FROM (${walkDecisions("margin, decision", scope)}) AS page
     WHERE margin IS NOT NULL GROUP BY margin, decision`,
    { ...scope.parameters, limit: limitOf(scope, MAX_DECISIONS) },
  );
  return { edgeUnit, ...toMarginHistogram(eachOf(rows), binCount) };
}

function* eachOf(rows: readonly MarginCount[]): Iterable<readonly [number, string]> {
  for (const { margin, decision, count } of rows) for (let i = 0; i < count; i++) yield [margin, decision];
}

async function pageOf(
  statements: Statements,
  filter: DecisionFilter,
  limit: number,
  beforeId: number | undefined,
): Promise<readonly (readonly Column[])[]> {
  wholeNumber("limit", limit, 1);
  if (beforeId !== undefined) wholeNumber("beforeId", beforeId, 0);
  const scope = await decisionScopeOf(statements, filter);
  const before = beforeId === undefined ? undefined : await placeOf(statements, beforeId);
  if (beforeId !== undefined && before === undefined) return [];
  return statements.lists(
    `SELECT ${DECISION_COLUMNS} FROM (${walkDecisions(ENTRY_COLUMNS, scope, before)}) AS page ${WITH_EVENT}
     ORDER BY page.timestamp DESC, page.event_id DESC`,
    { ...scope.parameters, ...before, limit: limitOf(scope, limit) },
  );
}

/** No further than the last that there may be: beyond it a walk would go on to the end of the range. */
function limitOf({ most }: DecisionScope, limit: number): number {
  return Math.min(limit, most ?? limit);
}

async function placeOf(statements: Statements, beforeId: number): Promise<DecisionPlace | undefined> {
  const row = await statements.get<{ time: string }>(
    `SELECT ${timeText("timestamp")} AS time FROM telemetry_events WHERE id = $beforeId`,
    { beforeId },
  );
  return row && { beforeTime: toInstant(row.time), beforeId };
}
