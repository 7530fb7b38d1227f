// Where the score and the threshold of a bullet bar are.
import { drawnNumber } from "../format/decimal-text.ts";

/** Shares of the width from 0 to 1. */
export interface BulletLayout {
  readonly zero: number;
  readonly score: number;
  readonly threshold: number;
  /** The score is so far out that its bar is cut. */
  readonly isCut: boolean;
}

/** A score beyond so many times the threshold is cut, or the threshold could not be told from zero. */
const MOST_TIMES = 4;

/** Lays out a bullet bar; undefined where one of the two cannot be drawn. */
export function layOutBullet(
  scoreText: string | null | undefined,
  thresholdText: string | null | undefined,
): BulletLayout | undefined {
  const threshold = drawnNumber(thresholdText);
  const given = drawnNumber(scoreText);
  if (!Number.isFinite(threshold) || !Number.isFinite(given)) return undefined;
  const farthest =
    threshold === 0 ? Number.MAX_VALUE / 4 : MOST_TIMES * Math.min(Math.abs(threshold), Number.MAX_VALUE / 16);
  const score = Math.min(farthest, Math.max(-farthest, given));
  const least = Math.min(0, score, threshold);
  const most = Math.max(0, score, threshold);
  const span = (most - least) * 1.12 || 1;
  // Room at both ends only where something is below zero.
  const start = least < 0 ? least - (most - least) * 0.06 : 0;
  const share = (value: number) => Math.min(1, Math.max(0, (value - start) / span));
  return { zero: share(0), score: share(score), threshold: share(threshold), isCut: score !== given };
}
