// A band and its lines in a row of a table, on the axis of time and the crosshair of the screen.
import { useCallback, useMemo, useState } from "react";
import { bandPath, linePath, type SparkPoint, sparkHeight } from "./spark-path.ts";
import styles from "./sparkline.module.css";
import { useCursorTime } from "./time-cursor.tsx";

/** What a sparkline shows. */
export interface SparklineProps {
  /** What it is, with its figures, for screen readers. */
  readonly label: string;
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  /** A value for each time; null where there is none. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** The axis of time, shared by the charts of a screen. */
  readonly from: number;
  readonly to: number;
}

/** The sparkline; fills the width that it is given. */
export function Sparkline({ label, times, lower, upper, from, to }: SparklineProps) {
  const source = useMemo(() => ({}), []);
  const [at, setAt] = useState<number>();
  const follow = useCallback((time: number | undefined) => setAt(time), []);
  const cursor = useCursorTime(source, follow);
  const paths = useMemo(() => {
    const height = sparkHeight([...lower, ...upper]);
    const points = (values: readonly (number | null)[]): SparkPoint[] =>
      times.map((time, i) => {
        const value = values[i] ?? null;
        return value === null ? null : { x: ((time - from) / (to - from)) * 100, y: height(value) };
      });
    const [low, high] = [points(lower), points(upper)];
    return { band: bandPath(low, high), low: linePath(low), high: linePath(high) };
  }, [times, lower, upper, from, to]);
  const move = (time: number | undefined): void => {
    setAt(time);
    cursor.set(time, source);
  };
  const share = at === undefined ? -1 : (at - from) / (to - from);
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
        <path className={styles.upper} d={paths.high} />
        <path className={styles.lower} d={paths.low} />
      </svg>
      {share >= 0 && share <= 1 && <i className={styles.cursor} style={{ left: `${share * 100}%` }} />}
    </div>
  );
}
