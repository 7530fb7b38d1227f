// A figure that is read from across the desk, with what it is below it.
import type { ReactNode } from "react";
import { Mark, type Tone } from "../../ui/mark.tsx";
import styles from "./health.module.css";

/** A figure; with a tone it has a shape and a colour. */
export function Figure({
  label,
  value,
  note,
  tone,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly tone?: Tone;
}) {
  return (
    <div className={styles.figure}>
      <dt>
        {tone !== undefined && <Mark tone={tone} />}
        {label}
      </dt>
      <dd>{value}</dd>
      {note !== undefined && <dd className={styles.quiet}>{note}</dd>}
    </div>
  );
}
