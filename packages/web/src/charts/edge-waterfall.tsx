// A waterfall: from a start over what is taken off to what is left, held against a line; the amounts stand beside it as they were recorded.
import { amountText } from "../format/decimal-text.ts";
import { BreakableText } from "../ui/breakable-text.tsx";
import styles from "./edge-waterfall.module.css";
import { layOutWaterfall, type WaterfallBar, type WaterfallStep } from "./edge-waterfall-layout.ts";

/** A row with its name. */
export interface WaterfallRow extends WaterfallStep {
  readonly label: string;
  /** Of a result: whether it reaches the line. */
  readonly isReached?: boolean | undefined;
  /** What is said of it, below the name. */
  readonly note?: string | undefined;
}

/** What a waterfall shows. */
export interface EdgeWaterfallProps {
  readonly label: string;
  readonly rows: readonly WaterfallRow[];
  readonly unit: string | null;
  /** What the result is held against. */
  readonly line: { readonly label: string; readonly amount: string | null; readonly otherwise?: string | undefined };
}

/** The chart: a table for whoever reads it, bars for whoever looks. */
export function EdgeWaterfall({ label, rows, unit, line }: EdgeWaterfallProps) {
  const { bars, otherBars, zero, line: at, otherLine } = layOutWaterfall(rows, line.amount, line.otherwise);
  const lineText = amountText(line.amount, unit);
  return (
    <table className={styles.chart} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Part</span>
          </th>
          <td className={styles.plot}>
            {at !== undefined && (
              <span className={at > 0.5 ? styles.tagLeft : styles.tag} style={{ left: percent(at) }} title={lineText}>
                {line.label} {lineText}
              </span>
            )}
          </td>
          <th scope="col">
            <span className="visually-hidden">Amount</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={row.label} data-kind={row.kind}>
            <th scope="row">
              {row.kind === "cost" ? "\u2212 " : row.kind === "result" ? "= " : ""}
              {row.label}
              {row.note !== undefined && <small>{row.note}</small>}
            </th>
            <td className={styles.plot} aria-hidden="true">
              <i className={styles.zero} style={{ left: percent(zero) }} />
              {at !== undefined && <i className={styles.line} style={{ left: percent(at) }} />}
              {otherLine !== undefined && <i className={styles.otherLine} style={{ left: percent(otherLine) }} />}
              <Bar bar={bars[index]} kind={row.kind} isReached={row.isReached} />
              <Other bar={otherBars[index]} />
            </td>
            <td className={styles.amount}>
              <span title={row.amount ?? undefined}>
                <BreakableText text={amountText(row.amount, unit)} />
              </span>
              {row.otherwise !== undefined && (
                <ins title={row.otherwise}>
                  <BreakableText text={amountText(row.otherwise, unit)} />
                </ins>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({
  bar,
  kind,
  isReached,
}: {
  readonly bar: WaterfallBar | undefined;
  readonly kind: WaterfallRow["kind"];
  readonly isReached: boolean | undefined;
}) {
  if (bar === undefined) return <em className={styles.none}>not drawn</em>;
  const tone = kind !== "result" ? undefined : isReached === undefined ? "neutral" : isReached ? "accept" : "reject";
  return (
    <>
      <i
        className={styles.bar}
        data-kind={kind}
        data-tone={tone}
        style={{ left: percent(bar.left), width: percent(bar.width) }}
      />
      <i className={styles.end} style={{ left: percent(bar.to) }} />
    </>
  );
}

function Other({ bar }: { readonly bar: WaterfallBar | undefined }) {
  if (bar === undefined) return null;
  return <i className={styles.other} style={{ left: percent(bar.left), width: percent(bar.width) }} />;
}

function percent(share: number): string {
  return `${share * 100}%`;
}
