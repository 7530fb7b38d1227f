// The Collector and Prometheus, by their own metrics.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { table, trend } from "./panels.ts";
import { orNone } from "./promql.ts";
import { promql, type Target } from "./targets.ts";

/** Infrastructure is scraped every 30 s, services every 10. */
const ask = (expr: string, legend: string): Target => promql(expr, legend, { scrapedEvery: "30s" });

const NO_COLLECTOR = "no Collector is scraped";

/** What the Collector takes, sends and holds. */
export function collectorItself(context: DashboardContext): PanelDraft[] {
  return [...receivedItems(context), ...sentItems(context), ...collectorLoad(context)];
}

function receivedItems({ queries, collector }: DashboardContext): PanelDraft[] {
  const { rate } = queries;
  return [
    trend({
      title: "Collector: received",
      means: "Spans, log records and points per second that the Collector took, and that it refused (dashed).",
      whenBad:
        "Refusals mean that its memory limit or a queue is reached: the services spool meanwhile. Give it more, or a second one.",
      unit: "suffix: /s",
      min: 0,
      styles: { "/refused/": "act" },
      noData: NO_COLLECTOR,
      width: 7,
      targets: [
        ask(rate(collector.receivedSpans, []), "spans"),
        ask(rate(collector.receivedLogs, []), "log records"),
        ask(rate(collector.receivedPoints, []), "points"),
        ask(rate(collector.refusedSpans, []), "spans refused"),
        ask(rate(collector.refusedLogs, []), "log records refused"),
        ask(rate(collector.refusedPoints, []), "points refused"),
      ],
    }),
  ];
}

function sentItems({ queries, collector }: DashboardContext): PanelDraft[] {
  const { rate, level } = queries;
  // Counters of failures appear with the first one; the Collector's memory tells that there is one at all.
  const failed = (metric: (typeof collector)["failedSpans" | "failedLogs" | "failedPoints"]) =>
    orNone(rate(metric, ["exporter"]), "exporter", `0 * ${level(collector.memory, [])}`);
  return [
    trend({
      title: "Collector: sent on",
      means:
        "Items per second that Tempo, Loki and Prometheus took, and that failed for good (dashed). Fewer spans than received are the sampling's work.",
      whenBad: "Failures are lost: the backend refuses the data itself (limits, labels, age). Its log says which.",
      unit: "suffix: /s",
      min: 0,
      styles: { "/failed/": "act" },
      noData: NO_COLLECTOR,
      width: 7,
      targets: [
        ask(rate(collector.sentSpans, ["exporter"]), "spans to {{exporter}}"),
        ask(rate(collector.sentLogs, ["exporter"]), "log records to {{exporter}}"),
        ask(rate(collector.sentPoints, ["exporter"]), "points to {{exporter}}"),
        ask(failed(collector.failedSpans), "spans failed at {{exporter}}"),
        ask(failed(collector.failedLogs), "log records failed at {{exporter}}"),
        ask(failed(collector.failedPoints), "points failed at {{exporter}}"),
      ],
    }),
  ];
}

function collectorLoad({ queries, collector }: DashboardContext): PanelDraft[] {
  const { level } = queries;
  return [
    trend({
      title: "Collector: queues in use",
      means: "How full the queue to each backend is. They lie on disk and survive a restart of the Collector.",
      whenBad: "Full means that the Collector refuses and the services spool: mend the backend of that queue.",
      unit: "percentunit",
      min: 0,
      max: 1,
      limits: { above: { watch: 0.5, act: 0.9 } },
      noData: NO_COLLECTOR,
      width: 5,
      targets: [
        ask(
          `${level(collector.queueSize, ["exporter"])} / ${level(collector.queueCapacity, ["exporter"])}`,
          "{{exporter}}",
        ),
      ],
    }),
    trend({
      title: "Collector: memory",
      means: "Memory of the Collector's process.",
      whenBad: "Near its limit it refuses data rather than be killed: raise MEMORY_LIMIT_MIB or add a Collector.",
      unit: "bytes",
      min: 0,
      noData: NO_COLLECTOR,
      width: 5,
      targets: [ask(level(collector.memory, ["instance"]), "{{instance}}")],
    }),
  ];
}

/** What Prometheus scrapes, and what that costs. */
export function prometheusItself(context: DashboardContext): PanelDraft[] {
  return [...targets(context), ...seriesHeld(context)];
}

function targets({ queries, prometheus }: DashboardContext): PanelDraft[] {
  const { series } = queries;
  const { up, scrapeDuration, scrapeSamples } = prometheus;
  return [
    table({
      title: "Targets",
      means:
        "Every address that Prometheus scrapes: whether it answers, how many samples it gives, how long that takes.",
      whenBad: "Down: start the process or mend its address. Slow or large: a metric of it has too many series.",
      unit: "none",
      noData: "no target is scraped",
      width: 10,
      targets: [up, scrapeSamples, scrapeDuration].map((metric) =>
        ask(`max by (job, instance) (${series(metric)})`, ""),
      ),
      transformations: [
        { id: "merge", options: {} },
        {
          id: "organize",
          options: {
            excludeByName: { Time: true },
            renameByName: {
              job: "Job",
              instance: "Instance",
              "Value #A": "Answers",
              "Value #B": "Samples",
              "Value #C": "Scrape",
            },
          },
        },
      ],
      columns: { Answers: "bool_yes_no", Samples: "short", Scrape: "s" },
      sortedBy: "Scrape",
    }),
  ];
}

function seriesHeld({ queries, prometheus }: DashboardContext): PanelDraft[] {
  const { series, rate, level } = queries;
  const { scrapeSamples, headSeries, ruleFailures } = prometheus;
  return [
    trend({
      title: "Samples by target",
      means: "Samples in each scrape: a service's number of series.",
      whenBad: "A line that climbs and never falls is a label without bound: see the labels that became `other`.",
      unit: "short",
      min: 0,
      limits: { above: { watch: 10_000, act: 50_000 } },
      noData: "no target is scraped",
      width: 7,
      targets: [ask(`sum by (job, instance) (${series(scrapeSamples)})`, "{{job}} {{instance}}")],
    }),
    trend({
      title: "Series held, rules that failed",
      means: "Series in Prometheus' memory; rule evaluations per second that ended in an error.",
      whenBad: "A failing rule is an alert that cannot fire: Prometheus' page Rules has the error.",
      unit: "short",
      min: 0,
      styles: { "/failed/": "act" },
      noData: "Prometheus does not scrape itself",
      width: 7,
      targets: [
        ask(level(headSeries, ["instance"]), "series {{instance}}"),
        ask(rate(ruleFailures, []), "rules failed per second"),
      ],
    }),
  ];
}
