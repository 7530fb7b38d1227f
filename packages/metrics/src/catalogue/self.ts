// What the library tells about itself: what it kept, sent, refused and dropped.
import type { CatalogueEntry } from "./entry.ts";

/** The library's own metrics. */
export const SELF_METRICS = {
  telemetryDropped: {
    name: "tracebook_dropped_total",
    kind: "counter",
    unit: "{item}",
    labels: ["class", "reason"],
    help: "Spans, records and points that were dropped, by class and reason.",
    feature: 93,
  },
  telemetryInvalidValues: {
    name: "tracebook_invalid_values_total",
    kind: "counter",
    unit: "{value}",
    labels: ["metric"],
    help: "Numbers that a metric refused: NaN, Infinity, a negative count or duration.",
    feature: 34,
  },
  telemetryLabelOverflow: {
    name: "tracebook_label_overflow_total",
    kind: "counter",
    unit: "{lookup}",
    labels: ["metric"],
    help: "Times that a label value became other, because the metric had as many values or series as it may.",
    feature: 34,
  },
  telemetryUnknownLabels: {
    name: "tracebook_unknown_labels_total",
    kind: "counter",
    unit: "{metric}",
    labels: ["metric"],
    help: "Metrics that were given a label they do not declare; counted once for each.",
    feature: 34,
  },
  telemetryFlowsKept: {
    name: "tracebook_flows_kept_total",
    kind: "counter",
    unit: "{flow}",
    labels: ["reason"],
    help: "Flows whose trace was kept, by the reason.",
    feature: 81,
  },
  telemetryExported: {
    name: "tracebook_exported_total",
    kind: "counter",
    unit: "{item}",
    labels: ["signal", "destination"],
    help: "Spans, log records and metric points that a destination has taken.",
    feature: 104,
  },
  telemetryJournalRecords: {
    name: "tracebook_journal_records_total",
    kind: "counter",
    unit: "{record}",
    labels: ["class"],
    help: "Records written to the journal, by class.",
    feature: 38,
  },
  telemetryJournalLateRecords: {
    name: "tracebook_journal_late_records_total",
    kind: "counter",
    unit: "{record}",
    labels: [],
    help: "Order requests that went out before their record was on disk, because it was full or gone.",
    feature: 38,
  },
} as const satisfies Record<string, CatalogueEntry>;
