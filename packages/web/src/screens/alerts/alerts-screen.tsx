// Alerts: what fires now, what has fired, and the rules by which it does.
import { useKeys } from "../../app/keys.ts";
import { usePerson } from "../../app/person.ts";
import { useFiring } from "../../app/use-firing.ts";
import { Segments } from "../../ui/button.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./alerts-screen.module.css";
import { EvaluationNote } from "./evaluation-note.tsx";
import { FiringView } from "./firing-view.tsx";
import { HistoryView } from "./history-view.tsx";
import { RulesView } from "./rules-view.tsx";
import { useAlertActions } from "./use-alert-actions.ts";

const TABS = ["firing", "history", "rules"] as const;
type Tab = (typeof TABS)[number];

/** The screen. */
export function AlertsScreen() {
  const [parameters, set] = useParameters();
  const tab = TABS.find((each) => each === parameters.get("tab")) ?? "firing";
  const actions = useAlertActions();
  const firing = useFiring();
  const count = firing.data?.alerts.length ?? 0;
  const choose = (chosen: Tab) =>
    set({ tab: chosen === "firing" ? undefined : chosen, alert: undefined, rule: undefined });
  useKeys("Alerts", [
    { key: "1", what: "Firing now", run: () => choose("firing") },
    { key: "2", what: "History", run: () => choose("history") },
    { key: "3", what: "Rules", run: () => choose("rules") },
  ]);
  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        <Segments
          label="View"
          value={tab}
          options={[
            { value: "firing", text: count === 0 ? "Firing now" : `Firing now (${count})` },
            { value: "history", text: "History" },
            { value: "rules", text: "Rules" },
          ]}
          onChange={choose}
        />
        <p className={styles.said} role="status" data-problem={actions.said?.isProblem}>
          {actions.said?.text}
        </p>
        <Person />
      </div>
      <EvaluationNote />
      {tab === "firing" && <FiringView actions={actions} />}
      {tab === "history" && <HistoryView actions={actions} />}
      {tab === "rules" && <RulesView actions={actions} />}
    </div>
  );
}

/** Who does what is done here. */
function Person() {
  const [person, setPerson] = usePerson();
  return (
    <label className={styles.person}>
      <span>You are</span>
      <input
        // Said elsewhere, it stands here as well.
        key={person}
        defaultValue={person}
        placeholder="your name"
        maxLength={200}
        autoComplete="nickname"
        onBlur={({ target }) => setPerson(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") setPerson(event.currentTarget.value);
        }}
      />
    </label>
  );
}
