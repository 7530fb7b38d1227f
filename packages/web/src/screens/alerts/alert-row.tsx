// An alert as a row of a list: how bad, what, since when, and who has it.
import { BellOff, Check, Waves } from "lucide-react";
import { Link } from "wouter";
import type { Alert } from "../../api/client.ts";
import { useNow } from "../../app/use-now.ts";
import { momentText } from "../../format/time-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { SeverityMark } from "../../ui/severity-mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import styles from "./alert-row.module.css";
import { beganAt, figuresOf, lastedText, stateTone } from "./alert-words.ts";

/** What a row is given. */
export interface AlertRowProps {
  readonly alert: Alert;
  readonly href: string;
  readonly isChosen: boolean;
  /** Undefined: there is nothing to acknowledge. */
  readonly onAcknowledge: (() => void) | undefined;
  /** Another row of the list has a button: columns stand below each other. */
  readonly hasRoom: boolean;
}

/** Labels that a row has room for. */
const MAX_LABELS = 4;

/** The row. */
export function AlertRow({ alert, href, isChosen, onAcknowledge, hasRoom }: AlertRowProps) {
  const figures = figuresOf(alert);
  return (
    <li className={styles.row} data-severity={alert.severity} data-state={alert.state} data-chosen={isChosen}>
      <Link
        href={href}
        className={styles.link}
        data-row
        data-alert={alert.alert_id}
        aria-current={isChosen ? "true" : undefined}
      >
        <span className={styles.severity}>
          <SeverityMark severity={alert.severity} size={14} />
          <span>{alert.severity}</span>
        </span>
        <span className={styles.what}>
          <span className={styles.summary}>
            <BreakableText text={alert.summary} />
          </span>
          <span className={styles.facts}>
            {figures !== "" && <span className={styles.figures}>{figures}</span>}
            <Labels labels={alert.labels} />
          </span>
        </span>
        <span className={styles.marks}>
          <Marks alert={alert} />
        </span>
        <span className={styles.when}>
          <When alert={alert} />
        </span>
      </Link>
      {onAcknowledge !== undefined && (
        <span className={styles.action}>
          <Button onClick={onAcknowledge} title="Acknowledge (a)" aria-label={`Acknowledge ${alert.rule_name}`}>
            <Check size={13} aria-hidden="true" />
            Acknowledge
          </Button>
        </span>
      )}
      {onAcknowledge === undefined && hasRoom && <span className={styles.action} />}
    </li>
  );
}

/** Its state, who has it, and why nobody hears of it. */
export function Marks({ alert }: { readonly alert: Alert }) {
  return (
    <>
      <Badge tone={stateTone(alert.state)}>{alert.state}</Badge>
      {alert.assigned_to !== null && (
        <span className={styles.person} title="Assigned to">
          {alert.assigned_to.slice(0, 80)}
        </span>
      )}
      {alert.silence_id !== null && (
        <span className={styles.quiet} title="A silence keeps it quiet">
          <BellOff size={12} aria-hidden="true" /> silenced
        </span>
      )}
      {alert.is_flapping && (
        <span className={styles.quiet} title="It changes too often: quiet until it is stable">
          <Waves size={12} aria-hidden="true" /> flapping
        </span>
      )}
    </>
  );
}

function Labels({ labels }: { readonly labels: Alert["labels"] }) {
  const entries = Object.entries(labels);
  return (
    <>
      {entries.slice(0, MAX_LABELS).map(([name, value]) => (
        <code key={name} className={styles.label}>
          {name.slice(0, 40)}={value.slice(0, 60)}
        </code>
      ))}
      {entries.length > MAX_LABELS && <span>+{entries.length - MAX_LABELS}</span>}
    </>
  );
}

function When({ alert }: { readonly alert: Alert }) {
  const now = useNow();
  const began = beganAt(alert);
  const isOver = alert.state === "resolved";
  return (
    <>
      {isOver ? (
        <time dateTime={began} title={momentText(began)}>
          {began.slice(5, 16).replace("T", " ")}
        </time>
      ) : (
        <TimeAgo timestamp={began} />
      )}
      <small>
        {isOver ? `for ${lastedText(began, alert.resolved_at, now)}` : `since ${began.slice(11, 19)}`}
        {alert.reopened_count > 0 && `, again ${alert.reopened_count}×`}
      </small>
    </>
  );
}
