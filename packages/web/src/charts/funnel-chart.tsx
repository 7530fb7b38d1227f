// A funnel as rows: how many reached each step, and beside it why the others went no further.
import { countText, shareText } from "../format/number-text.ts";
import { Mark, type Tone } from "../ui/mark.tsx";
import styles from "./funnel-chart.module.css";
import { barShare, type FunnelScale } from "./funnel-scale.ts";

/** Why some went no further. */
export interface FunnelDrop {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly tone: Tone;
  readonly explanation: string;
}

/** A step. */
export interface FunnelStep {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  /** The step that everything is about: the bar is full. */
  readonly isGoal?: boolean;
  readonly drops: readonly FunnelDrop[];
  /** What does not add up, in words. */
  readonly problem?: string | undefined;
}

/** What a funnel shows. */
export interface FunnelChartProps {
  readonly label: string;
  readonly steps: readonly FunnelStep[];
  readonly scale: FunnelScale;
  /** The key of the drop that is chosen. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
}

/** The funnel. The pale part of a bar is what the step before had. */
export function FunnelChart({ label, steps, scale, chosen, onChoose }: FunnelChartProps) {
  const entered = steps[0]?.count ?? 0;
  return (
    <div className={styles.funnel}>
      <ol className={styles.steps} aria-label={label}>
        {steps.map((step, index) => (
          <li key={step.key} className={styles.step}>
            <span className={styles.name} title={step.name}>
              {step.name}
            </span>
            <span className={styles.count}>{countText(step.count)}</span>
            <span className={styles.share}>{shareText(step.count, entered)}</span>
            <span className={styles.track} aria-hidden="true">
              <i
                className={styles.before}
                style={{ width: percent(barShare(steps[index - 1]?.count ?? 0, entered, scale)) }}
              />
              <i
                className={step.isGoal ? styles.goal : styles.bar}
                style={{ width: percent(barShare(step.count, entered, scale)) }}
              />
            </span>
            <span className={styles.drops}>
              {step.drops.map((drop) => (
                <Drop key={drop.key} drop={drop} of={step.count} isChosen={drop.key === chosen} onChoose={onChoose} />
              ))}
              {step.problem !== undefined && (
                <span className={styles.problem}>
                  <Mark tone="error" size={9} />
                  {step.problem}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Drop({
  drop,
  of,
  isChosen,
  onChoose,
}: {
  readonly drop: FunnelDrop;
  readonly of: number;
  readonly isChosen: boolean;
  readonly onChoose: (key: string) => void;
}) {
  return (
    <button
      type="button"
      className={styles.drop}
      aria-pressed={isChosen}
      title={drop.explanation}
      onClick={() => onChoose(drop.key)}
    >
      <Mark tone={drop.tone} size={9} />
      <span className={styles.reason}>{drop.name === "" ? "(none)" : drop.name}</span>
      <b>{countText(drop.count)}</b>
      <span>{shareText(drop.count, of)}</span>
    </button>
  );
}

function percent(share: number): string {
  return `${share * 100}%`;
}
