// Reads the conditions of metrics.
import type { AcrossSeries, AlertAggregation, MetricMatch, MetricThreshold } from "./alert-rule.ts";
import { checkCount, OPERATORS, readMatch, readMinutes, readWindow } from "./parse-condition.ts";
import type { RuleCatalogue } from "./rule-catalogue.ts";
import type { RuleReader } from "./rule-reader.ts";

export const METRIC_FIELDS = [
  "metric",
  "labels",
  "by",
  "unit",
  "operator",
  "threshold",
  "time_window_minutes",
  "aggregation",
  "across",
  "remember_minutes",
  "divided_by",
];

const PERCENTILES = ["p50", "p90", "p95", "p99"] as const;
const AGGREGATIONS: readonly AlertAggregation[] = [
  ...(["avg", "sum", "min", "max", "count"] as const),
  ...PERCENTILES,
  ...(["last", "rate"] as const),
];
const ACROSS: readonly AcrossSeries[] = ["sum", "max", "min", "avg"];
/** Each makes groups of groups. */
const MAX_BY = 8;

/** Of `metric_threshold`. */
export function readThreshold(reader: RuleReader, catalogue: RuleCatalogue): MetricThreshold {
  const aggregation = reader.word("aggregation", AGGREGATIONS, "avg");
  const time_window_minutes = readWindow(reader);
  const condition: MetricThreshold = {
    ...readMatch(reader, catalogue),
    by: readBy(reader),
    unit: reader.text("unit", 63),
    operator: reader.word("operator", OPERATORS, undefined),
    threshold: reader.decimal("threshold"),
    time_window_minutes,
    aggregation,
    across: readAcross(reader, aggregation),
    remember_minutes: readRemembered(reader, aggregation, time_window_minutes),
    divided_by: readDivisor(reader, catalogue),
  };
  checkUnit(reader, condition, catalogue);
  if (aggregation === "count" && condition.divided_by === undefined)
    checkCount(reader, condition.operator, Number(condition.threshold));
  return condition;
}

function readBy(reader: RuleReader): readonly string[] {
  const by = reader.list("by");
  if (by.length <= MAX_BY) return by;
  reader.refuse("by", `has ${by.length} labels; it may have ${MAX_BY}.`, JSON.stringify(by.slice(0, MAX_BY)));
  return by.slice(0, MAX_BY);
}

function readAcross(reader: RuleReader, aggregation: AlertAggregation): AcrossSeries {
  const across = reader.word("across", ACROSS, "sum");
  if (aggregation !== "last" && across !== "sum")
    reader.refuse(
      "across",
      `is ${across}, and the aggregation is ${aggregation}; only of last there is one value a series.`,
      "aggregation: last",
    );
  return across;
}

function readRemembered(reader: RuleReader, aggregation: AlertAggregation, window: number): number | undefined {
  const field = "remember_minutes";
  if (!reader.has(field)) return undefined;
  const minutes = readMinutes(reader, field, "what is remembered");
  if (aggregation !== "last")
    reader.refuse(
      field,
      `is given, and the aggregation is ${aggregation}; only series of last can end.`,
      "aggregation: last",
    );
  else if (minutes <= window)
    reader.refuse(field, `is ${minutes}; it must be more than the window of ${window} minutes.`, String(window * 2));
  return minutes;
}

function readDivisor(reader: RuleReader, catalogue: RuleCatalogue): MetricMatch | undefined {
  if (!reader.has("divided_by")) return undefined;
  return readMatch(reader.inner("divided_by", ["metric", "labels"]), catalogue);
}

function checkUnit(
  reader: RuleReader,
  { metric, unit, divided_by }: MetricThreshold,
  { metrics }: RuleCatalogue,
): void {
  if (unit === undefined) return;
  const known = metrics?.filter((one) => one.metric === metric).map((one) => one.unit) ?? [];
  const units = divided_by === undefined ? known : ["1"];
  if (units.length === 0 || units.includes(unit)) return;
  const reason = divided_by === undefined ? `${metric} is in` : "a ratio is in";
  reader.refuse(
    "unit",
    `is ${JSON.stringify(unit)}, but ${reason} ${JSON.stringify(units[0])}.`,
    JSON.stringify(units[0]),
  );
}
