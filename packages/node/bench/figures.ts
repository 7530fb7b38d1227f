// From the rounds to the figures: medians of each variant, and ratios net of the uninstrumented one.
import type { MeasuredVariant, Round } from "./round.ts";
import { quantile, type Spread, spreadOf } from "./statistics.ts";
import type { VariantName } from "./variant-names.ts";

/** One figure of one measurement; undefined where the phase was left out. */
export type Pick = (measured: MeasuredVariant) => number | undefined;

/** The figures of a tick. */
export const PICKS = {
  ns: (measured) => measured.flat?.ns,
  bytes: (measured) => measured.flat?.bytes,
  pairedNs: (measured) => measured.pairedNs,
  p999Us: (measured) => measured.paced?.p999Us,
  threadCpuNs: (measured) => measured.flat?.threadCpuNs,
  cpuSPerMillion: (measured) => measured.flat?.cpuSPerMillion,
  pacedCpuSPerMillion: (measured) => measured.paced?.cpuSPerMillion,
} as const satisfies Record<string, Pick>;

/** A figure of a variant over the rounds. */
export function figureOf(rounds: readonly Round[], name: VariantName, pick: Pick): Spread | undefined {
  return spreadOf(rounds.map((round) => valueIn(round, name, pick)));
}

/** The same less that of another variant in the same round. */
export function netOf(
  rounds: readonly Round[],
  name: VariantName,
  pick: Pick,
  base: VariantName = "none",
): Spread | undefined {
  return spreadOf(rounds.map((round) => netIn(round, name, pick, base)));
}

/**
 * The ratio of two variants, each net of the uninstrumented one, by round: a machine that is slow for a while is slow for
 * both. A round in which the other cost nothing has no ratio.
 */
export function ratioOf(
  rounds: readonly Round[],
  name: VariantName,
  other: VariantName,
  pick: Pick,
): Spread | undefined {
  return spreadOf(
    rounds.map((round) => {
      const above = netIn(round, name, pick, "none");
      const below = netIn(round, other, pick, "none");
      return above === undefined || below === undefined || below <= 0 ? undefined : above / below;
    }),
  );
}

/** Quantiles of the export calls of all rounds together: one round has too few for the rare ones. Milliseconds. */
export interface ExportCalls {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The export calls of a variant in one of the phases; undefined where there was none. */
export function exportCallsOf(
  rounds: readonly Round[],
  name: VariantName,
  phase: "pacedCallsMs" | "flatCallsMs",
): ExportCalls | undefined {
  const took = Float64Array.from(rounds.flatMap((round) => round.get(name)?.[phase] ?? [])).sort();
  if (took.length === 0) return undefined;
  return { calls: took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99), max: took.at(-1)! };
}

/** What a variant put out in all rounds, and what arrived. */
export interface Delivery {
  readonly ticks: number;
  readonly spansExpected: number | undefined;
  readonly spansReceived: number;
  readonly logsExpected: number | undefined;
  readonly logsReceived: number;
  readonly requests: number;
  readonly bytes: number;
  /** What the variant itself says it lost. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Adds up the deliveries of a variant. */
export function deliveryOf(rounds: readonly Round[], name: VariantName): Delivery | undefined {
  const all = rounds.map((round) => round.get(name)).filter((measured) => measured !== undefined);
  if (all.length === 0) return undefined;
  const sum = (pick: Pick): number => all.reduce((total, measured) => total + (pick(measured) ?? 0), 0);
  const knows = (pick: Pick): boolean => all.every((measured) => pick(measured) !== undefined);
  const spans: Pick = ({ output }) => output.spans;
  const logs: Pick = ({ output }) => output.logs;
  const dropped: Record<string, number> = {};
  for (const { output } of all) {
    for (const [what, reasons] of Object.entries(output.dropped)) {
      for (const [reason, count] of Object.entries(reasons)) {
        dropped[`${what}: ${reason}`] = (dropped[`${what}: ${reason}`] ?? 0) + count;
      }
    }
  }
  return {
    ticks: sum(({ ticks }) => ticks),
    spansExpected: knows(spans) ? sum(spans) : undefined,
    spansReceived: sum(({ received }) => received.spans),
    logsExpected: knows(logs) ? sum(logs) : undefined,
    logsReceived: sum(({ received }) => received.logs),
    requests: sum(({ received }) => received.requests),
    bytes: sum(({ received }) => received.bytes),
    dropped,
  };
}

function valueIn(round: Round, name: VariantName, pick: Pick): number | undefined {
  const measured = round.get(name);
  return measured === undefined ? undefined : pick(measured);
}

function netIn(round: Round, name: VariantName, pick: Pick, base: VariantName): number | undefined {
  const value = valueIn(round, name, pick);
  const baseValue = valueIn(round, base, pick);
  return value === undefined || baseValue === undefined ? undefined : value - baseValue;
}
