// The straight line through measured points (least squares), and how sure its slope is.

/** A measured point; `x` in the unit that the slope is wanted for. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line's slope. */
export interface Trend {
  readonly slope: number;
  readonly standardError: number;
}

/** The trend of points; of fewer than three there is none. */
export function trendOf(points: readonly Point[]): Trend {
  const count = points.length;
  if (count < 3) return { slope: 0, standardError: 0 };
  const sum = (of: (point: Point) => number): number => points.reduce((total, point) => total + of(point), 0);
  const [x, y] = [sum((point) => point.x) / count, sum((point) => point.y) / count];
  const spread = sum((point) => (point.x - x) ** 2);
  if (spread === 0) return { slope: 0, standardError: 0 };
  const slope = sum((point) => (point.x - x) * (point.y - y)) / spread;
  const rest = sum((point) => (point.y - y - slope * (point.x - x)) ** 2);
  return { slope, standardError: Math.sqrt(rest / (count - 2) / spread) };
}

/** The rise that is certain: the slope less two standard errors. */
export function certainRise({ slope, standardError }: Trend): number {
  return slope - 2 * standardError;
}

/** The later half of samples: the earlier one warms up. */
export function laterHalf<T>(samples: readonly T[]): readonly T[] {
  return samples.slice(samples.length >> 1);
}
