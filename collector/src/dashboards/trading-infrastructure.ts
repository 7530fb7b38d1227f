// What trading stands on: Redis, databases, machines.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { trend } from "./panels.ts";
import { ratio } from "./promql.ts";
import { promql } from "./targets.ts";

/** Caches, databases and machines. */
export function infrastructure(context: DashboardContext): PanelDraft[] {
  return [...redis(context), ...database(context), machine(context)];
}

function redis({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { redisOperations: operations, redisConnectionErrors } = metrics;
  const good = queries.rate(operations, [], { status: "=success" });
  return [
    trend({
      title: "Redis operations",
      means: "Operations per second by type; errors are dashed.",
      whenBad: "Errors of one type: its keys or memory limit. Of all: the connection, see beside.",
      unit: "ops",
      min: 0,
      styles: { "/error/": "act" },
      noData: "no Redis operation yet",
      width: 8,
      targets: [promql(queries.rate(operations, ["type", "status"]), "{{type}} {{status}}")],
    }),
    trend({
      title: "Redis operations that succeeded",
      means: "Share of Redis operations without an error.",
      whenBad: "Below 99 %: see Redis's own log; the bots then work with old or no state.",
      unit: "percentunit",
      decimals: 2,
      max: 1,
      limits: { below: { watch: 0.99, act: 0.9 } },
      noData: "no Redis operation yet",
      width: 8,
      targets: [promql(ratio(good, queries.rate(operations, [])), "succeeded")],
    }),
    trend({
      title: "Redis connections lost",
      means: "Failed or lost connections to Redis, per second: the figure of the alert HighRedisErrorRate.",
      whenBad: "Above 0.1 a second the alert fires: Redis is down, full, or the network between is.",
      unit: "suffix: /s",
      min: 0,
      limits: { above: { act: 0.1 } },
      noData: "no service reports on Redis",
      width: 8,
      targets: [promql(queries.rate(redisConnectionErrors, ["job"]), "{{job}}")],
    }),
  ];
}

function database({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { databaseQueries: asked, databaseQueryDuration: duration } = metrics;
  return [
    trend({
      title: "Database queries",
      means: "Queries per second by operation; failed ones are dashed.",
      whenBad: "Failures: see the error on the query's span. A sudden rise: a loop that asks once a row.",
      unit: "suffix: /s",
      min: 0,
      styles: { "/error/": "act" },
      noData: "no query yet",
      width: 8,
      targets: [promql(queries.rate(asked, ["operation", "status"]), "{{operation}} {{status}}")],
    }),
    trend({
      title: "Time of database queries, p95",
      means:
        "95 of 100 queries were answered within this time, by table. Dots are single queries: click one for its trace.",
      whenBad: "One table: a missing index or a lock. All: the database's machine.",
      unit: "s",
      min: 0,
      limits: { above: { watch: 0.1, act: 1 } },
      noData: "no query yet",
      width: 8,
      targets: [promql(queries.quantile(0.95, duration, ["table"]), "{{table}}", { exemplars: true })],
    }),
  ];
}

function machine({ metrics, queries }: DashboardContext): PanelDraft {
  const { cpuUsage, memoryUsage, diskUsage } = metrics;
  return trend({
    title: "Machines: processor, memory, disk",
    means: "Share in use, by process that reports it; taken once a minute.",
    whenBad: "Disk near full stops journal and spool first; processor near full makes every latency above worse.",
    unit: "percent",
    min: 0,
    max: 100,
    limits: { above: { watch: 80, act: 90 } },
    noData: "no machine has reported (it takes a minute)",
    width: 8,
    targets: [
      promql(queries.level(cpuUsage, ["instance"]), "processor {{instance}}"),
      promql(queries.level(memoryUsage, ["instance"]), "memory {{instance}}"),
      promql(queries.level(diskUsage, ["instance", "mountpoint"]), "disk {{instance}} {{mountpoint}}"),
    ],
  });
}
