// Metrics of flows, events and decisions.
import { DURATION_BOUNDS } from "../histogram-bounds.ts";
import type { CatalogueEntry } from "./entry.ts";

/** Flows, events and decisions. */
export const FLOW_METRICS = {
  stageDuration: {
    name: "trading_stage_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["flow", "stage"],
    help: "Duration of each stage of a flow; stage end_to_end is the sum of those that were reached, from the second on.",
    bounds: DURATION_BOUNDS,
    feature: 29,
  },
  flowDuration: {
    name: "trading_flow_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["flow"],
    help: "Duration of a flow from its start to its end, with what came after the last stage.",
    bounds: DURATION_BOUNDS,
    feature: 29,
  },
  flowOutcomes: {
    name: "trading_flow_outcomes_total",
    kind: "counter",
    unit: "{flow}",
    labels: ["flow", "stage", "reason_code", "strategy", "symbol"],
    help: "Flows by how they ended: the last stage reached and a reason code.",
    feature: 12,
  },
  events: {
    name: "trading_events_total",
    kind: "counter",
    unit: "{event}",
    labels: ["event_type"],
    help: "Events on the record, by type.",
    feature: 8,
  },
  decisions: {
    name: "trading_decisions_total",
    kind: "counter",
    unit: "{decision}",
    labels: ["decision", "reason_code", "strategy", "symbol"],
    help: "Decisions on the record: ACCEPT or REJECT, and why.",
    feature: 11,
  },
} as const satisfies Record<string, CatalogueEntry>;
