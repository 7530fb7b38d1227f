// Alerts on the telemetry itself: what it loses, cannot deliver, or no longer hears of.
import { COLLECTOR_REFUSED, COLLECTOR_SEND_FAILED, type NamePrefixes, OTHER_NAMES, wireNames } from "../wire-names.ts";
import { type AlertRule, growth } from "./rule.ts";
import { standardAlerts } from "./standard-alerts.ts";

/** Classes of what must not be lost: in delivery, and in the journal. */
const EVIDENCE = "(journal_)?evidence";
/** What a destination in the process did not get of it has an alert of its own. */
const ANY_EVIDENCE = "(journal_|destination_)?evidence";

/** Alerts on Tracebook, the Collector and what Prometheus scrapes, under the names of one application. */
export function selfAlerts(prefixes: NamePrefixes = {}): AlertRule[] {
  return [...libraryAlerts(prefixes), ...reachAlerts(), ...pipelineAlerts()];
}

function libraryAlerts(prefixes: NamePrefixes): AlertRule[] {
  const names = wireNames(prefixes);
  const standard = standardAlerts(prefixes);
  const evidence = [names.telemetryDropped, OTHER_NAMES.deliveryDropped].map((name) => `${name}{class=~"${EVIDENCE}"}`);
  return [
    standard("TracebookEvidenceDropped", {
      // Beyond the standard rule, which has one metric: what delivery alone has lost, of who uses the exporters without the rest.
      expr: `sum by (job, instance) (${evidence.map((selector) => growth(selector, "10m")).join("\n  or ")}) > 0`,
      description:
        "{{ $value | humanize }} records of decisions or orders were dropped in ten minutes; the journal names their numbers.",
      why: "Evidence is dropped last of all: it means that the disk is full or gone. The counter appears with the first drop, so growth is counted from 0.",
    }),
    standard("TracebookLateEvidence", {
      // Narrower than the standard rule's growth: a Prometheus that was away for a while tells of nothing old.
      expr: `sum by (job, instance) (increase(${names.telemetryJournalLateRecords}[10m])) > 0`,
      description:
        "{{ $value | humanize }} order requests went out before their record was on the disk, because it was full or gone.",
      why: "The counter is there from the start with 0.",
    }),
    standard("TracebookDestinationEvidenceDropped", {
      description:
        "It did not get {{ $value | humanize }} records of decisions or orders in ten minutes; the journal has them, and a store imports them from there.",
      why: "Nobody is woken: the record is whole as long as the journal is, of which TracebookEvidenceDropped tells. The counter appears with the first drop.",
    }),
    standard("TracebookTelemetryDropped", {
      // Beyond the standard rule, which has a list of classes and cannot say "none of these": one that a later version adds.
      expr: `sum by (job, instance, class) (${growth(`${names.telemetryDropped}{class!~"${ANY_EVIDENCE}"}`, "10m")}) > 0`,
      description: "{{ $value | humanize }} items of class {{ $labels.class }} were dropped in ten minutes.",
      why: "The counter appears with the first drop.",
    }),
    standard("TracebookDeliveryFailing", {
      description:
        "The oldest has been waiting on the disk for {{ $value | humanizeDuration }}: `tracebook doctor` says why the destination takes none.",
      why: "The age of the oldest item and not their number: a spool that drains in order grows young.",
    }),
  ];
}

/** No rules of the standard set: only Prometheus knows whom it asked in vain. */
function reachAlerts(): AlertRule[] {
  return [
    {
      alert: "TradingServiceDown",
      expr: 'up{tier="services"} < 1',
      for: "2m",
      severity: "critical",
      team: "platform",
      summary: "{{ $labels.job }} at {{ $labels.instance }} does not answer",
      description: "For two minutes nobody has answered at /metrics: the process is gone, or cannot be reached.",
      why: "Every other alert is silent about a service that tells nothing.",
    },
    {
      alert: "CollectorDown",
      expr: 'up{job=~"otel-collector(-services)?"} < 1',
      for: "2m",
      severity: "critical",
      team: "platform",
      summary: "The Collector at {{ $labels.instance }} does not answer",
      description:
        '{{ if eq $labels.job "otel-collector" }}Services keep what they would send on their disks; traces and logs are not up to date.{{ else }}Rules and dashboards no longer see the metrics that services push.{{ end }}',
      why: "Senders spool for hours, so two minutes are no false alarm and not too late. Its page of services' metrics can fail alone: a port that is taken, two series that collide.",
    },
  ];
}

/** No rules of the standard set: the metrics are of the Collector, Tempo and Loki, which a desk does not hear of. */
function pipelineAlerts(): AlertRule[] {
  const { collectorQueueSize, collectorQueueCapacity, tempoDiscarded, lokiDiscarded } = OTHER_NAMES;
  return [
    {
      alert: "CollectorQueueFilling",
      expr: `max by (instance, exporter) (${collectorQueueSize} / (${collectorQueueCapacity} > 0)) > 0.5`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "The Collector's queue for {{ $labels.exporter }} is filling",
      description:
        "It is {{ $value | humanizePercentage }} full: the destination is away or too slow. When it is full, services are refused and spool.",
      why: "Half full leaves as much time again to act.",
    },
    {
      alert: "CollectorRefusing",
      expr: `sum by (instance, receiver) (\n  ${byItems(COLLECTOR_REFUSED, (one) => `rate(${one}[5m])`)}\n) > 0`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "The Collector at {{ $labels.instance }} refuses telemetry",
      description:
        '{{ printf "%.1f" $value }} items a second are refused: a queue or its memory is full. Services spool them.',
      why: "A rate has no name any more: what was counted becomes a label, or spans and log records would be the same series.",
    },
    {
      alert: "CollectorLosing",
      expr: `sum by (instance, exporter) (\n  ${byItems(COLLECTOR_SEND_FAILED, (one) => growth(one, "10m"))}\n) > 0`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "{{ $labels.exporter }} of the Collector at {{ $labels.instance }} loses telemetry",
      description:
        "{{ $value | humanize }} items were given up in ten minutes: the destination refuses them for good. Senders believe them delivered.",
      why: "Attempts that are repeated do not count. The counter appears with the first loss, and a single one is told.",
    },
    {
      alert: "BackendDiscarding",
      expr: `sum by (job, reason) (${growth(tempoDiscarded, "10m")}\n  or ${growth(lokiDiscarded, "10m")}) > 0`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "{{ $labels.job }} discards what it is sent ({{ $labels.reason }})",
      description:
        "{{ $value | humanize }} spans or log lines were discarded in ten minutes. Those for a rate limit are sent again; all others are lost.",
      why: "Tempo discards without a word to the sender where too many traces are open or one is too large: only its counter tells.",
    },
  ];
}

/** One expression over the Collector's counters of spans, log records and points: each gets what it counts as a label. */
function byItems(selectors: Readonly<Record<string, string>>, ask: (selector: string) => string): string {
  return Object.entries(selectors)
    .map(([items, selector]) => `label_replace(${ask(selector)}, "items", "${items}", "", "")`)
    .join("\n  or\n  ");
}
