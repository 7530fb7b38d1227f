// Latency: how long each stage takes, how that spreads, which flows were slowest; and every other metric that arrives.
import { SharedTimeCursor } from "../../charts/time-cursor.tsx";
import { Segments } from "../../ui/button.tsx";
import { useParameter } from "../../url/search-parameters.ts";
import styles from "./latency-screen.module.css";
import { MetricExplorer } from "./metric-explorer.tsx";
import { StageView } from "./stage-view.tsx";

/** The screen. */
export function LatencyScreen() {
  const [view, setView] = useParameter("view");
  const isMetrics = view === "metrics";
  const tabs = (
    <Segments
      label="View"
      value={isMetrics ? "metrics" : "stages"}
      options={[
        { value: "stages", text: "Stages" },
        { value: "metrics", text: "All metrics" },
      ]}
      onChange={(chosen) => setView(chosen === "stages" ? undefined : chosen)}
    />
  );
  return (
    <SharedTimeCursor>
      <div className={styles.screen}>{isMetrics ? <MetricExplorer tabs={tabs} /> : <StageView tabs={tabs} />}</div>
    </SharedTimeCursor>
  );
}
