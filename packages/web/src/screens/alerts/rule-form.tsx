// The fields of a rule: what it is called, when it fires, who hears of it.
import { Segments } from "../../ui/button.tsx";
import { SEVERITIES } from "./alert-words.ts";
import { ChannelChoice } from "./channel-choice.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { useRuleWriting } from "./rule-context.ts";
import { blankCondition, RULE_TYPES, type RuleType } from "./rule-draft.ts";
import styles from "./rule-editor.module.css";
import { isWithin, RuleProblemLine } from "./rule-field.tsx";
import { RuleChoice, RuleText } from "./rule-fields.tsx";
import { conditionText } from "./rule-sentence.ts";
import { RuleNumber, RulePairs } from "./typed-fields.tsx";

/** Places that have a field in the form; what is wrong elsewhere is said below it. */
const SHOWN = [
  "rule_name",
  "severity",
  "source_type",
  "for_seconds",
  "labels",
  "annotations.summary",
  "annotations.description",
  "annotations.runbook_url",
];
const SHOWN_OF_TYPE: Readonly<Record<RuleType, readonly string[]>> = {
  event_frequency: ["event_type", "operator", "threshold", "time_window_minutes", "symbol", "fields"],
  metric_threshold: [
    ...["metric", "labels", "aggregation", "time_window_minutes", "operator", "threshold", "unit", "by"],
    ...["across", "remember_minutes", "divided_by.metric", "divided_by.labels"],
  ],
  data_absence: [
    ...["event_type", "metric", "symbol", "labels"].map((name) => `stream.${name}`),
    "absent_for_seconds",
    ...["kind", "time_zone", "open", "close"].map((name) => `calendar.${name}`),
  ],
};

/** The form. */
export function RuleForm({ isNew }: { readonly isNew: boolean }) {
  const { draft, problems, replace } = useRuleWriting();
  const type = RULE_TYPES.find(({ value }) => value === draft["rule_type"])?.value ?? "event_frequency";
  const shown = [...SHOWN, ...SHOWN_OF_TYPE[type].map((path) => `condition_config.${path}`)];
  const others = problems.filter(({ path }) => !shown.some((field) => isWithin(path, field)));
  return (
    <div className={styles.form}>
      <div className={styles.fields}>
        <RuleText width="two" path="rule_name" label="Name" isFirst={isNew} />
        <RuleChoice path="severity" label="Severity" options={SEVERITIES.map((value) => ({ value }))} />
      </div>
      <div className={styles.kind}>
        <span>Fires on</span>
        <Segments
          label="What it is about"
          value={type}
          options={RULE_TYPES}
          onChange={(chosen) => {
            if (chosen !== type) replace({ ...draft, rule_type: chosen, ...blankCondition(chosen) });
          }}
        />
      </div>
      <div className={styles.fields}>
        <ConditionFields />
        <RuleNumber path="for_seconds" label="Held for (seconds)" hint="0: at once" />
      </div>
      <p className={styles.sentence}>{conditionText(draft)}</p>
      {others.map((problem) => (
        <RuleProblemLine key={`${problem.path} ${problem.problem}`} problem={problem} withPath />
      ))}
      <ChannelChoice />
      <details className={styles.more}>
        <summary>Words and labels</summary>
        <div className={styles.fields}>
          <RuleText
            path="annotations.summary"
            label="Summary"
            hint="{{rule_name}}: {{value}} (threshold {{threshold}})"
            width="all"
          />
          <RuleText path="annotations.description" label="Description" width="all" />
          <RuleText
            width="two"
            path="annotations.runbook_url"
            label="Runbook"
            hint="https://wiki.example/runbooks/errors"
          />
          <RulePairs width="two" path="labels" label="Labels of the alert" hint="team=execution, service=api" />
        </div>
      </details>
    </div>
  );
}
