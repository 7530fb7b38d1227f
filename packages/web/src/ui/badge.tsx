// A short text in a box: a symbol, a service, a decision.
import type { ReactNode } from "react";
import styles from "./badge.module.css";
import { Mark, type Tone } from "./mark.tsx";

/** A badge; with a tone it has the tone's colour and shape. */
export function Badge({ tone, children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {tone !== undefined && <Mark tone={tone} size={8} />}
      {children}
    </span>
  );
}
