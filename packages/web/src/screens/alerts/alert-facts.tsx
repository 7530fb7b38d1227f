// What is known of an alert: times, people, figures, labels.
import type { Alert } from "../../api/client.ts";
import { useNow } from "../../app/use-now.ts";
import { momentText } from "../../format/time-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import styles from "./alert-detail.module.css";
import { beganAt, figuresOf, lastedText } from "./alert-words.ts";
import { LabelBadges } from "./label-badges.tsx";
import type { AlertActions } from "./use-alert-actions.ts";
import { useGroupLabels } from "./use-group-labels.ts";

const MAX_LABELS = 40;

/** The facts. */
export function AlertFacts({ alert, actions }: { readonly alert: Alert; readonly actions: AlertActions }) {
  const now = useNow();
  const group = useGroupLabels()(alert.rule_id);
  const began = beganAt(alert);
  const { silence_id: silence } = alert;
  return (
    <dl className={styles.facts}>
      <Fact name={alert.triggered_at === null ? "Holds since" : "Fired"}>
        {momentText(began)}, {lastedText(began, alert.resolved_at, now)}
        {alert.resolved_at === null ? " ago" : " long"}
      </Fact>
      <Fact name="Figures">{figuresOf(alert)}</Fact>
      <Fact name="Acknowledged">
        {alert.acknowledged_at !== null &&
          `by ${alert.acknowledged_by?.slice(0, 200)}, ${momentText(alert.acknowledged_at)}`}
      </Fact>
      <Fact name="Assigned to">{alert.assigned_to?.slice(0, 200)}</Fact>
      <Fact name="Resolved">
        {alert.resolved_at !== null &&
          `${alert.resolved_by === null ? "by itself" : `by ${alert.resolved_by.slice(0, 200)}`}, ${momentText(alert.resolved_at)}`}
      </Fact>
      <Fact name="Note">{alert.resolution_note !== null && <BreakableText text={alert.resolution_note} />}</Fact>
      <Fact name="Silenced">
        {silence !== null && (
          <>
            nobody is told{" "}
            <Button disabled={actions.isBusy} onClick={() => void actions.unsilence(silence)}>
              End the silence
            </Button>
          </>
        )}
      </Fact>
      <Fact name="Labels">
        {Object.keys(alert.labels).length > 0 && <LabelBadges labels={alert.labels} group={group} most={MAX_LABELS} />}
      </Fact>
      <Fact name="Licence">{alert.license_id?.slice(0, 200)}</Fact>
    </dl>
  );
}

/** A line; none where there is nothing to say. */
function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  const isEmpty =
    children === undefined ||
    children === null ||
    children === false ||
    children === "" ||
    (Array.isArray(children) && children.length === 0);
  if (isEmpty) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
