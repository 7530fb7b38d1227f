// The depth of the queue as a gauge that asks Redis whenever somebody reads the metrics, and shows nothing while it cannot.
import { metrics } from "@opentelemetry/api";
import { tradingMetrics } from "@tracebook/node";

const TIMEOUT_MS = 1_000;

/** Observes `depth` under the name that the catalogue has for it; returns the way to stop. */
export function observeQueueDepth(depth: () => Promise<number>): () => void {
  const { name, help: description, unit } = tradingMetrics.catalogue.signalQueueDepth;
  const gauge = metrics.getMeter("signal-bot").createObservableGauge(name, { description, unit });
  const observe = async (result: { observe(value: number): void }): Promise<void> => {
    const asked = await Promise.race([depth().catch(() => undefined), after(TIMEOUT_MS)]);
    if (asked !== undefined) result.observe(asked);
  };
  gauge.addCallback(observe);
  return () => gauge.removeCallback(observe);
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
