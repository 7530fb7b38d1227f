// How many alerts fire, in the colour of the worst, beside the name of their screen.
import type { Alert } from "../api/client.ts";
import styles from "./shell.module.css";
import { MAX_FIRING } from "./use-firing.ts";

/** The badge; none where nothing fires. */
export function FiringBadge({ alerts }: { readonly alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  const isBad = alerts.some(({ severity }) => severity === "critical" || severity === "error");
  const count = alerts.length < MAX_FIRING ? String(alerts.length) : `${MAX_FIRING}+`;
  return (
    <b className={styles.badge} data-bad={isBad}>
      {count}
      <span className="visually-hidden"> firing</span>
    </b>
  );
}
