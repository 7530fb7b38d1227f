// The metrics of flows, events and decisions, defined once: the metric catalogue takes them from here, and so does the plain API.

/** Seconds, from a tick's stage (5 us) to a stalled request (10 s). */
const DURATION_BOUNDS: readonly number[] = Object.freeze([
  0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
  0.5, 1, 2.5, 5, 10,
]);

/** The stage under which the sum of all stages of a flow is recorded, unless the flow has a stage of this name. */
export const END_TO_END = "end_to_end";

/** Name, kind, unit, labels, help and bounds (seconds) of each. */
export const FLOW_INSTRUMENTS = {
  stageDuration: {
    name: "trading_stage_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["flow", "stage"],
    help: "Duration of each stage of a flow; stage end_to_end is the sum of those that were reached, from the second on.",
    bounds: DURATION_BOUNDS,
  },
  flowDuration: {
    name: "trading_flow_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["flow"],
    help: "Duration of a flow from its start to its end, with what came after the last stage.",
    bounds: DURATION_BOUNDS,
  },
  flowOutcomes: {
    name: "trading_flow_outcomes_total",
    kind: "counter",
    unit: "{flow}",
    labels: ["flow", "stage", "reason_code", "strategy", "symbol"],
    help: "Flows by how they ended: the last stage reached and a reason code.",
  },
  events: {
    name: "trading_events_total",
    kind: "counter",
    unit: "{event}",
    labels: ["event_type"],
    help: "Events on the record, by type.",
  },
  decisions: {
    name: "trading_decisions_total",
    kind: "counter",
    unit: "{decision}",
    labels: ["decision", "reason_code", "strategy", "symbol"],
    help: "Decisions on the record: ACCEPT or REJECT, and why.",
  },
} as const;
