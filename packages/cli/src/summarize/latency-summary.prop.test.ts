import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderOf, toLines } from "../../test/tracebook.ts";
import { type StageSummary, summarizeLatencies } from "./latency-summary.ts";

const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
    fc.constant(0),
  ),
  { minLength: 1, maxLength: 300 },
);

/** What is smaller counts as zero. */
const TOO_SMALL_MS = 2 ** -40;

/** The definition, word by word: the smallest value that at least so many percent of all values do not exceed. */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.find((value) => values.filter((other) => other <= value).length * 100 >= percent * values.length)!;
}

async function summarize(file: string, values: readonly number[], maxExactValues?: number): Promise<StageSummary> {
  writeFileSync(file, toLines(values.map((ms) => ({ x_ms: ms }))));
  const options = maxExactValues === undefined ? {} : { maxExactValues };
  const { stages } = await summarizeLatencies({ files: [file], ...options });
  return stages[0]!;
}

const percentiles = ({ p50Ms, p90Ms, p95Ms, p99Ms }: StageSummary) => [p50Ms, p90Ms, p95Ms, p99Ms];
const expected = (values: readonly number[]) => [50, 90, 95, 99].map((percent) => nearestRank(values, percent));

describe("the figures of a stage", () => {
  it("has percentiles = nearest rank, exact", async () => {
    const file = join(folderOf(), "m.jsonl");
    await fc.assert(
      fc.asyncProperty(durations, async (values) => {
        const stage = await summarize(file, values);
        expect(percentiles(stage)).toEqual(expected(values));
        expect(stage.count).toBe(values.length);
        expect([stage.minMs, stage.maxMs]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(stage.averageMs).toBeCloseTo(values.reduce((sum, ms) => sum + ms, 0) / values.length, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("has percentiles within 0.3 % of nearest rank when there are more values than are kept", async () => {
    const file = join(folderOf(), "m.jsonl");
    await fc.assert(
      fc.asyncProperty(durations, fc.integer({ min: 0, max: 50 }), async (values, kept) => {
        fc.pre(values.length > kept);
        const stage = await summarize(file, values, kept);
        const exact = expected(values);
        for (const [index, estimate] of percentiles(stage).entries())
          expect(Math.abs(estimate - exact[index]!)).toBeLessThanOrEqual(exact[index]! * 0.003 + TOO_SMALL_MS);
        expect([stage.count, stage.minMs, stage.maxMs]).toEqual([
          values.length,
          Math.min(...values),
          Math.max(...values),
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it("says that percentiles are estimates once values were given up, in all stages", async () => {
    const file = join(folderOf(), "m.jsonl");
    writeFileSync(file, toLines([{ x_ms: 1 }, { x_ms: 2, y_ms: 7 }, { y_ms: 9, z_ms: 3 }]));
    const { isExact, stages } = await summarizeLatencies({ files: [file], maxExactValues: 2 });
    expect(isExact).toBe(false);
    expect(stages.map(({ field, count, maxMs }) => [field, count, maxMs])).toEqual([
      ["x_ms", 2, 2],
      ["y_ms", 2, 9],
      ["z_ms", 1, 3],
    ]);
  });
});
