// The funnel as rows: what reached each step, what it lost there, and whether the counts add up.
import type { Answer } from "../../api/client.ts";
import type { Tone } from "../../ui/mark.tsx";

/** What the server says of a funnel. */
export type Funnel = Answer<"/api/telemetry/funnel">;

/** A step. */
export interface FunnelRow {
  readonly stage: string;
  readonly count: number;
  readonly ended: readonly FunnelEnd[];
  /** Flows that are neither in the next step nor among the drops: 0, or the counts are damaged. */
  readonly unexplained: number;
}

/** Why flows ended at a step. */
export interface FunnelEnd {
  readonly reasonCode: string;
  readonly explanation: string;
  readonly tone: Tone;
  readonly count: number;
}

const TONES: Readonly<Record<string, Tone>> = {
  order: "accept",
  rejected: "reject",
  nothing: "neutral",
  error: "error",
};

/** The steps in their order: `count of a step = count of the one before - its drops`, and what does not fit is said. */
export function toFunnelRows({ steps }: Pick<Funnel, "steps">): readonly FunnelRow[] {
  return steps.map(({ stage, count, ended }, index) => {
    const next = steps[index + 1]?.count ?? 0;
    const ends = ended.map((end) => ({
      reasonCode: end.reason_code,
      explanation: end.explanation,
      tone: TONES[end.kind] ?? "neutral",
      count: end.count,
    }));
    const gone = ends.reduce((sum, end) => sum + end.count, 0);
    return {
      stage,
      count,
      ended: ends.toSorted((a, b) => b.count - a.count),
      unexplained: count - gone - next,
    };
  });
}
