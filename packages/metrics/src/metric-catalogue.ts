// The metric catalogue: every metric of the product, defined once, under the names of one application.
import { ALERTING_METRICS } from "./catalogue/alerting.ts";
import { BOT_METRICS } from "./catalogue/bots.ts";
import type { CatalogueEntry, CataloguePrefix } from "./catalogue/entry.ts";
import { FLOW_METRICS } from "./catalogue/flows.ts";
import { GENERIC_METRICS } from "./catalogue/generic.ts";
import { INFRASTRUCTURE_METRICS } from "./catalogue/infrastructure.ts";
import { MARKET_METRICS } from "./catalogue/market.ts";
import { ORDER_METRICS } from "./catalogue/orders.ts";
import { SELF_METRICS } from "./catalogue/self.ts";
import { MetricsError, quoteValue } from "./errors.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/** All entries by the name that `tradingMetrics` has for them; names without their prefix. */
export const CATALOGUE_ENTRIES = {
  ...BOT_METRICS,
  ...ORDER_METRICS,
  ...MARKET_METRICS,
  ...FLOW_METRICS,
  ...INFRASTRUCTURE_METRICS,
  ...GENERIC_METRICS,
  ...SELF_METRICS,
  ...ALERTING_METRICS,
} as const;

type Entries = typeof CATALOGUE_ENTRIES;

/** The catalogue: a definition for each metric, by the name that `tradingMetrics` has for it. */
export type MetricCatalogue = {
  readonly [Key in keyof Entries]: MetricDefinition<Entries[Key]["labels"][number]> & {
    readonly kind: Entries[Key]["kind"];
  };
};

/** The names that stand in front of an application's own metrics. */
export interface CatalogueOptions {
  /** In front of order, queue and bot metrics; lower-case letters, digits, underscores, ending in one. Default `tvtelegrambingx_`. */
  readonly prefix?: string | undefined;
  /** In front of the metrics of the signal source. Default `tradingview_`. */
  readonly signalPrefix?: string | undefined;
}

const PREFIX = /^(?:[a-z][a-z0-9_]{0,62}_)?$/;

/**
 * All metrics of the product under the names of one application.
 *
 * @throws MetricsError `invalid_option` for a prefix that would not make a metric name
 */
export function metricCatalogue(options: CatalogueOptions = {}): MetricCatalogue {
  const prefixes: Record<CataloguePrefix, string> = {
    app: prefixOption("prefix", options.prefix, "tvtelegrambingx_"),
    signal: prefixOption("signalPrefix", options.signalPrefix, "tradingview_"),
  };
  const named = Object.entries(CATALOGUE_ENTRIES).map(([key, entry]) => [key, toDefinition(entry, prefixes)]);
  return Object.freeze(Object.fromEntries(named)) as MetricCatalogue;
}

function toDefinition(entry: CatalogueEntry, prefixes: Record<CataloguePrefix, string>): MetricDefinition {
  const { prefix, ...definition } = entry;
  return Object.freeze(prefix === undefined ? definition : { ...definition, name: prefixes[prefix] + entry.name });
}

function prefixOption(name: string, value: unknown, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value === "string" && PREFIX.test(value)) return value;
  const wanted = "lower-case letters, digits and underscores that end in an underscore (or nothing)";
  throw new MetricsError("invalid_option", `${name} is ${quoteValue(value)}, not ${wanted}.`);
}
