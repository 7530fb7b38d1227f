// Small bars without axes, up or down from zero: the course of a figure over its periods.
import styles from "./period-spark.module.css";

/** What is drawn. */
export interface PeriodSparkProps {
  /** What it shows, in words, for whoever does not see it. */
  readonly label: string;
  /** A number for each period, oldest first; what is none leaves a gap. */
  readonly values: readonly number[];
}

const HEIGHT = 28;

/** The bars. Fill the width they are given. */
export function PeriodSpark({ label, values }: PeriodSparkProps) {
  const known = values.filter(Number.isFinite);
  const top = known.reduce((most, value) => Math.max(most, value), 0);
  const bottom = known.reduce((least, value) => Math.min(least, value), 0);
  const scale = HEIGHT / (top - bottom || 1);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${Math.max(12, values.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {values.map((value, i) => {
        if (!Number.isFinite(value)) return null;
        const height = Math.max(0.5, Math.abs(value) * scale);
        const y = Math.min(HEIGHT - height, (top - Math.max(0, value)) * scale);
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is nothing but its place.
        return <rect key={i} data-sign={value < 0 ? "minus" : "plus"} x={i + 0.15} y={y} width={0.7} height={height} />;
      })}
    </svg>
  );
}
