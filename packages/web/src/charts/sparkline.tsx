// A band and its two lines in a row of a table, on the axis of time and the crosshair of the screen; the crosshair says its values.
import { useCallback, useMemo, useState } from "react";
import { axisTimeText } from "../format/time-text.ts";
import { bandPath, linePath, type SparkAxis, sparkHeight, sparkPoints } from "./spark-path.ts";
import styles from "./sparkline.module.css";
import { useCursorTime } from "./time-cursor.tsx";

/** A line of a sparkline. */
export interface SparkSeries {
  /** A colour of the theme. */
  readonly color: string;
  /** A value for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What a sparkline shows. Its heights are its own: each power of ten has the same room, from the least to the greatest value. */
export interface SparklineProps {
  /** What it is, with its figures, for screen readers. */
  readonly label: string;
  /** Seconds since 1970, rising: where slices begin. */
  readonly times: readonly number[];
  readonly lower: SparkSeries;
  readonly upper: SparkSeries;
  /** The axis of time, shared by the charts of a screen. */
  readonly axis: SparkAxis;
  /** A value with its unit. */
  readonly text: (value: number) => string;
}

/** The sparkline; fills the width that it is given. */
export function Sparkline({ label, times, lower, upper, axis, text }: SparklineProps) {
  const source = useMemo(() => ({}), []);
  const [at, setAt] = useState<number>();
  const follow = useCallback((time: number | undefined) => setAt(time), []);
  const cursor = useCursorTime(source, follow);
  const { from, to, stepSeconds } = axis;
  const paths = useMemo(
    () => pathsOf(times, lower.values, upper.values, { from, to, stepSeconds }),
    [times, lower.values, upper.values, from, to, stepSeconds],
  );
  const move = (time: number | undefined): void => {
    setAt(time);
    cursor.set(time, source);
  };
  return (
    <div
      className={styles.spark}
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        if (width > 0) move(from + ((event.clientX - left) / width) * (to - from));
      }}
      onPointerLeave={() => move(undefined)}
    >
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
        <path className={styles.band} d={paths.band} />
        <path className={styles.line} d={paths.upper} style={{ stroke: `var(--${upper.color})` }} />
        <path className={styles.line} d={paths.lower} style={{ stroke: `var(--${lower.color})` }} />
      </svg>
      {at !== undefined && at >= from && at <= to && (
        <Crosshair
          share={(at - from) / (to - from)}
          words={valuesText(sliceAt(times, at, stepSeconds), lower.values, upper.values, text)}
        />
      )}
    </div>
  );
}

/** The ends of the axis of time, for the head of a column of sparklines. */
export function SparklineAxis({
  from,
  to,
  title,
}: {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}) {
  const withDay = to - from > 86_400;
  return (
    <span className={styles.axis}>
      <span>{axisTimeText(from, withDay)}</span>
      <span>{title}</span>
      <span>{axisTimeText(to, withDay)}</span>
    </span>
  );
}

function Crosshair({ share, words }: { readonly share: number; readonly words: string }) {
  return (
    <>
      <i className={styles.cursor} style={{ left: `${share * 100}%` }} />
      <span className={styles.values} data-side={share > 0.5 ? "left" : "right"} aria-hidden="true">
        {words}
      </span>
    </>
  );
}

function pathsOf(
  times: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  axis: SparkAxis,
) {
  const height = sparkHeight([...low, ...high]);
  const lower = sparkPoints(times, low, axis, height);
  const upper = sparkPoints(times, high, axis, height);
  const width = (axis.stepSeconds / (axis.to - axis.from)) * 100;
  return { band: bandPath(lower, upper, width), lower: linePath(lower, width), upper: linePath(upper, width) };
}

/** The slice that a moment is in; -1: none is known there. */
function sliceAt(times: readonly number[], at: number, stepSeconds: number): number {
  return times.findLastIndex((time) => time <= at && at < time + stepSeconds);
}

function valuesText(
  slice: number,
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  text: (value: number) => string,
): string {
  const [least, most] = [low[slice], high[slice]];
  if (least === undefined || least === null || most === undefined || most === null) return "–";
  return `${text(least)} to ${text(most)}`;
}
