// The answer first: is anything lost, does anything wait, and would somebody hear of it.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { tile } from "./panels.ts";
import { orZero } from "./promql.ts";
import { promql } from "./targets.ts";

/** Named in collector/prometheus/rules/telemetry-alerts.yml. */
const OWN_ALERTS = { alertstate: "=firing", alertname: "=~(Tracebook|Collector|Backend).*" } as const;

/** Two lines of tiles: what is lost or late, and who has been told. */
export function verdict(context: DashboardContext): PanelDraft[] {
  return [...losses(context), ...backlog(context), ...alarms(context)];
}

function losses({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDropped } = metrics;
  return [
    tile({
      title: "Dropped",
      means: "Spans, records and points dropped by the services in this time range, of any class.",
      whenBad: "The panel Dropped by class and reason says what it was; each reason has its remedy in its description.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 1000 } },
      words: { 0: "nothing" },
      noData: "nobody reports",
      width: 4,
      instant: true,
      targets: [promql(orZero(queries.growth(telemetryDropped, [])), "dropped")],
    }),
    tile({
      title: "Evidence dropped",
      means:
        "Decisions, order requests and order results that were dropped on a way out of the service. They are the last to go.",
      whenBad:
        "The journal on the service's disk has them unless it is full too: free space there, then `tracebook verify`.",
      unit: "short",
      decimals: 0,
      limits: { above: { act: 1 } },
      words: { 0: "nothing" },
      noData: "nobody reports",
      width: 4,
      instant: true,
      targets: [
        promql(orZero(queries.growth(telemetryDropped, [], { class: "=~(destination_)?evidence" })), "evidence"),
      ],
    }),
  ];
}

function backlog({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetrySpoolItems, telemetrySpoolAge } = metrics;
  const failed = queries.growth(metrics.telemetryDeliveryAttempts, [], { outcome: "!=delivered" });
  return [
    tile({
      title: "Waiting on disk",
      means: "Items that wait in the spool because the Collector did not take them. Nothing of it is lost so far.",
      whenBad: "See The Collector below; when it is back, the spool drains in order.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 1_000_000 } },
      words: { 0: "nothing" },
      noData: "no spool has reported",
      width: 4,
      targets: [promql(queries.level(telemetrySpoolItems, []), "waiting")],
    }),
    tile({
      title: "Oldest waiting",
      means: "Age of the oldest item in any spool.",
      whenBad:
        "Beyond the age limit of the spool the oldest ordinary data is dropped: bring the Collector back before.",
      unit: "s",
      limits: { above: { watch: 60, act: 3600 } },
      words: { 0: "nothing waits" },
      noData: "no spool has reported",
      width: 4,
      targets: [promql(queries.largest(telemetrySpoolAge, []), "oldest")],
    }),
    tile({
      title: "Deliveries that failed",
      means: "Requests of this time range that the Collector did not take; most are sent again.",
      whenBad: "`tracebook doctor` on that machine names it: refused, wrong path, wrong token, black hole.",
      unit: "short",
      decimals: 0,
      limits: { above: { watch: 1, act: 100 } },
      words: { 0: "none" },
      noData: "nobody reports",
      width: 4,
      instant: true,
      targets: [promql(orZero(failed), "failed")],
    }),
  ];
}

function alarms({ metrics, queries, prometheus }: DashboardContext): PanelDraft[] {
  const { telemetryJournalLateRecords } = metrics;
  const up = queries.series(prometheus.up);
  return [
    tile({
      title: "Targets down",
      means: "Addresses that Prometheus scrapes and that do not answer now.",
      whenBad: "The list below names them: start the process or mend its address in prometheus.yml.",
      unit: "none",
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no target is scraped",
      width: 4,
      targets: [promql(`count(${up} == 0) or vector(0)`, "down")],
    }),
    tile({
      title: "Orders ahead of disk",
      means:
        "Order requests of this time range that left before their record was on disk, because it was full or gone.",
      whenBad: "Free the disk of the journal at once: until then a crash can lose the record of an order.",
      unit: "short",
      decimals: 0,
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no journal has reported",
      width: 8,
      instant: true,
      targets: [promql(queries.growth(telemetryJournalLateRecords, []), "late")],
    }),
    tile({
      title: "Alerts on telemetry",
      means: "Alerts on Tracebook, the Collector, Tempo and Loki that fire now.",
      whenBad: "Each says in its text what to do; the panels below show since when.",
      unit: "none",
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "no rules loaded",
      width: 8,
      targets: [promql(`count(${queries.series(prometheus.alerts, OWN_ALERTS)}) or vector(0)`, "alerts")],
    }),
    tile({
      title: "Alerts not delivered",
      means:
        "Messages of this time range that Slack, PagerDuty or Opsgenie did not take from Alertmanager: alerts that nobody heard of.",
      whenBad:
        "Alertmanager's log has the reason; after a new start it is a secret that it cannot read (alertmanager/secrets.example.md).",
      unit: "short",
      decimals: 0,
      limits: { above: { act: 1 } },
      words: { 0: "none" },
      noData: "Alertmanager is not scraped",
      width: 8,
      instant: true,
      targets: [promql(queries.growth(prometheus.notificationsFailed, []), "failed", { scrapedEvery: "30s" })],
    }),
  ];
}
