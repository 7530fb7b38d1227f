// What if: recorded decisions judged again under other thresholds and costs, by the rule of judge().
import { compareDecimalTexts } from "./decimal-input.ts";
import { describeThrown } from "./describe.ts";
import { orderPasses } from "./gate.ts";
import { subtractTexts } from "./what-if-amount.ts";
import { type CheckedChange, checkChange, type WhatIfChange } from "./what-if-change.ts";
import {
  COST_FIELDS,
  type Costs,
  edgeReaches,
  type JudgedEdge,
  type JudgedGate,
  type JudgedRecord,
  netEdge,
  type RecordedDecision,
  readRecord,
} from "./what-if-record.ts";

/**
 * What became of a record. `accepts`: it was a REJECT and would have been an ACCEPT. `rejects`: the other way. `other_unit`: its edge is in
 * another unit. `not_judgeable`: its figures cannot be read, or contradict its decision.
 */
export type WhatIfOutcome = "unchanged" | "accepts" | "rejects" | "other_unit" | "not_judgeable";

/** A recorded decision judged again. Of `other_unit` and `not_judgeable` it is as it was. */
export interface ReJudged {
  readonly outcome: WhatIfOutcome;
  readonly decision: string;
  /** As it was where the same decides as before. A gate that fails now has `gate_failed`: its own code is not on the record while it passes. */
  readonly reason_code: string;
  /** After the change; undefined where there is no edge. */
  readonly net_edge: string | undefined;
  readonly min_threshold: string | undefined;
  /** `net_edge - min_threshold`, exact. */
  readonly margin: string | undefined;
  /** Why it is not judgeable. */
  readonly problem: string | undefined;
}

/** Judges a record again. Never throws. Cost: 2 to 3 us for amounts of up to 15 digits, 5 to 8 us for longer ones. */
export type ReJudge = (record: RecordedDecision) => ReJudged;

/**
 * Judges one record again: `reJudge(record, { edgeUnit: "bps", minThreshold: "1.00" })`. What decides, in this order: what had been decided
 * by a veto, an error or malformed input stays a REJECT; then the gates in their order; then the edge. Without a change every record gives
 * what it had. Never throws because of a record; a malformed change throws `what_if_malformed` or what `toDecimalText` throws.
 */
export function reJudge(record: RecordedDecision, change: WhatIfChange): ReJudged {
  return createReJudge(change)(record);
}

/** The same for many records: the change is checked once. Throws as `reJudge` does. */
export function createReJudge(change: WhatIfChange): ReJudge {
  const checked = checkChange(change);
  return (record) => {
    try {
      if (isOfOtherUnit(record, checked)) return asItWas(record, "other_unit");
      const read = readRecord(record);
      return typeof read === "string" ? asItWas(record, "not_judgeable", read) : judgeAgain(read, checked);
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : describeThrown(thrown);
      return asItWas(typeof record === "object" && record !== null ? record : NOTHING, "not_judgeable", problem);
    }
  };
}

/** What stands for a record that is none. */
const NOTHING: RecordedDecision = { decision: "", reason_code: "" };

/** A record without an edge is of no unit: its gates decide. */
function isOfOtherUnit({ edge_unit: unit }: RecordedDecision, { edgeUnit }: CheckedChange): boolean {
  return edgeUnit !== undefined && typeof unit === "string" && unit !== edgeUnit;
}

function judgeAgain(record: JudgedRecord, change: CheckedChange): ReJudged {
  const edge = record.edge && changeEdge(record.edge, change);
  const gates = record.gates.map((gate) => passesAgain(gate, change));
  const isAccepted = !record.isFixed && !gates.includes(false) && edgeReaches(edge);
  const wasAccepted = record.decision === "ACCEPT";
  return {
    outcome: isAccepted === wasAccepted ? "unchanged" : isAccepted ? "accepts" : "rejects",
    decision: isAccepted ? "ACCEPT" : "REJECT",
    reason_code: reasonCodeOf(record, gates, edge),
    net_edge: edge?.net,
    min_threshold: edge?.threshold,
    margin: edge && subtractTexts(edge.net, edge.threshold),
    problem: undefined,
  };
}

function changeEdge(edge: JudgedEdge, { threshold, costs }: CheckedChange): Pick<JudgedEdge, "net" | "threshold"> {
  return {
    net: costs === undefined ? edge.net : changeNet(edge, costs),
    threshold: threshold === undefined ? edge.threshold : threshold(edge.threshold),
  };
}

function changeNet({ gross, costs }: JudgedEdge, changes: NonNullable<CheckedChange["costs"]>): string {
  if (gross === undefined) throw new Error("gross_edge: it is not on the record, so that other costs give no net edge");
  const changed: Record<string, string> = {};
  for (const field of COST_FIELDS) changed[field] = changes.get(field)?.(costs[field]) ?? costs[field];
  return netEdge(gross, changed as Costs);
}

function passesAgain({ name, passed, compared }: JudgedGate, change: CheckedChange): boolean {
  const changeThreshold = change.gates.get(name);
  if (compared === undefined || changeThreshold === undefined) return passed;
  const { score, threshold, comparison } = compared;
  return orderPasses(compareDecimalTexts(score, changeThreshold(threshold)), comparison);
}

function reasonCodeOf(
  { reasonCode, isFixed, gates, edge: edgeBefore }: JudgedRecord,
  passed: readonly boolean[],
  edge: Pick<JudgedEdge, "net" | "threshold"> | undefined,
): string {
  const isSame =
    gates.every((gate, index) => gate.passed === passed[index]) && edgeReaches(edge) === edgeReaches(edgeBefore);
  if (isFixed || isSame) return reasonCode;
  const failed = passed.indexOf(false);
  if (failed >= 0) return gates[failed]?.passed === false ? gates[failed].reasonCode : "gate_failed";
  return edgeReaches(edge) ? "accepted" : "insufficient_edge";
}

function asItWas(record: RecordedDecision, outcome: WhatIfOutcome, problem?: string): ReJudged {
  const { decision, reason_code, net_edge, min_threshold } = record;
  return {
    outcome,
    decision,
    reason_code,
    net_edge: net_edge ?? undefined,
    min_threshold: min_threshold ?? undefined,
    margin: undefined,
    problem,
  };
}
