// Until when something is: an hour, four, or any time.
import { Button } from "../../ui/button.tsx";
import styles from "./action-form.module.css";

/** The field; times are UTC, as `2026-11-20T18:00:00Z`. */
export function UntilField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <fieldset className={styles.until}>
      <legend>Until (UTC)</legend>
      {HOURS.map((hours) => (
        <Button key={hours} onClick={() => onChange(inHours(hours))}>{`${hours} h`}</Button>
      ))}
      <input
        type="datetime-local"
        aria-label="Until, in UTC"
        value={value.slice(0, 16)}
        onChange={({ target }) => {
          if (target.value !== "") onChange(`${target.value.slice(0, 16)}:00Z`);
        }}
      />
    </fieldset>
  );
}

/** To the next whole minute, so that an hour is never less than one. */
export function inHours(hours: number): string {
  const ms = Math.ceil((Date.now() + hours * 3_600_000) / 60_000) * 60_000;
  return `${new Date(ms).toISOString().slice(0, 16)}:00Z`;
}

const HOURS = [1, 4, 24] as const;
