// Metrics of flows, events and decisions. Core defines them, since it also records them where there is no registry.
import { FLOW_INSTRUMENTS } from "@tracebook/core/extension";
import type { CatalogueEntry } from "./entry.ts";

/** Flows, events and decisions. */
export const FLOW_METRICS = {
  stageDuration: { ...FLOW_INSTRUMENTS.stageDuration, feature: 29 },
  flowDuration: { ...FLOW_INSTRUMENTS.flowDuration, feature: 29 },
  flowOutcomes: { ...FLOW_INSTRUMENTS.flowOutcomes, feature: 12 },
  events: { ...FLOW_INSTRUMENTS.events, feature: 8 },
  decisions: { ...FLOW_INSTRUMENTS.decisions, feature: 11 },
} as const satisfies Record<string, CatalogueEntry>;
