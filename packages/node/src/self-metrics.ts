// Telemetry that reports on itself: what was kept, exported and lost, as metrics.
import type { FlowSink } from "@tracebook/core/extension";
import type { Journal } from "@tracebook/journal";
import type { TradingMetrics } from "@tracebook/metrics";
import type { SignalPumps } from "./signal-pumps.ts";

/** The self-telemetry of one process; as a flow sink it counts kept flows by reason. */
export interface SelfMetrics extends FlowSink {
  /** Counts a loss; passed to the drop ledger. */
  dropped(lost: string, reason: string, count: number): void;
  /** Follows what the exporters and the journal have done, whenever metrics are collected. */
  watch(pumps: Pick<SignalPumps, "health">, journal: Journal | undefined): () => void;
}

/** Makes the self metrics in the registry of `metrics`. */
export function createSelfMetrics(metrics: TradingMetrics): SelfMetrics {
  return {
    dropped: (lost, reason, count) => metrics.telemetryDropped.add(count, { class: lost, reason }),
    flowKept: (flow) => metrics.telemetryFlowsKept.add(1, { reason: flow.keepReason ?? "" }),
    watch(pumps, journal) {
      const told = new Map<string, number>();
      /** The growth of a count that others keep. */
      const growth = (name: string, count: number): number => {
        const grown = count - (told.get(name) ?? 0);
        told.set(name, count);
        return grown;
      };
      return metrics.registry.onCollect(() => {
        for (const [signal, health] of Object.entries(pumps.health()))
          if (health !== undefined)
            metrics.telemetryExported.add(growth(signal, health.exported), { signal, destination: "otlp" });
        if (journal === undefined) return;
        const { written, late } = journal.stats();
        metrics.telemetryJournalRecords.add(growth("journal", written), { class: "all" });
        // From 0 on: an alert needs the series before it rises.
        metrics.telemetryJournalLateRecords.add(growth("late", late));
      });
    },
  };
}
