// Latency lines with known figures.

const COUNT = 1_500;

/** The figures of a stage whose values are made to have them. */
interface WantedFigures {
  readonly count: number;
  readonly min: number;
  readonly average: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The field names of the files, and the figures of the summary they are known for. */
const STAGES: Readonly<Record<string, WantedFigures>> = {
  ws_to_book_update_ms: { count: 1500, min: 5.2, average: 12.45, max: 45.8, p50: 11.3, p95: 18.7, p99: 32.1 },
  book_to_signal_ms: { count: 1200, min: 2.1, average: 4.85, max: 15.3, p50: 4.5, p95: 7.2, p99: 11.8 },
  end_to_end_ms: { count: 1200, min: 15.5, average: 35.2, max: 95.4, p50: 32.1, p95: 48.9, p99: 72.3 },
};

/** 1,500 lines, a second apart from 12:00:00 UTC, of which 1,200 got as far as a signal; values in no order. */
export function pipelineLatencies(): Record<string, unknown>[] {
  const columns = Object.entries(STAGES).map(([field, figures]) => [field, valuesOf(figures)] as const);
  return Array.from({ length: COUNT }, (_, index) => {
    const line: Record<string, unknown> = { trace_id: `trace-${index}` };
    for (const [field, values] of columns)
      if (index < values.length) line[field] = values[shuffled(index, values.length)];
    return { ...line, timestamp: new Date(Date.UTC(2025, 0, 31, 12) + index * 1000).toISOString().slice(0, -1) };
  });
}

/** Values between the wanted ranks: as many as needed of three sizes, and one size that makes the average right. */
function valuesOf({ count, min, average, max, p50, p95, p99 }: WantedFigures): number[] {
  const [rank50, rank95, rank99] = [50, 95, 99].map((percent) => Math.ceil((percent * count) / 100)) as [
    number,
    number,
    number,
  ];
  const upper = [
    p50,
    ...Array<number>(rank95 - rank50 - 1).fill((p50 * 3 + p95) / 4),
    p95,
    ...Array<number>(rank99 - rank95 - 1).fill((p95 + p99) / 2),
    p99,
    ...Array<number>(count - rank99 - 1).fill((p99 + max) / 2),
    max,
  ];
  const rest = average * count - min - upper.reduce((sum, value) => sum + value, 0);
  const lower = rest / (rank50 - 2);
  if (!(lower >= min && lower <= p50)) throw new Error(`no values below the median make the average ${average}`);
  return [min, ...Array<number>(rank50 - 2).fill(lower), ...upper];
}

/** A permutation: 7 has no factor in common with the counts. */
function shuffled(index: number, count: number): number {
  return (index * 7) % count;
}
