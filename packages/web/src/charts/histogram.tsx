// A histogram of what was accepted and rejected, around a line at zero; the bin under the pointer, or that the arrow keys are at, is said.
import { useMemo, useState } from "react";
import { countText, shortCountText } from "../format/number-text.ts";
import styles from "./histogram.module.css";
import { boundaryText, type HistogramBar, type HistogramBin, layOutHistogram } from "./histogram-layout.ts";

/** What a histogram shows. */
export interface HistogramProps {
  readonly label: string;
  readonly bins: readonly HistogramBin[];
  readonly binWidth: number;
  readonly unit: string;
  /** What is at zero. */
  readonly zeroLabel: string;
  /** A part below zero that is shaded: from so far. */
  readonly shadedFrom?: number | undefined;
  /** Where zero would be: a second, dashed line. */
  readonly movedTo?: number | undefined;
}

/** The chart: full bars are accepted, hollow ones rejected, on top of each other. */
export function Histogram({ label, bins, binWidth, unit, zeroLabel, shadedFrom, movedTo }: HistogramProps) {
  const layout = useMemo(() => layOutHistogram(bins, binWidth), [bins, binWidth]);
  const [index, setIndex] = useState<number>();
  const { bars, most, ticks, shareOf } = layout;
  const shown = index === undefined ? undefined : bars[index];
  const zero = shareOf(0);
  const textOf = (bar: HistogramBar) => binText(bar, binWidth, unit, index === bars.length - 1, index === 0);
  return (
    <figure className={styles.histogram}>
      <figcaption className={styles.caption} aria-live="polite">
        {shown === undefined ? summaryOf(bins) : textOf(shown)}
      </figcaption>
      <div
        className={styles.plot}
        onPointerMove={(event) => setIndex(indexAt(bars, event))}
        onPointerLeave={() => setIndex(undefined)}
      >
        <span className={styles.most}>{shortCountText(most)}</span>
        {shadedFrom !== undefined && shadedFrom < 0 && (
          <i
            className={styles.shade}
            style={{ left: percent(shareOf(shadedFrom)), width: percent(zero - shareOf(shadedFrom)) }}
          />
        )}
        {bars.map((bar) => (
          <Bar key={bar.from} bar={bar} isShown={bar === shown} />
        ))}
        <i className={styles.zero} style={{ left: percent(zero) }} />
        {movedTo !== undefined && <i className={styles.moved} style={{ left: percent(shareOf(movedTo)) }} />}
        <span className={zero > 0.5 ? styles.tagLeft : styles.tag} style={{ left: percent(zero) }}>
          {zeroLabel}
        </span>
        {bars.length > 0 && (
          <>
            <input
              type="range"
              className={styles.walk}
              aria-label={`${label}: bins`}
              aria-valuetext={shown === undefined ? summaryOf(bins) : textOf(shown)}
              min={0}
              max={bars.length - 1}
              value={index ?? 0}
              onFocus={() => setIndex((current) => current ?? 0)}
              onBlur={() => setIndex(undefined)}
              onChange={(event) => setIndex(Number(event.target.value))}
            />
            <span className={styles.ring} />
          </>
        )}
      </div>
      <div className={styles.axis} aria-hidden="true">
        {ticks.map(({ at, value }) => (
          <span
            key={value}
            data-edge={at < 0.06 ? "start" : at > 0.94 ? "end" : undefined}
            style={{ left: percent(at) }}
          >
            {boundaryText(value, binWidth)}
            {value === 0 ? ` ${unit}` : ""}
          </span>
        ))}
      </div>
    </figure>
  );
}

function Bar({ bar, isShown }: { readonly bar: HistogramBar; readonly isShown: boolean }) {
  const { left, width, accepted, rejected, acceptedHeight, rejectedHeight } = bar;
  return (
    <span
      className={isShown ? styles.shown : styles.bin}
      style={{ left: percent(left), width: percent(width) }}
      aria-hidden="true"
    >
      {rejected > 0 && <i className={styles.rejected} style={{ height: percent(rejectedHeight) }} />}
      {accepted > 0 && <i className={styles.accepted} style={{ height: percent(acceptedHeight) }} />}
    </span>
  );
}

function binText(bar: HistogramBar, binWidth: number, unit: string, isLast: boolean, isFirst: boolean): string {
  const range = isFirst
    ? `below ${boundaryText(bar.to, binWidth)} ${unit}`
    : isLast
      ? `${boundaryText(bar.from, binWidth)} ${unit} and more`
      : `${boundaryText(bar.from, binWidth)} to ${boundaryText(bar.to, binWidth)} ${unit}`;
  return `${range}: ${countText(bar.accepted)} accepted, ${countText(bar.rejected)} rejected`;
}

function summaryOf(bins: readonly HistogramBin[]): string {
  const accepted = bins.reduce((sum, bin) => sum + bin.accepted, 0);
  const rejected = bins.reduce((sum, bin) => sum + bin.rejected, 0);
  return `${countText(accepted)} accepted, ${countText(rejected)} rejected`;
}

function indexAt(bars: readonly HistogramBar[], event: React.PointerEvent<HTMLDivElement>): number | undefined {
  const box = event.currentTarget.getBoundingClientRect();
  const at = (event.clientX - box.left) / box.width;
  const found = bars.findIndex(({ left, width }) => at >= left && at < left + width);
  return found < 0 ? undefined : found;
}

function percent(share: number): string {
  return `${share * 100}%`;
}
