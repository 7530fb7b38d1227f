// A field for a text that is compared as a whole, with what is known to choose from: it counts when it is complete.
import { useEffect, useId, useState } from "react";
import styles from "./choice-field.module.css";

/** What the field is. */
export interface ChoiceFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  /** Values that are known; others may be written. */
  readonly options: readonly string[];
  /** Pixels. Default 140. */
  readonly width?: number;
  /** For a number: what a telephone offers to write with. */
  readonly isNumber?: boolean;
  /** Called with Enter, with a choice, and when the field is left. */
  readonly onChange: (value: string) => void;
}

/** Longer values make no choice that could be read. */
const MAX_OPTION = 200;
const MAX_OPTIONS = 100;

/** The field. Escape takes back what was not complete. */
export function ChoiceField({ label, value, placeholder, options, width = 140, isNumber, onChange }: ChoiceFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (text: string) => {
    setDraft(text);
    if (text !== value) onChange(text.trim());
  };
  return (
    <label className={styles.field} data-set={value !== ""}>
      <span className="visually-hidden">{label}</span>
      <input
        list={options.length === 0 ? undefined : id}
        value={draft}
        placeholder={placeholder}
        style={{ width }}
        spellCheck={false}
        autoComplete="off"
        inputMode={isNumber === true ? "decimal" : undefined}
        onChange={({ target }) => {
          // A choice from the list comes at once; letters come one by one.
          if (options.includes(target.value) || target.value === "") commit(target.value);
          else setDraft(target.value);
        }}
        onKeyDown={({ key }) => {
          if (key === "Enter") commit(draft);
          if (key === "Escape") setDraft(value);
        }}
        onBlur={() => commit(draft)}
      />
      {value !== "" && (
        <button type="button" aria-label={`${label}: any`} title="Any" onClick={() => onChange("")}>
          ×
        </button>
      )}
      {options.length > 0 && (
        <datalist id={id}>
          {options
            .filter((option) => option !== "" && option.length <= MAX_OPTION)
            .slice(0, MAX_OPTIONS)
            .map((option) => (
              <option key={option} value={option} />
            ))}
        </datalist>
      )}
    </label>
  );
}
