// A bar for each period, up or down from zero; the one under the pointer, or that the arrow keys are at, is said.
import { useState } from "react";
import { drawnNumber } from "../format/decimal-text.ts";
import styles from "./period-bars.module.css";

/** A bar. */
export interface PeriodBar {
  readonly key: string;
  /** What it is of: `2026-11-20`. */
  readonly name: string;
  /** What else there is to say of it: `daily`. */
  readonly note: string;
  /** A decimal; the bar is drawn by the number closest to it. */
  readonly value: string;
  /** Its value in words, exact. */
  readonly text: string;
}

/** What is drawn. */
export interface PeriodBarsProps {
  readonly label: string;
  /** Oldest first. */
  readonly bars: readonly PeriodBar[];
}

/** The bars, with a line that says one of them: the last one, until somebody points. */
export function PeriodBars({ label, bars }: PeriodBarsProps) {
  const [index, setIndex] = useState<number>();
  const numbers = bars.map(({ value }) => drawnNumber(value)).map((value) => (Number.isFinite(value) ? value : 0));
  const top = numbers.reduce((most, value) => Math.max(most, value), 0);
  const bottom = numbers.reduce((least, value) => Math.min(least, value), 0);
  const span = top - bottom || 1;
  const shown = bars[index ?? bars.length - 1];
  const pointed = index === undefined ? undefined : shown;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption} aria-live="polite">
        {shown !== undefined && (
          <>
            <b>{shown.text}</b> <span>{wordsOf(shown)}</span>
          </>
        )}
      </figcaption>
      <div
        className={styles.plot}
        onPointerMove={(event) => setIndex(indexAt(bars.length, event))}
        onPointerLeave={() => setIndex(undefined)}
      >
        {bars.map((bar, i) => {
          const value = numbers[i] as number;
          return (
            <span key={bar.key} className={bar === pointed ? styles.shown : styles.bar} aria-hidden="true">
              <i
                data-sign={value < 0 ? "minus" : "plus"}
                style={{
                  top: `${((top - Math.max(0, value)) / span) * 100}%`,
                  height: `${(Math.abs(value) / span) * 100}%`,
                }}
              />
            </span>
          );
        })}
        <i className={styles.zero} style={{ top: `${(top / span) * 100}%` }} />
        {bars.length > 0 && (
          <>
            <input
              type="range"
              className={styles.walk}
              aria-label={label}
              aria-valuetext={shown === undefined ? "" : `${wordsOf(shown)}: ${shown.text}`}
              min={0}
              max={bars.length - 1}
              value={index ?? bars.length - 1}
              onFocus={() => setIndex((current) => current ?? bars.length - 1)}
              onBlur={() => setIndex(undefined)}
              onChange={(event) => setIndex(Number(event.target.value))}
            />
            <span className={styles.ring} />
          </>
        )}
      </div>
      <div className={styles.axis} aria-hidden="true">
        <span>{bars[0]?.name}</span>
        {bars.length > 1 && <span>{bars.at(-1)?.name}</span>}
      </div>
    </figure>
  );
}

function wordsOf({ name, note }: PeriodBar): string {
  return note === "" ? name : `${name}, ${note}`;
}

function indexAt(count: number, event: React.PointerEvent<HTMLDivElement>): number | undefined {
  const box = event.currentTarget.getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * count);
  return at >= 0 && at < count ? at : undefined;
}
