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
import { LabelBadges } from "./label-badges.tsx";

/** What a row is given. */
export interface AlertRowProps {
  readonly alert: Alert;
  /** Names of the labels of its group. */
  readonly group: readonly string[];
  /** It stands below the head of its rule: what it is told by is its group. */
  readonly isInBlock: boolean;
  readonly href: string;
  readonly isChosen: boolean;
  /** Undefined: there is nothing to acknowledge. */
  readonly onAcknowledge: (() => void) | undefined;
  /** Another row of the list has a button: columns stand below each other. */
  readonly hasRoom: boolean;
}

/** By at most so many labels groups are made. */
const MAX_GROUP_LABELS = 8;

/** The row. */
export function AlertRow({ alert, group, isInBlock, href, isChosen, onAcknowledge, hasRoom }: AlertRowProps) {
  return (
    <li
      className={styles.row}
      data-severity={alert.severity}
      data-state={alert.state}
      data-chosen={isChosen}
      data-inner={isInBlock}
    >
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
        {isInBlock ? <OfGroup alert={alert} group={group} /> : <OfRule alert={alert} group={group} />}
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

function OfRule({ alert, group }: Pick<AlertRowProps, "alert" | "group">) {
  const figures = figuresOf(alert);
  return (
    <span className={styles.what}>
      <span className={styles.summary}>
        <BreakableText text={alert.summary} />
      </span>
      <span className={styles.facts}>
        {figures !== "" && <span>{figures}</span>}
        <LabelBadges labels={alert.labels} group={group} />
      </span>
    </span>
  );
}

/** The rule's name and labels are those of all rows around it. */
function OfGroup({ alert, group }: Pick<AlertRowProps, "alert" | "group">) {
  const own = Object.fromEntries(Object.entries(alert.labels).filter(([name]) => group.includes(name)));
  const labels = Object.keys(own).length === 0 ? alert.labels : own;
  const figures = figuresOf(alert);
  return (
    <span className={styles.what}>
      <span className={styles.facts}>
        <LabelBadges labels={labels} group={group} most={MAX_GROUP_LABELS} />
        {figures !== "" && <span className={styles.figures}>{figures}</span>}
      </span>
      {/* A summary of the rule's own words may say more than the figures. */}
      <span className={styles.words} title={alert.summary.slice(0, 500)}>
        {alert.summary.slice(0, 300)}
      </span>
    </span>
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
