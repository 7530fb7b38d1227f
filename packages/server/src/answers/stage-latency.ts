// The latencies of a flow's stages, from the histograms that count every flow, kept or not.
import { END_TO_END, FLOW_INSTRUMENTS } from "@tracebook/core/extension";
import type { HistogramSeries, StoreQueries } from "@tracebook/store";
import { type LatencyFigures, latencyFigures } from "./latency-percentiles.ts";
import type { WholeRange } from "./time-range.ts";

/** A slice of time of one stage. */
export interface StageSlice extends LatencyFigures {
  readonly time: number;
  readonly bucket_counts: readonly number[];
}

/** A stage over the range. */
export interface StageLatency extends LatencyFigures {
  readonly stage: string;
  readonly bucket_counts: readonly number[];
  readonly slices: readonly StageSlice[];
}

/** The latencies of one flow. */
export interface FlowLatency {
  /** Flows that were measured in the range, most first; counted by the stage that most of them reached. */
  readonly flows: readonly { readonly flow: string; readonly count: number }[];
  readonly flow: string | null;
  readonly step_seconds: number;
  readonly bounds_ms: readonly number[];
  /** In their order, `end_to_end` last. */
  readonly stages: readonly StageLatency[];
}

const MS = 1_000;

/** Asks for the latencies of `flow`, or of the one that was measured most. Series whose bounds are not those of most are left out. */
export async function stageLatency(
  store: Pick<StoreQueries, "histogram" | "stageOrder">,
  range: WholeRange,
  stepSeconds: number,
  wanted: string | undefined,
): Promise<FlowLatency> {
  const name = FLOW_INSTRUMENTS.stageDuration.name;
  const all = await store.histogram({ ...range, name, stepSeconds });
  const flows = countFlows(all);
  const flow = wanted ?? flows[0]?.flow ?? null;
  const own = all.filter((series) => series.labels["flow"] === flow);
  const bounds = commonBounds(own);
  const ofBounds = own.filter((series) => sameBounds(series.bounds, bounds));
  const order = flow === null ? [] : await stagesInOrder(store, flow, ofBounds);
  const boundsMs = bounds.map((bound) => bound * MS);
  return {
    flows,
    flow,
    step_seconds: stepSeconds,
    bounds_ms: boundsMs,
    stages: order.map((stage) =>
      toStage(
        stage,
        ofBounds.filter((series) => series.labels["stage"] === stage),
        boundsMs,
      ),
    ),
  };
}

/** The stages that were measured: as the flow's traces have them, those that no trace has by how many flows reached them, `end_to_end` last. */
async function stagesInOrder(
  store: Pick<StoreQueries, "stageOrder">,
  flow: string,
  series: readonly HistogramSeries[],
): Promise<readonly string[]> {
  const reached = new Map<string, number>();
  for (const one of series) {
    const stage = one.labels["stage"] ?? "";
    reached.set(stage, (reached.get(stage) ?? 0) + countOf(one));
  }
  return orderStages(await store.stageOrder(flow), reached);
}

/** Stages in the order that is known, then those that are not known by how many reached them; only those that were reached. */
export function orderStages(known: readonly string[], reached: ReadonlyMap<string, number>): readonly string[] {
  const rank = new Map(known.map((stage, i) => [stage, i]));
  const placeOf = (stage: string) =>
    stage === END_TO_END ? Number.MAX_SAFE_INTEGER : (rank.get(stage) ?? known.length);
  return [...reached]
    .filter(([stage]) => stage !== "")
    .sort(([a, many], [b, others]) => placeOf(a) - placeOf(b) || others - many || (a < b ? -1 : 1))
    .map(([stage]) => stage);
}

function countFlows(all: readonly HistogramSeries[]): FlowLatency["flows"] {
  const counts = new Map<string, Map<string, number>>();
  for (const series of all) {
    const { flow = "", stage = "" } = series.labels;
    const stages = counts.get(flow) ?? new Map<string, number>();
    counts.set(flow, stages.set(stage, (stages.get(stage) ?? 0) + countOf(series)));
  }
  return [...counts]
    .map(([flow, stages]) => ({ flow, count: Math.max(...stages.values()) }))
    .sort((a, b) => b.count - a.count || (a.flow < b.flow ? -1 : 1));
}

function countOf({ slices }: HistogramSeries): number {
  return slices.reduce((sum, slice) => sum + slice.count, 0);
}

function commonBounds(series: readonly HistogramSeries[]): readonly number[] {
  const counts = new Map<string, { readonly bounds: readonly number[]; count: number }>();
  for (const one of series) {
    const key = one.bounds.join();
    const known = counts.get(key) ?? { bounds: one.bounds, count: 0 };
    known.count += countOf(one);
    counts.set(key, known);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.bounds ?? [];
}

function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}

function toStage(stage: string, series: readonly HistogramSeries[], boundsMs: readonly number[]): StageLatency {
  const slices = new Map<number, { sumMs: number; counts: number[] }>();
  const all = { sumMs: 0, counts: new Array<number>(boundsMs.length + 1).fill(0) };
  for (const { bucket, sum, bucketCounts } of series.flatMap((one) => one.slices)) {
    const slice = slices.get(bucket) ?? { sumMs: 0, counts: new Array<number>(boundsMs.length + 1).fill(0) };
    slices.set(bucket, slice);
    for (const one of [slice, all]) {
      one.sumMs += sum * MS;
      for (const [i, count] of bucketCounts.entries()) one.counts[i] = (one.counts[i] ?? 0) + count;
    }
  }
  return {
    stage,
    ...latencyFigures(boundsMs, all.counts, all.sumMs),
    bucket_counts: all.counts,
    slices: [...slices]
      .sort(([a], [b]) => a - b)
      .map(([time, { sumMs, counts }]) => ({
        time,
        ...latencyFigures(boundsMs, counts, sumMs),
        bucket_counts: counts,
      })),
  };
}
