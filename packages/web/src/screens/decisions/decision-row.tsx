// A decision in the list, and what its columns are called.
import { memo } from "react";
import { Link } from "wouter";
import type { Decision } from "../../api/client.ts";
import { amountText } from "../../format/decimal-text.ts";
import { clockText, momentText } from "../../format/time-text.ts";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import styles from "./decision-list.module.css";
import { marginOf, signedText } from "./margin.ts";

const COLUMNS = [
  ["time", "Time, UTC"],
  ["decision", "Decision"],
  ["symbol", "Symbol"],
  ["strategy", "Strategy"],
  ["reason", "Reason"],
  ["net", "Net edge"],
  ["threshold", "Threshold"],
  ["margin", "Margin"],
] as const;

/** The heads of the columns. */
export function DecisionHeads() {
  return (
    <thead>
      <tr className={styles.row} aria-rowindex={1}>
        {COLUMNS.map(([name, label]) => (
          <th key={name} scope="col" className={styles[name]}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** A row. The whole of it is the link of its first cell. */
export const DecisionRow = memo(function DecisionRow({
  decision,
  address,
  index,
  top,
  isSelected,
  isLong,
}: {
  readonly decision: Decision;
  readonly address: string;
  readonly index: number;
  /** Pixels from the beginning of the list. */
  readonly top: number;
  readonly isSelected: boolean;
  /** The range has more than a day: times need one. */
  readonly isLong: boolean;
}) {
  const { timestamp, edge_unit: unit, net_edge: net, min_threshold: threshold } = decision;
  const margin = marginOf(decision);
  return (
    <tr
      className={styles.row}
      aria-rowindex={index + 2}
      aria-current={isSelected ? "true" : undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td className={styles.time}>
        <Link href={address} title={momentText(timestamp)}>
          <time dateTime={timestamp}>
            {isLong ? `${timestamp.slice(5, 10)} ${timestamp.slice(11, 19)}` : clockText(timestamp)}
          </time>
        </Link>
      </td>
      <td className={styles.decision}>
        <Mark tone={decisionTone(decision.decision)} size={9} />
        <span className={styles.word}>{decision.decision}</span>
      </td>
      <Cell name="symbol" text={decision.symbol} />
      <Cell name="strategy" text={decision.strategy} />
      <Cell name="reason" text={decision.reason_code} />
      <Cell name="net" text={net === null ? null : amountText(net, unit)} />
      <Cell name="threshold" text={threshold === null ? null : amountText(threshold, unit)} />
      <td className={styles.margin} data-sign={signOf(margin)}>
        {margin === undefined ? "" : signedText(margin, unit)}
      </td>
    </tr>
  );
});

function Cell({ name, text }: { readonly name: keyof typeof styles; readonly text: string | null }) {
  return (
    <td className={styles[name]} title={text === null || text.length < 14 ? undefined : text.slice(0, 500)}>
      {text === null || text === "" ? "" : text.slice(0, 200)}
    </td>
  );
}

function signOf(margin: string | undefined): "short" | "over" | undefined {
  if (margin === undefined) return undefined;
  return margin.startsWith("-") ? "short" : "over";
}
