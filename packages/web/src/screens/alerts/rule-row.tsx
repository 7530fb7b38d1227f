// A rule as a row: its condition in a line, whether it watches, and when it fired last.
import { Link, useLocation } from "wouter";
import type { Alert, StoredAlertRule } from "../../api/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { SeverityMark } from "../../ui/severity-mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { stateTone } from "./alert-words.ts";
import { draftOf } from "./rule-draft.ts";
import styles from "./rule-row.module.css";
import { conditionText } from "./rule-sentence.ts";
import { saveRule } from "./save-rule.ts";
import type { AlertActions } from "./use-alert-actions.ts";

/** What a row is given. */
export interface RuleRowProps {
  readonly rule: StoredAlertRule;
  /** The alert that fired last. */
  readonly newest: Alert | undefined;
  readonly isChosen: boolean;
  readonly actions: AlertActions;
}

/** The row. */
export function RuleRow({ rule, newest, isChosen, actions }: RuleRowProps) {
  const [parameters] = useParameters();
  const [path] = useLocation();
  const next = new URLSearchParams(parameters);
  next.set("rule", rule.rule_id);
  return (
    <li className={styles.row} data-chosen={isChosen} data-off={!rule.is_active}>
      <Link href={`${path}?${next}`} className={styles.link} data-row aria-current={isChosen ? "true" : undefined}>
        <SeverityMark severity={rule.severity} size={14} />
        <span className="visually-hidden">{rule.severity}</span>
        <span className={styles.what}>
          <b>
            <BreakableText text={rule.rule_name} />
          </b>
          <span className={styles.condition}>
            <BreakableText text={conditionText({ ...rule })} />
          </span>
          {rule.problem !== null && (
            <span className={styles.problem}>
              <BreakableText text={`Cannot be evaluated: ${rule.problem}`} />
            </span>
          )}
        </span>
        <span className={styles.state}>
          <State rule={rule} newest={newest} />
        </span>
      </Link>
      <OnOff rule={rule} actions={actions} />
    </li>
  );
}

function State({ rule, newest }: Pick<RuleRowProps, "rule" | "newest">) {
  const isFiring = newest !== undefined && newest.status === "active";
  return (
    <>
      {rule.problem !== null ? (
        <Badge tone="error">broken</Badge>
      ) : isFiring ? (
        <Badge tone={stateTone(newest.state)}>{newest.state}</Badge>
      ) : rule.is_active ? (
        <Badge tone="accept">watching</Badge>
      ) : (
        <Badge tone="neutral">off</Badge>
      )}
      <small>
        {newest?.triggered_at == null ? (
          "never fired"
        ) : (
          <>
            fired <TimeAgo timestamp={newest.triggered_at} />
          </>
        )}
      </small>
    </>
  );
}

function OnOff({ rule, actions }: Pick<RuleRowProps, "rule" | "actions">) {
  const turn = () => {
    const draft = { ...draftOf(rule), is_active: !rule.is_active };
    const said = `${rule.rule_name.slice(0, 80)} ${rule.is_active ? "is switched off." : "is watching."}`;
    void actions.run(() => saveRule(rule.rule_id, draft, rule.revision, true), said);
  };
  return (
    <button
      type="button"
      role="switch"
      className={styles.switch}
      aria-checked={rule.is_active}
      aria-label={`${rule.rule_name.slice(0, 80)} watches`}
      title={rule.is_active ? "Switch off" : "Switch on"}
      disabled={actions.isBusy}
      onClick={turn}
    >
      <i />
    </button>
  );
}
