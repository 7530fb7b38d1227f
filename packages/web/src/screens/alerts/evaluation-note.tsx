// Said where nothing is watched, or not all that should be: evaluation is off, a rule cannot be evaluated, a message did not arrive.
import { useHealth } from "../../app/use-health.ts";
import { countText } from "../../format/number-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import styles from "./alerts-screen.module.css";

const MAX_BROKEN = 5;

/** The note; none where all is well. */
export function EvaluationNote() {
  const alerts = useHealth().data?.alerts;
  if (alerts === undefined) return null;
  const { role, broken_rules: broken, notifications_failed: failed } = alerts;
  return (
    <>
      {role === "off" && (
        <p className={styles.note}>
          This desk evaluates no rules, and sends nothing: <code>TELEMETRY_ALERTS=false</code>.
        </p>
      )}
      {failed > 0 && (
        <p className={styles.note}>
          {failed === 1 ? "1 message" : `${countText(failed)} messages`} could not be delivered in the last day.
        </p>
      )}
      {broken.slice(0, MAX_BROKEN).map(({ rule, problem }) => (
        <p key={`${rule} ${problem}`} className={styles.note}>
          <BreakableText text={`Not evaluated: ${rule}: ${problem}`} />
        </p>
      ))}
      {broken.length > MAX_BROKEN && (
        <p className={styles.note}>And {countText(broken.length - MAX_BROKEN)} more: see Telemetry health.</p>
      )}
    </>
  );
}
