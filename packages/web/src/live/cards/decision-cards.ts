// Cards of what was judged: decisions, rejected signals, gates.
import { compareDecimals, parseDecimal } from "@tracebook/decisions";
import type { StoredEvent } from "../../api/client.ts";
import { titleText } from "../../format/name-text.ts";
import type { CardFact, CardMeter, EventCard } from "./event-card.ts";
import { type EventFields, textField, valueText } from "./field-text.ts";

/** `decision`: the verdict, why, and the net edge against its threshold. */
export function decisionCard({ data }: StoredEvent): EventCard {
  const decision = textField(data, "decision") ?? "";
  const isAccepted = decision === "ACCEPT";
  const strategy = textField(data, "strategy");
  return {
    title: isAccepted ? "Decision accepted" : decision === "REJECT" ? "Decision rejected" : "Decision",
    tone: isAccepted ? "accept" : decision === "REJECT" ? "reject" : "neutral",
    icon: isAccepted ? "circle-check" : "circle-x",
    text: reasonText(data) ?? decision,
    meter: edgeMeter(data) ?? gateMeter(decisiveGate(data, isAccepted)),
    facts: strategy === undefined ? [] : [{ name: "strategy", text: strategy }],
  };
}

/** `signal_rejected`: why, and the score against the threshold. */
export function rejectionCard({ data }: StoredEvent): EventCard {
  const gate = textField(data, "gate_name");
  return {
    title: "Signal rejected",
    tone: "reject",
    icon: "funnel",
    text: reasonText(data) ?? "no reason given",
    meter: gateMeter({ ...data, passed: false }),
    facts: gate === undefined ? [] : [{ name: "gate", text: gate }],
  };
}

/** `quality_gate_passed` and `quality_gate_failed`. */
export function gateCard({ event_type, data }: StoredEvent): EventCard {
  const isPassed = event_type === "quality_gate_passed";
  const details = data["details"];
  const isObject = typeof details === "object" && details !== null && !Array.isArray(details);
  const facts: CardFact[] = isObject
    ? Object.entries(details).map(([name, value]) => ({ name, text: valueText(value) }))
    : details === undefined
      ? []
      : [{ name: "details", text: valueText(details) }];
  const meter = gateMeter({ ...(isObject ? (details as EventFields) : {}), ...data, passed: isPassed });
  // What the meter says is not said twice.
  const further = meter === undefined ? facts : facts.filter(({ name }) => !METERED.includes(name));
  return {
    title: isPassed ? "Gate passed" : "Gate failed",
    tone: isPassed ? "accept" : "reject",
    icon: isPassed ? "shield-check" : "shield-x",
    text: textField(data, "gate_name") ?? "a gate without a name",
    meter,
    facts: further.slice(0, 4),
  };
}

/** The net edge against the threshold; undefined where a decision has none. */
export function edgeMeter(data: EventFields): CardMeter | undefined {
  const value = textField(data, "net_edge");
  const threshold = textField(data, "min_threshold");
  if (value === undefined || threshold === undefined) return undefined;
  const isMet = reaches(value, threshold);
  if (isMet === undefined) return undefined;
  return {
    name: "net edge",
    value,
    threshold,
    unit: textField(data, "edge_unit") ?? "",
    relation: isMet ? "≥" : "<",
    isMet,
  };
}

/** A gate's score against its threshold; undefined where it has none. */
export function gateMeter(gate: EventFields | undefined): CardMeter | undefined {
  if (gate === undefined) return undefined;
  const value = textField(gate, "score");
  const threshold = textField(gate, "threshold");
  if (value === undefined || threshold === undefined) return undefined;
  const isMet = gate["passed"] === true;
  const comparison = textField(gate, "comparison") ?? ">=";
  return {
    name: textField(gate, "gate_name") ?? "score",
    value,
    threshold,
    unit: "",
    relation: (isMet ? RELATIONS[comparison] : OPPOSITES[comparison]) ?? (isMet ? "passes" : "fails"),
    isMet,
  };
}

/** The gates of a decision that can be read. */
export function gatesOf(data: EventFields): readonly EventFields[] {
  const gates = data["gates"];
  if (!Array.isArray(gates)) return [];
  return gates.filter((gate): gate is EventFields => typeof gate === "object" && gate !== null && !Array.isArray(gate));
}

const METERED = ["score", "threshold", "comparison"];
const RELATIONS: Readonly<Record<string, string>> = { ">=": "≥", "<=": "≤", ">": ">", "<": "<" };
const OPPOSITES: Readonly<Record<string, string>> = { ">=": "<", "<=": ">", ">": "≤", "<": "≥" };

function decisiveGate(data: EventFields, isAccepted: boolean): EventFields | undefined {
  const gates = gatesOf(data);
  return isAccepted ? gates.at(-1) : gates.find((gate) => gate["passed"] === false);
}

function reasonText(data: EventFields): string | undefined {
  const code = textField(data, "reason_code");
  return textField(data, "reason") ?? (code === undefined ? undefined : titleText(code));
}

function reaches(value: string, threshold: string): boolean | undefined {
  try {
    return compareDecimals(parseDecimal(value), parseDecimal(threshold)) >= 0;
  } catch {
    return undefined;
  }
}
