// One of many, in groups; an empty value is "all".
import styles from "./grouped-select.module.css";

/** Choices that belong together. */
export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
}

/** The choice. A value that is in no group is shown as it is. */
export function GroupedSelect({
  label,
  value,
  all,
  groups,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  /** What the empty choice is called: "All events". */
  readonly all: string;
  readonly groups: readonly ChoiceGroup[];
  readonly onChange: (value: string) => void;
}) {
  const isKnown = value === "" || groups.some(({ choices }) => choices.some((choice) => choice.value === value));
  return (
    <label className={styles.select}>
      <span className="visually-hidden">{label}</span>
      <select value={value} data-chosen={value !== ""} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {groups.map(({ title, choices }) => (
          <optgroup key={title} label={title}>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
