// What is wrong, on top of everything else; a quiet line when nothing is.
import type { Health } from "../../app/use-health.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Mark } from "../../ui/mark.tsx";
import styles from "./health.module.css";

/** Problems in plain words. */
export function ProblemList({ problems }: { readonly problems: Health["problems"] }) {
  if (problems.length === 0)
    return (
      <p className={styles.good} role="status">
        <Mark tone="accept" />
        The desk has no problem to report.
      </p>
    );
  return (
    <ul className={styles.problems} aria-label="Problems">
      {problems.map((problem) => (
        <li key={problem}>
          <Mark tone="error" />
          <span>
            <BreakableText text={problem} />
          </span>
        </li>
      ))}
    </ul>
  );
}
