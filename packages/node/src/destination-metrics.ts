// What becomes of signals on their way to a destination in the host's own process, as metrics, by its name.
import type { LaneStats } from "@tracebook/exporters";
import type { TradingMetrics } from "@tracebook/metrics";
import type { DestinationDelivery } from "./destination-delivery.ts";

/** Whose metrics they are. Two may have one name, when one takes the place of another that is being taken away. */
export type ObservedDestination = Pick<DestinationDelivery, "name" | "stats">;

/** The metrics of all destinations: accepted = exported + waiting + dropped, for each name and signal. */
export interface DestinationMetrics {
  /** Counts a loss. */
  dropped(destination: string, lane: Pick<LaneStats, "signal" | "recordClass">, reason: string, items: number): void;
  /** Brings them up to date: call it before a destination is let go. */
  update(): void;
  /** Updates them for the last time. */
  stop(): void;
}

/** Makes the metrics, which follow what is observed whenever metrics are collected. Throws where the host has one of the names for a metric of its own. */
export function createDestinationMetrics(
  metrics: TradingMetrics,
  observed: () => Iterable<ObservedDestination>,
): DestinationMetrics {
  // Each instrument is made where it is first read, so a name that is taken throws here and not while metrics are collected.
  const {
    telemetryDestinationAccepted: accepted,
    telemetryDestinationDropped: dropped,
    telemetryDestinationQueueItems: waitingItems,
    telemetryDestinationQueueBytes: waitingBytes,
    telemetryExported: exported,
  } = metrics;
  /** What the lanes of each had done when it was told last. */
  const told = new WeakMap<ObservedDestination, Map<string, LaneStats>>();
  const count = (one: ObservedDestination, lane: LaneStats, labels: LaneSum["labels"]): void => {
    const lanes = told.get(one) ?? new Map<string, LaneStats>();
    const last = lanes.get(keyOf(labels));
    told.set(one, lanes.set(keyOf(labels), lane));
    accepted.add(lane.accepted - (last?.accepted ?? 0), labels);
    exported.add(lane.delivered - (last?.delivered ?? 0), { signal: lane.signal, destination: one.name });
  };
  const update = (): void => {
    const sums = new Map<string, LaneSum>();
    for (const one of observed())
      for (const lane of one.stats()) {
        const labels = { signal: lane.signal, class: lane.recordClass, destination: one.name };
        count(one, lane, labels);
        addTo(sums, labels, lane);
      }
    for (const { labels, items, bytes } of sums.values()) {
      waitingItems.set(items, labels);
      waitingBytes.set(bytes, labels);
    }
  };
  const stopFollowing = metrics.registry.onCollect(update);
  return {
    dropped(destination, { signal, recordClass }, reason, items) {
      dropped.add(items, { signal, class: recordClass, destination, reason });
    },
    update,
    stop() {
      stopFollowing();
      update();
    },
  };
}

/** What waits in the lanes of one name, signal and class. */
interface LaneSum {
  readonly labels: { readonly signal: string; readonly class: string; readonly destination: string };
  items: number;
  bytes: number;
}

function addTo(sums: Map<string, LaneSum>, labels: LaneSum["labels"], { queued, queuedBytes }: LaneStats): void {
  const sum = sums.get(keyOf(labels)) ?? { labels, items: 0, bytes: 0 };
  sums.set(keyOf(labels), sum);
  sum.items += queued;
  sum.bytes += queuedBytes;
}

/** No name has a line break in it. */
function keyOf(labels: LaneSum["labels"]): string {
  return Object.values(labels).join("\n");
}
