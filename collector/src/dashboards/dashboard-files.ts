// The dashboards as the files that Grafana imports or is provisioned with.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { GeneratedFile } from "../generated-file.ts";
import type { NamePrefixes } from "../wire-names.ts";
import { decisionsDashboard } from "./decisions.ts";
import { healthDashboard } from "./health.ts";
import { overviewDashboard } from "./overview.ts";
import { tradingDashboard } from "./trading.ts";

/** All dashboards by the name of their file, under the names of one application. */
export function dashboards(options: NamePrefixes = {}): Readonly<Record<string, Dashboard>> {
  return {
    overview: overviewDashboard(options),
    trading: tradingDashboard(options),
    decisions: decisionsDashboard(options),
    health: healthDashboard(options),
  };
}

/** The dashboards as files of `collector/`: `grafana/dashboards/overview.json` and so on. */
export function dashboardFiles(options: NamePrefixes = {}): GeneratedFile[] {
  return Object.entries(dashboards(options)).map(([name, dashboard]) => ({
    path: `grafana/dashboards/${name}.json`,
    text: `${JSON.stringify(dashboard, undefined, 2)}\n`,
  }));
}
