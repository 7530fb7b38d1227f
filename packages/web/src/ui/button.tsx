// Buttons, choices and text fields.
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./button.module.css";

/** A button. `isOn`: it is a switch, and this is its state. `hint`: the key that does the same. */
export function Button({
  isOn,
  hint,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly isOn?: boolean; readonly hint?: string }) {
  return (
    <button type="button" className={styles.button} aria-pressed={isOn} {...rest}>
      {children}
      {hint !== undefined && <kbd className={styles.key}>{hint}</kbd>}
    </button>
  );
}

/** One of a few, side by side. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: ReactNode }[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <fieldset className={styles.segments}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(({ value: each, text }) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}

/** One of many; an empty value is "all". */
export function Select({
  label,
  value,
  all,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  /** What the empty choice is called: "All symbols". */
  readonly all: string;
  readonly options: readonly { readonly value: string; readonly text?: string }[];
  readonly onChange: (value: string) => void;
}) {
  // What is in the address is shown, also when the server does not know it (any more).
  const known = value === "" || options.some((option) => option.value === value);
  return (
    <label className={styles.select}>
      <span className="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {!known && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text ?? option.value}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A field for text. */
export function TextField({
  label,
  value,
  placeholder,
  onChange,
  ref,
}: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}) {
  return (
    <label className={styles.field}>
      <span className="visually-hidden">{label}</span>
      <input
        ref={ref}
        type="search"
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
