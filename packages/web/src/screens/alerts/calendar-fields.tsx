// When data are expected: always, or while a market is open.
import { Button } from "../../ui/button.tsx";
import { useRuleWriting } from "./rule-context.ts";
import { valueAt } from "./rule-draft.ts";
import styles from "./rule-editor.module.css";
import { RuleChoice, RuleText } from "./rule-fields.tsx";

const PATH = "condition_config.calendar";
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ZONES = ["UTC", "America/New_York", "Europe/London", "Europe/Zurich", "Asia/Tokyo", "Asia/Hong_Kong"];
const SESSIONS = Object.freeze({
  kind: "sessions",
  time_zone: "America/New_York",
  days: DAYS.slice(0, 5),
  open: "09:30",
  close: "16:00",
});

/** The fields. */
export function CalendarFields() {
  const { draft, write } = useRuleWriting();
  const calendar = valueAt(draft, PATH);
  const isSessions = valueAt(calendar, "kind") === "sessions";
  const given = valueAt(calendar, "days");
  const days: readonly unknown[] = Array.isArray(given) ? given : [];
  return (
    <>
      <RuleChoice
        path={`${PATH}.kind`}
        label="Expected"
        options={[
          { value: "always", text: "always" },
          { value: "sessions", text: "while a market is open" },
        ]}
        fallback="always"
        onChoose={(kind) => write(PATH, kind === "always" ? undefined : SESSIONS)}
      />
      {isSessions && (
        <>
          <RuleText path={`${PATH}.time_zone`} label="Time zone" options={ZONES} />
          <RuleText path={`${PATH}.open`} label="Opens" hint="09:30" />
          <RuleText path={`${PATH}.close`} label="Closes" hint="16:00" />
          <fieldset className={styles.days}>
            <legend>Days</legend>
            {DAYS.map((day) => (
              <Button
                key={day}
                isOn={days.includes(day)}
                onClick={() =>
                  write(
                    `${PATH}.days`,
                    DAYS.filter((each) => (each === day ? !days.includes(day) : days.includes(each))),
                  )
                }
              >
                {day}
              </Button>
            ))}
          </fieldset>
        </>
      )}
    </>
  );
}
