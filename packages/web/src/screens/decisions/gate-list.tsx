// The gates of one decision: score against threshold, passed or not.
import { compareDecimals, parseDecimal } from "@tracebook/decisions";
import { BulletBar } from "../../charts/bullet-bar.tsx";
import { decimalText } from "../../format/decimal-text.ts";
import { Mark } from "../../ui/mark.tsx";
import { Empty } from "../../ui/panel.tsx";
import styles from "./gate-list.module.css";
import { type ShownGate, shownGates } from "./gate-reading.ts";
import type { WhatIf } from "./what-if-parameters.ts";

/** The list. `gates`: what the event has for them. */
export function GateList({ gates, whatIf }: { readonly gates: unknown; readonly whatIf: WhatIf }) {
  const shown = shownGates(gates);
  if (shown.length === 0)
    return (
      <Empty>
        {gates === undefined || gates === null
          ? "This decision had no gates."
          : "What is recorded as gates is none: see below what it is."}
      </Empty>
    );
  return (
    <ul className={styles.gates}>
      {shown.map((gate, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two gates may have one name, and their order is what they are.
        <Gate key={index} gate={gate} whatIf={whatIf} />
      ))}
    </ul>
  );
}

function Gate({ gate, whatIf }: { readonly gate: ShownGate; readonly whatIf: WhatIf }) {
  const { name, passed, score, threshold, comparison, reasonCode, details } = gate;
  const tone = passed === undefined ? "neutral" : passed ? "accept" : "reject";
  const changed = whatIf.gates.find(([each]) => each === name)?.[1];
  return (
    <li className={styles.gate}>
      <span className={styles.name} title={name}>
        <Mark tone={tone} size={10} />
        <span>{name}</span>
      </span>
      <BulletBar score={score} threshold={threshold} tone={tone} />
      <span className={styles.numbers}>
        {score === undefined && threshold === undefined
          ? ""
          : `${decimalText(score ?? "–")} ${signOf(comparison, score, threshold)} ${decimalText(threshold ?? "–")}`}
        {changed !== undefined && changed !== threshold && <ins> if {decimalText(changed)}</ins>}
      </span>
      <span className={styles.word}>
        {passed === undefined ? "unknown" : passed ? "passed" : (reasonCode ?? "failed")}
      </span>
      {details !== undefined && details !== "" && (
        <span className={styles.details} title={details.slice(0, 500)}>
          {details.slice(0, 500)}
        </span>
      )}
    </li>
  );
}

/** How the two are to each other: `64 < 70`. Where that cannot be said, what was asked for. */
function signOf(comparison: string, score: string | undefined, threshold: string | undefined): string {
  if (score === undefined || threshold === undefined) return comparison;
  try {
    const order = compareDecimals(parseDecimal(score), parseDecimal(threshold));
    return order < 0 ? "<" : order > 0 ? ">" : "=";
  } catch {
    return comparison;
  }
}
