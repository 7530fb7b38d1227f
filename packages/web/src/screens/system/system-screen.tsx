// System: what machines use now and over time, how every metric of every service did, and which requests came.
import { SharedTimeCursor } from "../../charts/time-cursor.tsx";
import { MachinePanels } from "./machine-panels.tsx";
import { PerformancePanels } from "./performance-panels.tsx";
import { RequestPanels } from "./request-panels.tsx";
import styles from "./system-screen.module.css";

/** The screen. */
export function SystemScreen() {
  return (
    <SharedTimeCursor>
      <div className={styles.screen}>
        <MachinePanels />
        <PerformancePanels />
        <RequestPanels />
      </div>
    </SharedTimeCursor>
  );
}
