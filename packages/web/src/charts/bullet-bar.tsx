// A score against its threshold: a bar, a line across it, and room to see how much is missing.
import styles from "./bullet-bar.module.css";
import { layOutBullet } from "./bullet-layout.ts";

/** What a bullet bar shows; texts as they were recorded. Says nothing to screen readers: the words beside it do. */
export function BulletBar({
  score,
  threshold,
  tone,
}: {
  readonly score: string | undefined;
  readonly threshold: string | undefined;
  readonly tone: "accept" | "reject" | "neutral";
}) {
  const layout = layOutBullet(score, threshold);
  if (layout === undefined) return <span className={styles.none} aria-hidden="true" />;
  const left = Math.min(layout.zero, layout.score);
  return (
    <span className={styles.track} aria-hidden="true">
      <i
        className={layout.isCut ? styles.cut : styles.bar}
        data-tone={tone}
        style={{ left: percent(left), width: percent(Math.abs(layout.score - layout.zero)) }}
      />
      <i className={styles.line} style={{ left: percent(layout.threshold) }} />
    </span>
  );
}

function percent(share: number): string {
  return `${share * 100}%`;
}
