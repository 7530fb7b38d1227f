// A small line of counts over time, without axes; all of a screen share one crosshair.
import { useCallback, useMemo, useState } from "react";
import styles from "./count-spark.module.css";
import { countSparkPath } from "./count-spark-path.ts";
import { useCursorTime } from "./time-cursor.tsx";

/** What is drawn. */
export interface CountSparkProps {
  /** What it shows, in words, for whoever does not see it. */
  readonly label: string;
  /** A value for each slice, oldest first; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Seconds since 1970 at which the first slice begins, and the width of each. */
  readonly from: number;
  readonly stepSeconds: number;
  /** A colour of the theme. */
  readonly color: string;
  /** The slice under the crosshair; undefined: nobody points. */
  readonly onPoint?: (index: number | undefined) => void;
}

/** The line. Fills the width it is given. */
export function CountSpark({ label, values, from, stepSeconds, color, onPoint }: CountSparkProps) {
  const [index, setIndex] = useState<number>();
  const source = useMemo(() => ({}), []);
  const point = useCallback(
    (time: number | undefined) => {
      const at = time === undefined ? undefined : Math.floor((time - from) / stepSeconds);
      const isInside = at !== undefined && at >= 0 && at < values.length;
      setIndex(isInside ? at : undefined);
      onPoint?.(isInside ? at : undefined);
    },
    [from, stepSeconds, values.length, onPoint],
  );
  const cursor = useCursorTime(source, point);
  const move = (time: number | undefined) => {
    point(time);
    cursor.set(time, source);
  };
  const paths = useMemo(() => countSparkPath(values, HEIGHT), [values]);
  return (
    <div
      className={styles.spark}
      style={{ color: `var(--${color})` }}
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        move(from + ((event.clientX - left) / width) * values.length * stepSeconds);
      }}
      onPointerLeave={() => move(undefined)}
    >
      <svg
        viewBox={`0 0 ${Math.max(1, values.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path d={paths.area} className={styles.area} />
        <path d={paths.line} className={styles.line} />
      </svg>
      {index !== undefined && (
        <i className={styles.cursor} style={{ left: `${((index + 0.5) / values.length) * 100}%` }} />
      )}
    </div>
  );
}

const HEIGHT = 28;
