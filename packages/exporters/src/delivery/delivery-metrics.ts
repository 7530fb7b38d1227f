// What a delivery has done, as OpenTelemetry metrics.
import type { Attributes, MeterProvider, ObservableResult } from "@opentelemetry/api";
import type { Delivery, LaneStats } from "./delivery.ts";

/** Observes a delivery in a meter of `provider`; returns how to stop that. */
export function observeDelivery(provider: MeterProvider, delivery: Pick<Delivery, "stats">): () => void {
  const meter = provider.getMeter("@tracebook/exporters");
  const observe =
    (read: (stats: LaneStats) => number) =>
    (result: ObservableResult): void => {
      for (const stats of delivery.stats()) result.observe(read(stats), labelsOf(stats));
    };
  const counter = (name: string, description: string, read: (stats: LaneStats) => number) => {
    const instrument = meter.createObservableCounter(name, { description, unit: "{item}" });
    const callback = observe(read);
    instrument.addCallback(callback);
    return () => instrument.removeCallback(callback);
  };
  const gauge = (name: string, description: string, unit: string, read: (stats: LaneStats) => number) => {
    const instrument = meter.createObservableGauge(name, { description, unit });
    const callback = observe(read);
    instrument.addCallback(callback);
    return () => instrument.removeCallback(callback);
  };
  const stops = [
    counter("tracebook_accepted_total", "Items taken for delivery.", (stats) => stats.accepted),
    counter("tracebook_exported_total", "Items that the receiver has taken.", (stats) => stats.delivered),
    counter("tracebook_delivery_dropped_total", "Items dropped on the way.", (stats) => stats.dropped),
    gauge("tracebook_queue_items", "Items that wait in memory.", "{item}", (stats) => stats.queued),
    gauge("tracebook_queue_bytes", "Bytes that wait in memory.", "By", (stats) => stats.queuedBytes),
    gauge("tracebook_spool_items", "Items that wait on disk.", "{item}", (stats) => stats.spooled),
    gauge("tracebook_spool_bytes", "Bytes of the spool's files.", "By", (stats) => stats.spooledBytes),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function labelsOf({ signal, recordClass }: LaneStats): Attributes {
  return { signal, class: recordClass };
}
