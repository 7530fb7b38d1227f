// Figures of delivery, for whoever collects metrics.
import { type Meter, metrics } from "@opentelemetry/api";
import { metricCatalogue } from "@tracebook/metrics";

/** How a try ended. */
export type TryOutcome = "delivered" | "skipped" | "retry" | "refused" | "given_up";

/** Counts what delivery does. */
export interface DeliveryMetrics {
  /** One try of one channel, and of how many entries of the outbox. */
  tried(channel: string, outcome: TryOutcome, entries: number): void;
  /** Seconds from the change of an alert to the answer of a channel that took it. */
  delay(channel: string, seconds: number): void;
}

/** Makes the instruments `tracebook_alert_notifications_total` and `tracebook_alert_notification_delay_seconds`; names of channels are from the configuration. */
export function createDeliveryMetrics(meter: Meter = metrics.getMeter("@tracebook/alerts")): DeliveryMetrics {
  const tries = meter.createCounter("tracebook_alert_notifications_total", {
    description: "Tries to deliver notifications, by channel and outcome.",
    unit: "{notification}",
  });
  const delays = meter.createHistogram("tracebook_alert_notification_delay_seconds", {
    description: "Time from the change of an alert to the answer of the channel that took it.",
    unit: "s",
    advice: { explicitBucketBoundaries: [...(metricCatalogue().alertNotificationDelay.bounds ?? [])] },
  });
  return {
    tried: (channel, outcome, entries) => tries.add(entries, { channel, outcome }),
    delay: (channel, seconds) => delays.record(Math.max(0, seconds), { channel }),
  };
}
