// Telemetry that reports on itself: what was kept, exported and lost, as metrics.
import type { FlowSink } from "@tracebook/core/extension";
import type { Delivery, LaneStats, OtlpSignal } from "@tracebook/exporters";
import type { Journal } from "@tracebook/journal";
import type { BoundCounter, TradingMetrics } from "@tracebook/metrics";

/** The self-telemetry of one process; as a flow sink it counts kept flows by reason. */
export interface SelfMetrics extends FlowSink {
  /** Counts a loss; passed to the drop ledger. */
  dropped(lost: string, reason: string, count: number): void;
  /** Records how long a request took, in milliseconds. */
  sent(signal: OtlpSignal, durationMs: number): void;
  /** Follows what the delivery and the journal have done, whenever metrics are collected. */
  watch(delivery: Pick<Delivery, "stats">, journal: Journal | undefined): () => void;
}

/** Makes the self metrics in the registry of `metrics`. */
export function createSelfMetrics(metrics: TradingMetrics): SelfMetrics {
  /** By reason, of which there are nine: every kept flow is counted. */
  const kept = new Map<string, BoundCounter>();
  return {
    dropped: (lost, reason, count) => metrics.telemetryDropped.add(count, { class: lost, reason }),
    flowKept({ keepReason = "" }) {
      let counter = kept.get(keepReason);
      if (counter === undefined) {
        counter = metrics.telemetryFlowsKept.bind({ reason: keepReason });
        kept.set(keepReason, counter);
      }
      counter.add();
    },
    sent: (signal, durationMs) => metrics.telemetryDeliveryDuration.record(durationMs / 1e3, { signal }),
    watch(delivery, journal) {
      const told = new Map<string, number>();
      /** The growth of a count that others keep. */
      const growth = (name: string, count: number): number => {
        const grown = count - (told.get(name) ?? 0);
        told.set(name, count);
        return grown;
      };
      return metrics.registry.onCollect(() => {
        followDelivery(metrics, delivery.stats(), growth);
        if (journal === undefined) return;
        const { written, late } = journal.stats();
        metrics.telemetryJournalRecords.add(growth("journal", written), { class: "all" });
        // From 0 on: an alert needs the series before it rises.
        metrics.telemetryJournalLateRecords.add(growth("late", late));
      });
    },
  };
}

/** Counters and gauges of all lanes; those of one signal are added up where the metric does not tell classes apart. */
function followDelivery(
  metrics: TradingMetrics,
  lanes: readonly LaneStats[],
  growth: (name: string, count: number) => number,
): void {
  for (const signal of new Set(lanes.map((lane) => lane.signal))) {
    const own = lanes.filter((lane) => lane.signal === signal);
    const sum = (of: (lane: LaneStats) => number): number => own.reduce((total, lane) => total + of(lane), 0);
    const delivered = growth(
      `${signal} delivered`,
      sum((lane) => lane.delivered),
    );
    metrics.telemetryExported.add(delivered, { signal, destination: "otlp" });
    metrics.telemetryQueueItems.set(
      sum((lane) => lane.queued),
      { signal },
    );
    metrics.telemetryQueueBytes.set(
      sum((lane) => lane.queuedBytes),
      { signal },
    );
    metrics.telemetrySpoolAge.set(ageSeconds(own), { signal });
    for (const outcome of OUTCOMES) {
      const count = growth(
        `${signal} attempts ${outcome}`,
        sum((lane) => lane.attempts[outcome]),
      );
      metrics.telemetryDeliveryAttempts.add(count, { signal, outcome });
    }
    for (const lane of own) {
      const labels = { signal, class: lane.recordClass };
      const key = `${signal} ${lane.recordClass}`;
      metrics.telemetryAccepted.add(growth(`${key} accepted`, lane.accepted), labels);
      metrics.telemetryRestored.add(growth(`${key} restored`, lane.restored), labels);
      metrics.telemetrySpoolItems.set(lane.spooled, labels);
      metrics.telemetrySpoolBytes.set(lane.spooledBytes, labels);
    }
  }
}

const OUTCOMES = ["delivered", "retry", "rejected"] as const;

function ageSeconds(lanes: readonly LaneStats[]): number {
  const times = lanes.map((lane) => lane.oldestSpooledEpochMs).filter((time) => time !== undefined);
  // A wall clock that was set back makes nothing younger than new.
  return times.length === 0 ? 0 : Math.max(0, (Date.now() - Math.min(...times)) / 1e3);
}
