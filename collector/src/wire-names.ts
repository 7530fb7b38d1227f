// The names of metrics on the wire: as the catalogue has them, dots as underscores, on both ways to Prometheus.
import { metricCatalogue } from "@tracebook/metrics";

/** What stands in front of an application's own metrics; see `metricCatalogue`. */
export interface NamePrefixes {
  readonly prefix?: string | undefined;
  readonly signalPrefix?: string | undefined;
}

type Catalogue = ReturnType<typeof metricCatalogue>;

/** A name of the catalogue on the wire, by the key that `tradingMetrics` has for it. */
export type WireNames = { readonly [Key in keyof Catalogue]: string };

/** All names for one application. */
export function wireNames(prefixes: NamePrefixes = {}): WireNames {
  const named = Object.entries(metricCatalogue(prefixes)).map(([key, { name }]) => [key, toWireName(name)]);
  return Object.freeze(Object.fromEntries(named)) as WireNames;
}

/** `http.server.request.duration` is `http_server_request_duration`. */
export function toWireName(name: string): string {
  return name.replaceAll(".", "_");
}

/** Metrics that rules read and the catalogue does not have: of delivery, of the Collector, of Prometheus, Tempo and Loki. */
export const OTHER_NAMES = {
  up: "up",
  alerts: "ALERTS",
  deliveryDropped: "tracebook_delivery_dropped_total",
  collectorQueueSize: "otelcol_exporter_queue_size",
  collectorQueueCapacity: "otelcol_exporter_queue_capacity",
  tempoDiscarded: "tempo_discarded_spans_total",
  lokiDiscarded: "loki_discarded_samples_total",
} as const;

/** What the Collector has refused: senders try again. */
export const COLLECTOR_REFUSED = collectorCounters("otelcol_receiver_refused");

/** What a destination has refused for good: it is lost. The counter appears with the first loss. */
export const COLLECTOR_SEND_FAILED = collectorCounters("otelcol_exporter_send_failed");

/** Selectors of the Collector's counters by what they count; names end in `_total` or not, as its metrics reader is set up. */
function collectorCounters(prefix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ["spans", "log_records", "metric_points"].map((items) => {
      const name = `${prefix}_${items}`;
      return [items, `{__name__=~"${name}|${name}_total"}`];
    }),
  );
}
