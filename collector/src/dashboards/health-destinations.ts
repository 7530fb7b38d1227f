// Destinations in the services' own processes, such as a desk or a store: what they were given, what they miss, what waits for them.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { bars, trend } from "./panels.ts";
import { orNone } from "./promql.ts";
import { promql } from "./targets.ts";

/** Few services have one: `none` says that nobody has, where "no data" would say that nobody reports. */
export function destinations(context: DashboardContext): PanelDraft[] {
  return [...given(context), ...held(context)];
}

function given({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDestinationAccepted: accepted, telemetryDestinationDropped: dropped } = metrics;
  return [
    trend({
      title: "Accepted for destinations",
      means: "Items per second that are to go into each destination in the process; what it has taken is in Delivered.",
      whenBad:
        "A desk or store that is missing here gets nothing: its service did not add it, or TELEMETRY_ENABLED is not set there.",
      unit: "suffix: /s",
      min: 0,
      noData: "nobody reports",
      width: 6,
      targets: [promql(orNone(queries.rate(accepted, ["destination", "signal"]), "destination"), LEGEND)],
    }),
    bars({
      title: "Missed by destinations",
      means: "What each destination did not get in this time range, by class and reason. Nothing of it waits on disk.",
      whenBad:
        "`queue_full`, `shutdown`: it is slower than what happens, hangs, or its database is locked or full. `rejected`, `partial_success`: it refuses the data, and stderr has its words. Evidence is in the journal: a store imports it.",
      unit: "short",
      decimals: 0,
      min: 0,
      limits: { above: { watch: 1, act: 1000 } },
      noData: "nobody reports",
      width: 6,
      height: 8,
      targets: [
        promql(
          orNone(
            `sort_desc(${queries.growth(dropped, ["destination", "signal", "class", "reason"])} > 0)`,
            "destination",
          ),
          "{{destination}} {{signal}} {{class}} {{reason}}",
        ),
      ],
    }),
  ];
}

function held({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { telemetryDestinationQueueItems: items, telemetryDestinationQueueBytes: bytes } = metrics;
  const shared = { min: 0, noData: "nobody reports", width: 6 } as const;
  return [
    trend({
      ...shared,
      title: "Waiting for destinations",
      means:
        "Items in memory that a destination has not taken yet, by signal. Any end of the process that is not orderly loses them.",
      whenBad: "It only rises: the destination hangs or is busy; at the limit of its queue the oldest are dropped.",
      unit: "short",
      targets: [promql(orNone(queries.level(items, ["destination", "signal"]), "destination"), LEGEND)],
    }),
    trend({
      ...shared,
      title: "Memory taken by destinations",
      means:
        "Bytes that wait for each destination. Several may wait for the same bytes, which are in memory only once.",
      whenBad: "At TELEMETRY_QUEUE_MAX_BYTES, for each signal and class, the oldest are dropped: see what was missed.",
      unit: "bytes",
      targets: [promql(orNone(queries.level(bytes, ["destination", "job"]), "destination"), "{{destination}} {{job}}")],
    }),
  ];
}

const LEGEND = "{{destination}} {{signal}}";
