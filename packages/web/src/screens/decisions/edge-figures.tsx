// The figures of one decision that are read from across the desk: net edge, threshold, what is between them.
import { amountText } from "../../format/decimal-text.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Mark } from "../../ui/mark.tsx";
import type { DecisionAnswer } from "./decision-record.ts";
import styles from "./edge-figures.module.css";
import { marginOf } from "./margin.ts";

/** The figures, and whether the record adds up; nothing where the decision has no edge. */
export function EdgeFigures({ answer: { decision, arithmetic } }: { readonly answer: DecisionAnswer }) {
  const { net_edge: net, min_threshold: threshold, edge_unit: unit } = decision;
  const margin = marginOf(decision);
  const tone = margin === undefined ? undefined : margin.startsWith("-") ? "reject" : "accept";
  return (
    <div className={styles.figures}>
      {(net !== null || threshold !== null) && (
        <dl>
          <Figure label="Net edge" text={amountText(net, unit)} />
          <Figure label="Threshold" text={amountText(threshold, unit)} />
          <Figure
            label={tone === "reject" ? "Short by" : "Over by"}
            text={amountText(tone === "reject" ? margin?.slice(1) : margin, unit)}
            tone={tone}
          />
        </dl>
      )}
      <p className={styles.check} data-wrong={arithmetic !== null || undefined}>
        <Mark tone={arithmetic === null ? "accept" : "error"} size={10} />
        <span>
          <BreakableText
            text={arithmetic === null ? "The record adds up, exactly." : `The record does not add up. ${arithmetic}`}
          />
        </span>
      </p>
    </div>
  );
}

function Figure({
  label,
  text,
  tone,
}: {
  readonly label: string;
  readonly text: string;
  readonly tone?: "accept" | "reject" | undefined;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-tone={tone} title={text}>
        {text}
      </dd>
    </div>
  );
}
