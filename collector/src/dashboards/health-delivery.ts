// Delivery: what the services accepted, delivered and dropped, and what waits in memory and on disk.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, trend } from "./panels.ts";
import { orNone } from "./promql.ts";
import { promql } from "./targets.ts";

/** Accepted = delivered + waiting + dropped. */
export function accounting(context: DashboardContext): PanelDraft[] {
  return [...taken(context), ...lost(context), ...requests(context)];
}

function taken({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryAccepted, telemetryRestored, telemetryExported } = metrics;
  return [
    trend({
      title: "Accepted for delivery",
      means:
        "Items per second that the services gave to their delivery, by signal and class; dashed: taken over from the spool of an earlier process.",
      whenBad:
        "Zero while the services work: OTLP is off there (see their start line). Restored items follow a crash or restart.",
      unit: "suffix: /s",
      min: 0,
      styles: { "/restored/": "watch" },
      noData: "nothing accepted yet (OTLP may be off)",
      width: 8,
      targets: [
        promql(queries.rate(telemetryAccepted, ["signal", "class"]), "{{signal}} {{class}}"),
        promql(queries.rate(telemetryRestored, ["signal"]), "{{signal}} restored"),
      ],
    }),
    trend({
      title: "Delivered",
      means: "Items per second that a destination has taken, by signal.",
      whenBad: "A signal at zero while the services work: see the attempts beside and what waits below.",
      unit: "suffix: /s",
      min: 0,
      noData: "nothing delivered yet (OTLP may be off)",
      width: 8,
      targets: [promql(queries.rate(telemetryExported, ["signal", "destination"]), "{{signal}} to {{destination}}")],
    }),
  ];
}

function lost({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDropped } = metrics;
  return [
    trend({
      title: "Dropped, over time",
      means: "Items dropped from one point of the graph to the next, by class and reason: spans, records and points.",
      whenBad: "A short peak is a restart; a plateau is a Collector that is away for longer than the spool has room.",
      unit: "short",
      min: 0,
      limits: { above: { act: 1 } },
      noData: "nobody reports",
      width: 8,
      targets: [
        promql(
          orNone(queries.growth(telemetryDropped, ["class", "reason"], {}, "$__rate_interval"), "class"),
          "{{class}} {{reason}}",
        ),
      ],
    }),
    bars({
      title: "Dropped by class and reason",
      means: "What was dropped in this time range, and why. Ordinary data goes first, evidence last.",
      whenBad:
        "`queue_full`: the service made more than memory and disk hold. `rejected`: the Collector refuses the data itself. `spool_full`, `spool_age`: it was away too long.",
      unit: "short",
      decimals: 0,
      min: 0,
      limits: { above: { watch: 1, act: 1000 } },
      noData: "nobody reports",
      width: 8,
      height: 8,
      targets: [
        promql(
          orNone(`sort_desc(${queries.growth(telemetryDropped, ["class", "reason"])} > 0)`, "class"),
          "{{class}} {{reason}}",
        ),
      ],
    }),
  ];
}

function requests({ metrics, queries }: Pick<DashboardContext, "metrics" | "queries">): PanelDraft[] {
  const { telemetryDeliveryAttempts: attempts, telemetryDeliveryDuration: duration } = metrics;
  return [
    trend({
      title: "Delivery attempts by outcome",
      means: "Requests to the Collector per minute: delivered, to be tried again (dashed), rejected for good (dashed).",
      whenBad:
        "Retries: the Collector is away or overloaded. Rejections: wrong path, token or protocol; ask `tracebook doctor`.",
      unit: "suffix: /min",
      min: 0,
      styles: { "/retry/": "watch", "/rejected/": "act" },
      noData: "no attempt yet (OTLP may be off)",
      width: 8,
      targets: [promql(queries.perMinute(attempts, ["signal", "outcome"]), "{{signal}} {{outcome}}")],
    }),
    trend({
      title: "Time of a delivery",
      means: "Half and 99 of 100 requests to the Collector were answered within this time, by signal.",
      whenBad: "Seconds: the Collector or the network to it is slow; what waits below grows with it.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 1, act: 5 } },
      noData: "no attempt yet (OTLP may be off)",
      width: 8,
      targets: [0.5, 0.99].map((q) => promql(queries.quantile(q, duration, ["signal"]), `{{signal}} p${q * 100}`)),
    }),
  ];
}

/** Queues in memory and spools on disk. */
export function waiting(context: DashboardContext): PanelDraft[] {
  return [...waitingItems(context), ...waitingCost(context)];
}

function waitingItems({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryQueueItems, telemetrySpoolItems } = metrics;
  return [
    trend({
      title: "Waiting in memory",
      means: "Items in the queues of the services, by signal. A kill loses them, an orderly end does not.",
      whenBad: "A queue that stays high cannot be emptied as fast as it fills: see the time of a delivery.",
      unit: "short",
      min: 0,
      noData: "no queue has reported",
      width: 6,
      targets: [promql(queries.level(telemetryQueueItems, ["signal"]), "{{signal}}")],
    }),
    trend({
      title: "Waiting on disk",
      means: "Items in the spools by signal and class. They survive a restart and drain in order.",
      whenBad: "It only rises: the Collector is away. When it falls, all is well again.",
      unit: "short",
      min: 0,
      noData: "no spool has reported",
      width: 6,
      targets: [promql(queries.level(telemetrySpoolItems, ["signal", "class"]), "{{signal}} {{class}}")],
    }),
  ];
}

function waitingCost({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryQueueBytes, telemetrySpoolBytes } = metrics;
  return [
    trend({
      title: "Age of the oldest on disk",
      means: "How long the oldest item of each signal has waited.",
      whenBad:
        "It rises second by second while the Collector is away; at the age limit the oldest ordinary data is dropped.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 60, act: 3600 } },
      noData: "no spool has reported",
      width: 6,
      targets: [promql(queries.largest(metrics.telemetrySpoolAge, ["signal"]), "{{signal}}")],
    }),
    trend({
      title: "Memory and disk taken",
      means: "Bytes of the queues in memory and of the spools on disk, by process.",
      whenBad: "At its limit a spool drops the oldest ordinary data; give it more disk or bring the Collector back.",
      unit: "bytes",
      min: 0,
      noData: "no queue has reported",
      width: 6,
      targets: [
        promql(queries.level(telemetryQueueBytes, ["job"]), "memory {{job}}"),
        promql(queries.level(telemetrySpoolBytes, ["job"]), "disk {{job}}"),
      ],
    }),
  ];
}
