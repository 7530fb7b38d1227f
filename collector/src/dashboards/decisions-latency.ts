// Latency: percentiles of every stage, their course with exemplars, and how durations spread.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { heatmap, table, trend } from "./panels.ts";
import { promql } from "./targets.ts";

const BY_STAGE = ["flow", "stage"] as const;
const STEPS_ONLY = { stage: "!=end_to_end" } as const;

/** Where the time goes. */
export function latency(context: DashboardContext): PanelDraft[] {
  return [percentiles(context), ...courses(context), ...spreads(context)];
}

function percentiles({ metrics, queries }: DashboardContext): PanelDraft {
  const { stageDuration } = metrics;
  const quantile = (q: number) => promql(queries.quantile(q, stageDuration, BY_STAGE, {}, "$__range"), `p${q * 100}`);
  const names = ["Flows", "Mean", "p50", "p95", "p99"];
  const renamed = names.map((name, at) => [`Value #${"ABCDE"[at]}`, name]);
  return table({
    title: "Stages: count, mean, p50, p95, p99",
    means:
      "Each stage over this time range: how many flows reached it and how long it took. end_to_end is the sum of the stages.",
    whenBad:
      "The largest p99 is where to look first; a p99 far above p50 is waiting (locks, network, garbage collection), not work.",
    unit: "s",
    noData: "no stage in this time range",
    width: 10,
    height: 9,
    targets: [
      promql(queries.growth(stageDuration, BY_STAGE), "flows"),
      promql(queries.mean(stageDuration, BY_STAGE), "mean"),
      ...[0.5, 0.95, 0.99].map(quantile),
    ],
    transformations: [
      { id: "merge", options: {} },
      {
        id: "organize",
        options: {
          excludeByName: { Time: true },
          renameByName: { flow: "Flow", stage: "Stage", ...Object.fromEntries(renamed) },
        },
      },
    ],
    columns: { Flows: "short" },
    sortedBy: "p99",
  });
}

function courses(context: DashboardContext): PanelDraft[] {
  return [...stageCourses(context), ...flowCourses(context)];
}

function stageCourses({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { stageDuration } = metrics;
  return [
    trend({
      title: "Stages, p99",
      means: "99 of 100 flows were faster, stage by stage. Dots are single flows: click one for its trace.",
      whenBad: "One stage climbs: open a dot of it. All climb together: the process is short of processor time.",
      unit: "s",
      min: 0,
      noData: "no stage yet",
      width: 14,
      height: 9,
      targets: [promql(queries.quantile(0.99, stageDuration, BY_STAGE, STEPS_ONLY), "{{stage}}", { exemplars: true })],
    }),
    trend({
      title: "Tick to order",
      means:
        "Sum of all stages: half, 95 and 99 of 100 flows were faster. Dots are single flows: click one for its trace.",
      whenBad: "Compare with the stages beside: the one that moves with it is the cause.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 0.01, act: 0.05 } },
      noData: "no flow came that far",
      width: 8,
      targets: [0.5, 0.95, 0.99].map((q) =>
        promql(queries.quantile(q, stageDuration, [], { stage: "=end_to_end" }), `p${q * 100}`, {
          exemplars: q === 0.99,
        }),
      ),
    }),
  ];
}

function flowCourses({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { stageDuration, flowDuration } = metrics;
  return [
    trend({
      title: "Whole flow",
      means:
        "From the start of a flow to its end, with what came after the last stage: waiting for the venue's answer above all.",
      whenBad:
        "Far above tick to order: the time goes into the answer of the venue, or into what the code does after it.",
      unit: "s",
      min: 0,
      noData: "no flow yet",
      width: 8,
      targets: [0.5, 0.99].map((q) =>
        promql(queries.quantile(q, flowDuration, ["flow"]), `{{flow}} p${q * 100}`, { exemplars: q === 0.99 }),
      ),
    }),
    trend({
      title: "Share of time by stage",
      means: "Of the time spent in stages, how much goes into each.",
      whenBad: "The widest band is what is worth making faster; a band that widens is what has changed.",
      unit: "s",
      min: 0,
      shares: true,
      noData: "no stage yet",
      width: 8,
      targets: [promql(queries.spent(stageDuration, ["stage"], STEPS_ONLY), "{{stage}}")],
    }),
  ];
}

function spreads({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { stageDuration, flowDuration } = metrics;
  return [
    heatmap({
      title: "Spread of tick to order",
      means:
        "How many flows per second took how long, over all stages: the brighter, the more. Dots are single flows: click one for its trace.",
      whenBad: "Two bands are two kinds of flows; a cloud above the band is waiting that percentiles hide.",
      unit: "s",
      noData: "no flow came that far",
      width: 12,
      targets: [promql(queries.buckets(stageDuration, { stage: "=end_to_end" }), "{{le}}", { exemplars: true })],
    }),
    heatmap({
      title: "Spread of the whole flow",
      means:
        "How many flows per second took how long from start to end: the brighter, the more. Dots are single flows.",
      whenBad: "A band at a round number (1 s, 5 s) is a timeout.",
      unit: "s",
      noData: "no flow yet",
      width: 12,
      targets: [promql(queries.buckets(flowDuration), "{{le}}", { exemplars: true })],
    }),
  ];
}
