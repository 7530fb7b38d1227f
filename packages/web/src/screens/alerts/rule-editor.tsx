// A rule while it is written: a form or raw JSON, checked as it is typed, tried on the last day, saved, removed.
import { X } from "lucide-react";
import { useMemo, useState } from "react";
import type { StoredAlertRule } from "../../api/client.ts";
import { tell } from "../../api/tell.ts";
import { useKeys } from "../../app/keys.ts";
import { Button, Segments } from "../../ui/button.tsx";
import { Panel } from "../../ui/panel.tsx";
import { type RuleWriting, RuleWritingContext } from "./rule-context.ts";
import { type RuleDraft, withValue } from "./rule-draft.ts";
import styles from "./rule-editor.module.css";
import { RuleForm } from "./rule-form.tsx";
import { RuleJson } from "./rule-json.tsx";
import { RulePreview } from "./rule-preview.tsx";
import { saveRule } from "./save-rule.ts";
import type { AlertActions } from "./use-alert-actions.ts";
import { useRuleDraft } from "./use-rule-draft.ts";
import { type RuleCheck, useRuleCheck } from "./use-rule-trial.ts";

/** What an editor is given. */
export interface RuleEditorProps {
  /** As it is stored; undefined: a new one. */
  readonly rule: StoredAlertRule | undefined;
  readonly actions: AlertActions;
  readonly onChoose: (ruleId: string | undefined) => void;
}

/** The editor. What others change meanwhile is not written over: saving is refused then. */
export function RuleEditor({ rule, actions, onChoose }: RuleEditorProps) {
  const { draft, setDraft, read, isChanged, begin } = useRuleDraft(rule);
  const [view, setView] = useState<"form" | "json">("form");
  const check = useRuleCheck(draft);
  const problems = check.data?.problems;
  const writing = useMemo<RuleWriting>(
    () => ({
      draft,
      problems: problems ?? [],
      write: (path, value) => setDraft((known) => withValue(known, path, value)),
      replace: (next) => setDraft(() => next),
    }),
    [draft, problems, setDraft],
  );
  const close = () => onChoose(undefined);
  useKeys("Rule", [
    { key: "Escape", what: "Close the rule, if it is saved", run: () => (isChanged ? undefined : close()) },
  ]);
  const isOlder = rule !== undefined && read !== undefined && rule.revision !== read.revision;
  return (
    <div className={styles.editor}>
      <Panel
        title={rule === undefined ? "New rule" : rule.rule_name.slice(0, 100)}
        note={isChanged ? "not saved yet" : rule?.rule_id.slice(0, 100)}
        actions={<ViewChoice view={view} onChange={setView} onClose={close} />}
      >
        <RuleWritingContext value={writing}>
          {isOlder && (
            <p className={styles.changed}>
              It has changed since you began. <Button onClick={() => begin(rule)}>Take what is stored</Button>
            </p>
          )}
          {view === "form" ? <RuleForm isNew={rule === undefined} /> : <RuleJson />}
          <Buttons read={read} draft={draft} check={check} actions={actions} onSaved={begin} onChoose={onChoose} />
        </RuleWritingContext>
      </Panel>
      <RulePreview rule={triable(draft, check.data)} />
    </div>
  );
}

function ViewChoice({
  view,
  onChange,
  onClose,
}: {
  readonly view: "form" | "json";
  readonly onChange: (view: "form" | "json") => void;
  readonly onClose: () => void;
}) {
  return (
    <>
      <Segments
        label="View of the rule"
        value={view}
        options={[
          { value: "form", text: "Form" },
          { value: "json", text: "JSON" },
        ]}
        onChange={onChange}
      />
      <Button aria-label="Close the rule" title="Close (Esc)" onClick={onClose}>
        <X size={14} />
      </Button>
    </>
  );
}

interface ButtonsProps {
  readonly read: StoredAlertRule | undefined;
  readonly draft: RuleDraft;
  readonly check: ReturnType<typeof useRuleCheck>;
  readonly actions: AlertActions;
  readonly onSaved: (rule: StoredAlertRule) => void;
  readonly onChoose: (ruleId: string | undefined) => void;
}

function Buttons({ read, draft, check, actions, onSaved, onChoose }: ButtonsProps) {
  const problems = check.data?.problems ?? [];
  const isUnknown = problems.length > 0 && problems.every(isOnlyUnknown);
  const isReady = check.isSettled && (check.data?.rule != null || isUnknown);
  const save = async () => {
    const ruleId = read?.rule_id ?? idOf(draft, check.data);
    const name = String(draft["rule_name"]).slice(0, 80);
    let saved: StoredAlertRule | undefined;
    await actions.run(async () => {
      saved = await saveRule(ruleId, draft, read?.revision ?? 0, isUnknown);
    }, `${name} is saved.`);
    if (saved === undefined) return;
    onSaved(saved);
    onChoose(saved.rule_id);
  };
  return (
    <div className={styles.buttons}>
      <Button disabled={!isReady || actions.isBusy} className={styles.save} onClick={() => void save()}>
        {isUnknown ? "Save although it is not known" : read === undefined ? "Create" : "Save"}
      </Button>
      {check.error !== null && <span className={styles.problem}>{check.error.message}</span>}
      {isUnknown && <span className={styles.hint}>The store has never seen what it speaks of.</span>}
      {read !== undefined && <Removal rule={read} actions={actions} onRemoved={() => onChoose(undefined)} />}
    </div>
  );
}

function Removal({
  rule,
  actions,
  onRemoved,
}: {
  readonly rule: StoredAlertRule;
  readonly actions: AlertActions;
  readonly onRemoved: () => void;
}) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked)
    return (
      <Button className={styles.remove} onClick={() => setAsked(true)}>
        Delete
      </Button>
    );
  const remove = async () => {
    const path = "/api/telemetry/alert-rules/{rule_id}";
    const doing = () => tell("delete", path, { values: { rule_id: rule.rule_id } });
    if (await actions.run(doing, `${rule.rule_name.slice(0, 80)} is deleted.`)) onRemoved();
  };
  return (
    <span className={styles.sure}>
      Delete it? What fires is resolved.
      <Button disabled={actions.isBusy} className={styles.remove} onClick={() => void remove()}>
        Delete the rule
      </Button>
      <Button onClick={() => setAsked(false)}>Keep it</Button>
    </span>
  );
}

/** What can be tried: a rule, also one about something that the store has not seen yet. */
function triable(draft: RuleDraft, check: RuleCheck | undefined): RuleDraft | undefined {
  if (check === undefined) return undefined;
  if (check.rule !== null) return check.rule;
  return check.problems.every(isOnlyUnknown) ? draft : undefined;
}

/** As the server words it for metrics and types of events that it has never seen. */
function isOnlyUnknown({ path, problem }: RuleCheck["problems"][number]): boolean {
  return /(^|\.)(metric|event_type)$/.test(path) && problem.includes("no such");
}

/** Of a rule that has none yet: as the server makes it of the name. */
function idOf(draft: RuleDraft, check: RuleCheck | undefined): string {
  if (check?.rule != null) return check.rule.rule_id;
  const made = String(draft["rule_name"])
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 100);
  return made === "" ? "rule" : made;
}
