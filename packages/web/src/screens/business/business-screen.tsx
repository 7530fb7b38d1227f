// Business and users: figures of periods with their totals, what users do by hour, and what one of them did.
import { ActivityPanel } from "./activity-panel.tsx";
import styles from "./business-screen.module.css";
import { MetricPanels } from "./metric-panels.tsx";
import { UserPanel } from "./user-panel.tsx";

/** The screen. */
export function BusinessScreen() {
  return (
    <div className={styles.screen}>
      <MetricPanels />
      <div className={styles.users}>
        <ActivityPanel />
        <UserPanel />
      </div>
    </div>
  );
}
