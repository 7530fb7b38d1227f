// The condition of a rule about a metric: which samples, what becomes of them, for what groups, against which threshold.
import { useRuleWriting } from "./rule-context.ts";
import { valueAt } from "./rule-draft.ts";
import { RuleChoice, RuleText } from "./rule-fields.tsx";
import { OPERATORS, SOURCES } from "./rule-words.ts";
import { RuleNames, RuleNumber, RulePairs } from "./typed-fields.tsx";
import { useKnownLabels } from "./use-known-labels.ts";
import { useKnownMetrics } from "./use-known-metrics.ts";

const AGGREGATIONS = [
  { value: "avg", text: "average" },
  { value: "sum", text: "sum" },
  { value: "min", text: "smallest value" },
  { value: "max", text: "largest value" },
  { value: "count", text: "number of values" },
  { value: "p50", text: "p50 (median)" },
  { value: "p90", text: "p90" },
  { value: "p95", text: "p95" },
  { value: "p99", text: "p99" },
  { value: "last", text: "newest value" },
  { value: "rate", text: "rate (sum a second)" },
] as const;
const ACROSS = [
  { value: "sum", text: "their sum" },
  { value: "max", text: "the largest" },
  { value: "min", text: "the smallest" },
  { value: "avg", text: "their average" },
] as const;
const DEFAULT_ACROSS = "sum";

/** The fields. */
export function MetricFields() {
  const { draft } = useRuleWriting();
  const isBusiness = draft["source_type"] === "business_metric";
  const metrics = useKnownMetrics(isBusiness);
  const labels = useKnownLabels(valueAt(draft, at("metric")), isBusiness);
  const divisor = valueAt(draft, at("divided_by"));
  const names = labels.join(", ").slice(0, 200);
  return (
    <>
      <RuleChoice path="source_type" label="Kind of metric" options={SOURCES} fallback="system_metric" />
      <RuleText path={at("metric")} label="Metric" options={metrics} />
      <RulePairs
        width="two"
        path={at("labels")}
        label="Only with labels"
        hint={names === "" ? "symbol=BTC/USDT|ETH/USDT, side=buy" : `of ${names}`}
        hasLists
      />
      <RuleNames
        width="all"
        path={at("by")}
        label="One alert for each"
        hint="symbol, venue; empty: one"
        known={labels}
      />
      <Aggregation />
      <RuleNumber path={at("time_window_minutes")} label="Over (minutes)" hint="5" />
      <RuleChoice path={at("operator")} label="Is" options={OPERATORS} />
      <RuleNumber path={at("threshold")} label="Threshold" isExact />
      {(divisor === undefined || valueAt(draft, at("unit")) !== undefined) && (
        <RuleText path={at("unit")} label="Unit of the threshold" hint="the metric's own" />
      )}
      <Divisor metrics={metrics} />
    </>
  );
}

/** What becomes of the values; of the newest ones it must be said how those of several series become one. */
function Aggregation() {
  const { draft, replace } = useRuleWriting();
  // What is written has a field in any case: else nobody saw what is wrong with it.
  const isShown =
    valueAt(draft, at("aggregation")) === "last" ||
    (valueAt(draft, at("across")) ?? DEFAULT_ACROSS) !== DEFAULT_ACROSS ||
    valueAt(draft, at("remember_minutes")) !== undefined;
  const choose = (aggregation: string) => {
    const { across, remember_minutes: remember, ...kept } = conditionOf(draft);
    // Other aggregations know neither.
    const more = aggregation === "last" ? { across, remember_minutes: remember } : {};
    replace({ ...draft, condition_config: { ...kept, ...defined(more), aggregation } });
  };
  return (
    <>
      <RuleChoice path={at("aggregation")} label="Its" options={AGGREGATIONS} fallback="avg" onChoose={choose} />
      {isShown && (
        <>
          <RuleChoice path={at("across")} label="Of several series" options={ACROSS} fallback={DEFAULT_ACROSS} />
          <RuleNumber path={at("remember_minutes")} label="Ended: 0 for (minutes)" hint="not at all" />
        </>
      )}
    </>
  );
}

/** Another metric by which it is divided; without a name there is none. */
function Divisor({ metrics }: { readonly metrics: readonly string[] }) {
  const { draft, write } = useRuleWriting();
  const isGiven = valueAt(draft, at("divided_by")) !== undefined;
  return (
    <>
      <RuleText
        path={at("divided_by.metric")}
        label="Divided by"
        options={metrics}
        hint="nothing"
        onChange={(metric) => {
          if (metric === undefined) write(at("divided_by"), undefined);
          else write(at("divided_by.metric"), metric);
        }}
      />
      {isGiven && (
        <RulePairs
          width="two"
          path={at("divided_by.labels")}
          label="Divided by: only with labels"
          hint="the same or others"
          hasLists
        />
      )}
    </>
  );
}

function at(field: string): string {
  return `condition_config.${field}`;
}

function conditionOf({ condition_config: condition }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return typeof condition === "object" && condition !== null ? { ...condition } : {};
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
