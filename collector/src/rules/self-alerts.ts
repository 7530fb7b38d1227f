// Alerts on the telemetry itself: what it loses, cannot deliver, or no longer hears of.
import { COLLECTOR_REFUSED, OTHER_NAMES, type WireNames } from "../wire-names.ts";
import { type AlertRule, growth } from "./rule.ts";

/** Classes of what must not be lost: in delivery, and in the journal. */
const EVIDENCE = "(journal_)?evidence";

/** Alerts on Tracebook, the Collector and what Prometheus scrapes. */
export function selfAlerts(names: WireNames): AlertRule[] {
  return [...libraryAlerts(names), ...pipelineAlerts()];
}

function libraryAlerts(names: WireNames): AlertRule[] {
  const evidence = [names.telemetryDropped, OTHER_NAMES.deliveryDropped].map((name) => `${name}{class=~"${EVIDENCE}"}`);
  return [
    {
      alert: "TracebookEvidenceDropped",
      expr: `sum by (job, instance) (${evidence.map((selector) => growth(selector, "10m")).join("\n  or ")}) > 0`,
      for: "0s",
      severity: "critical",
      team: "platform",
      summary: "{{ $labels.instance }} has lost decisions or orders from the record",
      description:
        "{{ $value | humanize }} records of decisions or orders were dropped in ten minutes; the journal names their numbers.",
      why: "Evidence is dropped last of all: it means that the disk is full or gone. The counter appears with the first drop, so growth is counted from 0.",
    },
    {
      alert: "TracebookLateEvidence",
      expr: `sum by (job, instance) (increase(${names.telemetryJournalLateRecords}[10m])) > 0`,
      for: "0s",
      severity: "warning",
      team: "platform",
      summary: "{{ $labels.instance }} sends orders before their record is on the disk",
      description:
        "{{ $value | humanize }} order requests went out before their record was on the disk, because it was full or gone.",
      why: "The counter is there from the start with 0.",
    },
    {
      alert: "TracebookTelemetryDropped",
      expr: `sum by (job, instance, class) (${growth(`${names.telemetryDropped}{class!~"${EVIDENCE}"}`, "10m")}) > 0`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "{{ $labels.instance }} drops {{ $labels.class }}",
      description: "{{ $value | humanize }} items of class {{ $labels.class }} were dropped in ten minutes.",
      why: "The counter appears with the first drop.",
    },
    {
      alert: "TracebookDeliveryFailing",
      expr: `max by (job, instance, signal) (${names.telemetrySpoolAge}) > 300`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "{{ $labels.instance }} cannot deliver its {{ $labels.signal }}",
      description:
        "The oldest has been waiting on the disk for {{ $value | humanizeDuration }}: `tracebook doctor` says why the destination takes none.",
      why: "The age of the oldest item and not their number: a spool that drains in order grows young.",
    },
  ];
}

function pipelineAlerts(): AlertRule[] {
  const { collectorQueueSize, collectorQueueCapacity } = OTHER_NAMES;
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
      expr: 'up{job="otel-collector"} < 1',
      for: "2m",
      severity: "critical",
      team: "platform",
      summary: "The Collector at {{ $labels.instance }} does not answer",
      description: "Services keep what they would send on their disks; traces and logs are not up to date.",
      why: "Senders spool for hours, so two minutes are no false alarm and not too late.",
    },
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
      expr: `sum by (instance, receiver) (\n  ${refusedRates().join("\n  or\n  ")}\n) > 0`,
      for: "5m",
      severity: "warning",
      team: "platform",
      summary: "The Collector at {{ $labels.instance }} refuses telemetry",
      description:
        '{{ printf "%.1f" $value }} items a second are refused: a queue or its memory is full. Services spool them.',
      why: "A rate has no name any more: what was counted becomes a label, or spans and log records would be the same series.",
    },
  ];
}

function refusedRates(): string[] {
  return Object.entries(COLLECTOR_REFUSED).map(
    ([items, selector]) => `label_replace(rate(${selector}[5m]), "items", "${items}", "", "")`,
  );
}
