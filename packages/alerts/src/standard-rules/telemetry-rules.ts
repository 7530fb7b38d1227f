// Rules about the telemetry itself: what it loses, and what it cannot deliver.
import { chosen, INSTANCE, SERVICE, type StandardMetrics, type StandardRule, SURE_MINUTES } from "./standard-rule.ts";

/** What must not be lost, in delivery and in the journal. */
const EVIDENCE = ["evidence", "journal_evidence"];
/** All else that is counted as lost. What a destination in the process did not get of evidence has a rule of its own. */
const ORDINARY = [
  ...["spans", "logs", "metrics", "flow"],
  ...["journal", "journal_event", "journal_market", "journal_latencies"],
  ...["destination_spans", "destination_logs", "destination_metrics"],
];

/** The rules, in the order in which they are written. */
export function telemetryRules(metrics: StandardMetrics): readonly StandardRule[] {
  return [...evidenceRules(metrics), ...deliveryRules(metrics)];
}

function evidenceRules(metrics: StandardMetrics): readonly StandardRule[] {
  const grown = { aggregation: "sum", time_window_minutes: 10, operator: ">", threshold: 0 } as const;
  const frame = { team: "platform", forSeconds: 0 } as const;
  return [
    {
      ...frame,
      name: "TracebookEvidenceDropped",
      severity: "critical",
      condition: { ...chosen(metrics.telemetryDropped, { class: EVIDENCE }), by: [SERVICE, INSTANCE], ...grown },
      summary: "{{labels.instance_id}} has lost decisions or orders from the record",
      description:
        "Records of decisions or orders were dropped in the last ten minutes; the journal names their numbers.",
    },
    {
      ...frame,
      name: "TracebookLateEvidence",
      severity: "warning",
      condition: { ...chosen(metrics.telemetryJournalLateRecords), by: [SERVICE, INSTANCE], ...grown },
      summary: "{{labels.instance_id}} sends orders before their record is on the disk",
      description: "Order requests went out before their record was on the disk, because it was full or gone.",
    },
    {
      ...frame,
      name: "TracebookDestinationEvidenceDropped",
      severity: "warning",
      condition: {
        ...chosen(metrics.telemetryDestinationDropped, { class: "evidence" }),
        by: [SERVICE, INSTANCE, "destination"],
        ...grown,
      },
      summary: "{{labels.destination}} in {{labels.instance_id}} lacks decisions or orders",
      description:
        "It did not get all of them in the last ten minutes; the journal has them, and a store imports them from there.",
    },
  ];
}

function deliveryRules(metrics: StandardMetrics): readonly StandardRule[] {
  return [
    {
      name: "TracebookTelemetryDropped",
      team: "platform",
      severity: "warning",
      forSeconds: 300,
      condition: {
        ...chosen(metrics.telemetryDropped, { class: ORDINARY }),
        by: [SERVICE, INSTANCE, "class"],
        aggregation: "sum",
        time_window_minutes: 10,
        operator: ">",
        threshold: 0,
      },
      summary: "{{labels.instance_id}} drops {{labels.class}}",
      description: "Telemetry of this class was dropped in the last ten minutes.",
    },
    {
      name: "TracebookDeliveryFailing",
      team: "platform",
      severity: "warning",
      forSeconds: 300,
      condition: {
        // The age of the oldest item and not their number: a spool that drains in order grows young.
        ...chosen(metrics.telemetrySpoolAge),
        by: [SERVICE, INSTANCE, "signal"],
        aggregation: "last",
        across: "max",
        time_window_minutes: SURE_MINUTES,
        operator: ">",
        threshold: 300,
      },
      summary: "{{labels.instance_id}} cannot deliver its {{labels.signal}}",
      description:
        "Something has been waiting on the disk for more than five minutes: `tracebook doctor` says why the destination takes none.",
    },
  ];
}
