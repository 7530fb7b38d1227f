// Health: what arrives, what is lost and why, what the store is, what is in force.
import type { NumberSeries, StoreQueries } from "@tracebook/store";
import type { ShownSetting } from "../config.ts";
import type { RetentionState } from "../retention.ts";
import type { AnswerContext } from "./answer-context.ts";
import { longLogProblem } from "./long-log.ts";
import { lastDay, type WholeRange } from "./time-range.ts";

/** What only the desk itself knows. */
export interface DeskState {
  readonly problems: readonly string[];
  readonly storePath: string;
  readonly retention: readonly RetentionState[];
  readonly configuration: readonly ShownSetting[];
}

/** The metric by which services say what they have dropped: see docs/metrics.md. */
const DROPPED = "tracebook_dropped_total";
const DAY_SECONDS = 86_400;
const MAX_SOURCES = 200;

/** The report. */
export async function healthReport({ store, live, alerts, counts, nowMs }: AnswerContext, state: DeskState) {
  const range = lastDay({}, nowMs());
  const [facts, sources, dropped, alerting] = await Promise.all([
    store.facts(),
    store.sources(range),
    droppedBy(store, range),
    alerts.health(),
  ]);
  const { problem, ...written } = store.health();
  return {
    problems: [...state.problems, problem, longLogProblem(facts.logBytes)].filter((line) => line !== undefined),
    store: {
      engine: facts.engine,
      engine_version: facts.engineVersion,
      schema_version: facts.schemaVersion,
      path: state.storePath,
      size_bytes: facts.sizeBytes,
      log_bytes: facts.logBytes,
      events: facts.events,
      decisions: facts.decisions,
      spans: facts.spans,
      oldest_timestamp: facts.oldestTimestamp,
      newest_timestamp: facts.newestTimestamp,
      written: written.written,
      duplicates: written.duplicates,
      rejected: written.rejected,
      failed_writes: written.failedWrites,
      pending_bytes: written.pendingBytes,
    },
    signals: { traces: counts.of("traces"), logs: counts.of("logs"), metrics: counts.of("metrics") },
    live: live.counts(),
    sources: sources.slice(0, MAX_SOURCES).map((source) => ({
      service_name: source.service_name ?? "",
      instance_id: source.instance_id ?? "",
      last_timestamp: source.lastTimestamp,
    })),
    dropped,
    alerts: alerting,
    retention: state.retention,
    configuration: state.configuration,
  };
}

async function droppedBy(store: Pick<StoreQueries, "numbers">, range: WholeRange) {
  const series = await store.numbers({ ...range, name: DROPPED, stepSeconds: DAY_SECONDS });
  const counts = new Map<string, { service_name: string; what: string; reason: string; count: number }>();
  for (const one of series) {
    const dropped = toDropped(one);
    const key = JSON.stringify([dropped.service_name, dropped.what, dropped.reason]);
    counts.set(key, { ...dropped, count: dropped.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()].filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

function toDropped({ labels, service_name: service, slices }: NumberSeries) {
  return {
    service_name: service ?? "",
    what: labels["class"] ?? "",
    reason: labels["reason"] ?? "",
    count: Math.round(slices.reduce((sum, { value }) => sum + value, 0)),
  };
}
