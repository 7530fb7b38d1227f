// One alert in full: what it says, what can be done, what has happened to it, and who was told.
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { Alert } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { usePerson } from "../../app/person.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { AnswerState } from "../../ui/panel.tsx";
import { SeverityMark } from "../../ui/severity-mark.tsx";
import { ActionForm } from "./action-form.tsx";
import styles from "./alert-detail.module.css";
import { AlertFacts } from "./alert-facts.tsx";
import { AlertHistory } from "./alert-history.tsx";
import { Marks } from "./alert-row.tsx";
import { NotificationList } from "./notification-list.tsx";
import { rangeAround } from "./range-around.ts";
import { SilenceForm } from "./silence-form.tsx";
import { rowsFor } from "./silence-matchers.ts";
import type { ActionKind } from "./use-acknowledge.ts";
import type { AlertActions } from "./use-alert-actions.ts";
import { useGroupLabels } from "./use-group-labels.ts";

/** What the detail is given. */
export interface AlertDetailProps {
  readonly alertId: string;
  readonly actions: AlertActions;
  /** The form that is open. */
  readonly form: ActionKind | undefined;
  readonly onForm: (kind: ActionKind | undefined) => void;
  readonly onAcknowledge: (alert: Alert) => void;
  readonly onClose: () => void;
}

const EVERY_MS = 3_000;

/** The detail. */
export function AlertDetail(props: AlertDetailProps) {
  const answer = useAnswer(
    "/api/telemetry/alerts/{alert_id}",
    {},
    { values: { alert_id: props.alertId }, everyMs: EVERY_MS },
  );
  const alert = answer.data?.alert;
  return (
    <article className={styles.detail} aria-label="Alert">
      <Head alert={alert} onClose={props.onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className={styles.body} tabIndex={0} aria-label="Details">
        <AnswerState answer={answer}>
          {({ alert, history, notifications }) => (
            <>
              <Words alert={alert} />
              <Doing {...props} alert={alert} />
              <AlertFacts alert={alert} actions={props.actions} />
              <Around alert={alert} />
              <h3>History</h3>
              <AlertHistory history={history} />
              <h3>Notifications</h3>
              <NotificationList notifications={notifications} isQuiet={alert.silence_id !== null} />
            </>
          )}
        </AnswerState>
      </section>
    </article>
  );
}

function Head({ alert, onClose }: { readonly alert: Alert | undefined; readonly onClose: () => void }) {
  const head = useRef<HTMLHeadingElement>(null);
  // Whoever opens it by key reads it next.
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  return (
    <header className={styles.head}>
      {alert !== undefined && <SeverityMark severity={alert.severity} size={15} />}
      <h2 ref={head} tabIndex={-1}>
        {alert?.rule_name.slice(0, 200) ?? "Alert"}
      </h2>
      <Button aria-label="Close the alert" title="Close (Esc)" onClick={onClose}>
        <X size={14} />
      </Button>
    </header>
  );
}

function Words({ alert }: { readonly alert: Alert }) {
  const { description, runbook_url: runbook } = alert.annotations;
  return (
    <>
      <p className={styles.summary}>
        <BreakableText text={alert.summary} />
      </p>
      <p className={styles.marks}>
        <span>{alert.severity}</span>
        <Marks alert={alert} />
      </p>
      {description !== undefined && (
        <p className={styles.text}>
          <BreakableText text={description} />
        </p>
      )}
      {runbook !== undefined && (
        <p className={styles.text}>
          {isWebAddress(runbook) ? (
            <a href={runbook} target="_blank" rel="noreferrer">
              Runbook
            </a>
          ) : (
            <BreakableText text={runbook} />
          )}
        </p>
      )}
      {alert.impact !== null && (
        <p className={styles.text}>
          Impact: <BreakableText text={alert.impact} />
        </p>
      )}
    </>
  );
}

function Doing({
  alert,
  actions,
  form,
  onForm,
  onAcknowledge,
}: Omit<AlertDetailProps, "alertId" | "onClose"> & { readonly alert: Alert }) {
  const [person] = usePerson();
  const group = useGroupLabels()(alert.rule_id);
  const isActive = alert.state === "firing" || alert.state === "acknowledged";
  const open = (kind: ActionKind) => onForm(form === kind ? undefined : kind);
  return (
    <>
      <div className={styles.actions}>
        {alert.state === "firing" && (
          <Button hint="a" disabled={actions.isBusy} onClick={() => onAcknowledge(alert)}>
            Acknowledge
          </Button>
        )}
        <FormButton kind="assign" text="Assign" form={form} onOpen={open} />
        <FormButton kind="comment" text="Comment" form={form} onOpen={open} />
        {isActive && <FormButton kind="resolve" text="Resolve" form={form} onOpen={open} />}
        {alert.silence_id === null && <FormButton kind="silence" text="Silence" hint="s" form={form} onOpen={open} />}
        <FormButton kind="impact" text="Impact" form={form} onOpen={open} />
      </div>
      {form === "silence" && (
        <SilenceForm
          rows={rowsFor(alert, group)}
          isBusy={actions.isBusy}
          onCancel={() => onForm(undefined)}
          onDone={async (wish) => {
            if (await actions.silence(wish)) onForm(undefined);
          }}
        />
      )}
      {form !== undefined && form !== "silence" && (
        <ActionForm
          key={form}
          kind={form}
          assignedTo={alert.assigned_to}
          isBusy={actions.isBusy}
          onCancel={() => onForm(undefined)}
          onDone={async (action, by) => {
            if (await actions.act(alert, action, by)) onForm(undefined);
          }}
        />
      )}
      {person !== "" && form === undefined && <p className={styles.as}>as {person}</p>}
    </>
  );
}

function FormButton({
  kind,
  text,
  hint,
  form,
  onOpen,
}: {
  readonly kind: ActionKind;
  readonly text: string;
  readonly hint?: string;
  readonly form: ActionKind | undefined;
  readonly onOpen: (kind: ActionKind) => void;
}) {
  return (
    <Button aria-expanded={form === kind} {...(hint === undefined ? {} : { hint })} onClick={() => onOpen(kind)}>
      {text}
    </Button>
  );
}

/** What else was going on: the other screens at the time of the alert. */
function Around({ alert }: { readonly alert: Alert }) {
  const range = new URLSearchParams(rangeAround(alert, Date.now()));
  return (
    <p className={styles.around}>
      <span>At that time:</span>
      <Link href={`/?${range}`}>Events</Link>
      <Link href={`/decisions?${range}`}>Decisions</Link>
      <Link href={`/traces?${range}`}>Traces</Link>
      <Link href={`/latency?${range}`}>Latency</Link>
      <Link href={`/system?${range}`}>System</Link>
    </p>
  );
}

/** An address that a browser opens as a page, and nothing that runs. */
function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
