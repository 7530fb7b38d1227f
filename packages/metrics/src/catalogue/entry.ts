// An entry of the catalogue: a metric definition whose name may wait for the application's prefix.
import type { MetricDefinition } from "../metric-definition.ts";

/** Which configured prefix stands in front of a name: the application's or that of its signal source. */
export type CataloguePrefix = "app" | "signal";

/** A metric definition as the catalogue keeps it. */
export interface CatalogueEntry extends MetricDefinition {
  readonly prefix?: CataloguePrefix;
  readonly feature: number;
}
