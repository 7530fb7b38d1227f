// A new silence: of which alerts, until when, why; with those that fire now and would be quiet.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Alert } from "../../api/client.ts";
import { usePerson } from "../../app/person.ts";
import { useFiring } from "../../app/use-firing.ts";
import { countText } from "../../format/number-text.ts";
import { Button } from "../../ui/button.tsx";
import { SeverityMark } from "../../ui/severity-mark.tsx";
import actionStyles from "./action-form.module.css";
import { worstFirst } from "./alert-words.ts";
import { LabelBadges } from "./label-badges.tsx";
import { MatcherRows } from "./matcher-rows.tsx";
import styles from "./silence-form.module.css";
import { isHushed, knownValues, type MatcherRow, matchersOf } from "./silence-matchers.ts";
import { inHours, UntilField } from "./until-field.tsx";
import type { SilenceWish } from "./use-alert-actions.ts";
import { useGroupLabels } from "./use-group-labels.ts";

/** What the form is given. */
export interface SilenceFormProps {
  /** What it begins with. */
  readonly rows: readonly MatcherRow[];
  readonly isBusy: boolean;
  readonly onDone: (wish: SilenceWish) => void;
  readonly onCancel: () => void;
}

const NO_ALERTS: readonly Alert[] = Object.freeze([]);

/** The form; Escape closes it. */
export function SilenceForm({ rows: first, isBusy, onDone, onCancel }: SilenceFormProps) {
  const [person, setPerson] = usePerson();
  const [by, setBy] = useState(person);
  const [rows, setRows] = useState(first);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(() => inHours(1));
  const alerts = useFiring().data?.alerts ?? NO_ALERTS;
  const known = useMemo(() => knownValues(alerts), [alerts]);
  const matchers = useMemo(() => matchersOf(rows), [rows]);
  const form = useRef<HTMLFormElement>(null);
  // Whoever comes from an alert has the labels, and says why; who begins anew says of what.
  const isPrefilled = first.some(({ label }) => label !== "");
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(isPrefilled ? "[data-reason]" : "[data-first=true]")?.focus();
  }, [isPrefilled]);
  const isReady = typeof matchers !== "string" && by.trim() !== "" && reason.trim() !== "";
  return (
    <form
      ref={form}
      className={actionStyles.form}
      aria-label="Silence"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        setPerson(by);
        onDone({ matchers, until, reason: reason.trim(), by: by.trim() });
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <MatcherRows rows={rows} known={known} onChange={setRows} />
      {typeof matchers === "string" ? (
        <p className={styles.missing} role="status">
          {matchers}
        </p>
      ) : (
        <Hushed alerts={alerts} hushed={alerts.filter((alert) => isHushed(alert, matchers))} />
      )}
      <label>
        <span>Reason</span>
        <input
          value={reason}
          placeholder="Planned maintenance"
          maxLength={4_000}
          data-reason
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      <UntilField value={until} onChange={setUntil} />
      <label>
        <span>Your name</span>
        <input
          value={by}
          placeholder="ada"
          maxLength={200}
          autoComplete="nickname"
          onChange={({ target }) => setBy(target.value)}
        />
      </label>
      <div className={actionStyles.buttons}>
        <Button type="submit" disabled={!isReady || isBusy}>
          Silence
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

const MAX_SHOWN = 6;

function Hushed({ alerts, hushed }: { readonly alerts: readonly Alert[]; readonly hushed: readonly Alert[] }) {
  const groupOf = useGroupLabels();
  const more = hushed.length - MAX_SHOWN;
  return (
    <div className={styles.hushed}>
      <p role="status">{hushedText(alerts.length, hushed.length)}</p>
      <ul aria-label="Alerts that would be quiet">
        {worstFirst(hushed)
          .slice(0, MAX_SHOWN)
          .map((alert) => (
            <li key={alert.alert_id}>
              <SeverityMark severity={alert.severity} size={12} />
              <span>{alert.rule_name.slice(0, 100)}</span>
              <LabelBadges labels={alert.labels} group={groupOf(alert.rule_id)} most={3} />
            </li>
          ))}
        {more > 0 && <li>and {countText(more)} more</li>}
      </ul>
    </div>
  );
}

function hushedText(all: number, hushed: number): string {
  if (all === 0) return "Nothing fires now: it is for what may fire until it ends.";
  if (hushed === 0) return `None of the ${countText(all)} that fire now: it is for what may fire until it ends.`;
  if (hushed === all)
    return all === 1 ? "The one that fires now would be quiet." : `All ${countText(all)} that fire now would be quiet.`;
  return `${countText(hushed)} of the ${countText(all)} that fire now would be quiet.`;
}
