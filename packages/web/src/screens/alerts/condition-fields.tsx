// The condition of a rule, for each of the three kinds.
import { useAnswer } from "../../api/use-answer.ts";
import { useSteadySpan } from "../../url/steady-span.ts";
import { CalendarFields } from "./calendar-fields.tsx";
import { MetricFields } from "./metric-fields.tsx";
import { useRuleWriting } from "./rule-context.ts";
import { valueAt } from "./rule-draft.ts";
import { RuleChoice, RuleText } from "./rule-fields.tsx";
import { OPERATORS, SOURCES } from "./rule-words.ts";
import { RuleNumber, RulePairs } from "./typed-fields.tsx";
import { useKnownMetrics } from "./use-known-metrics.ts";

/** The fields of the rule's kind. */
export function ConditionFields() {
  const { draft } = useRuleWriting();
  switch (draft["rule_type"]) {
    case "metric_threshold":
      return <MetricFields />;
    case "data_absence":
      return <AbsenceFields />;
    default:
      return <EventFields />;
  }
}

function EventFields() {
  const { types, symbols } = useKnownEvents();
  const at = (field: string) => `condition_config.${field}`;
  return (
    <>
      <RuleText path={at("event_type")} label="Events of type" options={types} />
      <RuleChoice path={at("operator")} label="Number" options={OPERATORS} fallback=">=" />
      <RuleNumber path={at("threshold")} label="Threshold" />
      <RuleNumber path={at("time_window_minutes")} label="Within (minutes)" hint="5" />
      <RuleText path={at("symbol")} label="Only symbol" options={symbols} hint="any" />
      <RulePairs width="two" path={at("fields")} label="Only with fields" hint="severity=error+, source=api" />
    </>
  );
}

function AbsenceFields() {
  const { draft, write } = useRuleWriting();
  const isMetric = valueAt(draft, "condition_config.stream.metric") !== undefined;
  const { types, symbols } = useKnownEvents();
  const metrics = useKnownMetrics(draft["source_type"] === "business_metric");
  const at = (field: string) => `condition_config.stream.${field}`;
  return (
    <>
      <RuleChoice
        path="source_type"
        label="What is missing"
        options={[{ value: "telemetry_event", text: "Events" }, ...SOURCES]}
        fallback="telemetry_event"
        onChoose={(source) => {
          write("source_type", source);
          write("condition_config.stream", source === "telemetry_event" ? { event_type: "decision" } : { metric: "" });
        }}
      />
      {isMetric ? (
        <RuleText path={at("metric")} label="Metric" options={metrics} />
      ) : (
        <RuleText path={at("event_type")} label="Events of type" options={types} />
      )}
      <RuleNumber path="condition_config.absent_for_seconds" label="For (seconds)" hint="300" />
      {isMetric ? (
        <RulePairs width="two" path={at("labels")} label="Only with labels" hint="service=api|web" hasLists />
      ) : (
        <RuleText path={at("symbol")} label="Only symbol" options={symbols} hint="any" />
      )}
      <CalendarFields />
    </>
  );
}

function useKnownEvents() {
  const { query } = useSteadySpan();
  const { data } = useAnswer("/api/telemetry/facets", { ...query, limit: 100 }, { freshMs: 60_000 });
  return {
    types: data?.event_types.map(({ value }) => value) ?? [],
    symbols: data?.symbols.map(({ value }) => value) ?? [],
  };
}
