// The content of bench-results.json: names and units are a promise to whoever reads the file; new ones may be added.
import type { BenchOptions } from "./bench-options.ts";
import {
  type Delivery,
  deliveryOf,
  type ExportCalls,
  exportCallsOf,
  figureOf,
  netOf,
  PICKS,
  type Pick,
  ratioOf,
} from "./figures.ts";
import { describeVersions, type Machine } from "./machine.ts";
import type { Round } from "./round.ts";
import type { StartupFigures } from "./startup.ts";
import type { Spread } from "./statistics.ts";
import { createTargets, verdictOn } from "./targets.ts";
import type { VariantName } from "./variant-names.ts";

/** Least and greatest of the rounds. */
type Range = readonly [min: number, max: number];

/** Medians of one variant, per tick and with the work of the tick in them; null where not measured. */
export interface VariantResult {
  readonly ns: number | null;
  readonly p999_us: number | null;
  readonly bytes: number | null;
  readonly cpu_s_per_million: number | null;
  readonly thread_cpu_ns: number | null;
  readonly paced_cpu_s_per_million: number | null;
  /** Milliseconds that one export call holds the thread, at the pace of a market and flat out. */
  readonly export_call_ms: { readonly paced: ExportCalls | null; readonly flat_out: ExportCalls | null };
  readonly spread: Readonly<Record<string, Range | null>>;
  readonly output: OutputResult | null;
}

/** What left a variant in all rounds, warm-up included, and what the sink received of it; null where nobody can know. */
export interface OutputResult {
  readonly ticks: number;
  readonly spans_expected: number | null;
  readonly spans_received: number;
  readonly logs_expected: number | null;
  readonly logs_received: number;
  readonly requests: number;
  readonly otlp_bytes: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Everything that a run of the benchmark found. */
export type BenchResults = ReturnType<typeof createResults>;

/** Variants that are a whole tick; the others are rows of their own. */
const TICK_VARIANTS = [
  "none",
  "floor",
  "otel",
  "otel_ratio_001",
  "otel_same_fields",
  "pino_prom",
  "tracebook",
  "tracebook_all",
  "tracebook_disabled",
  "tracebook_disabled_run",
] as const satisfies readonly VariantName[];

/** Works out the results. */
export function createResults(
  options: BenchOptions,
  machine: Machine,
  rounds: readonly Round[],
  startup: StartupFigures,
) {
  const ratios = {
    in_thread_vs_otel: ratioOf(rounds, "tracebook", "otel", PICKS.ns),
    in_thread_vs_pino_prom: ratioOf(rounds, "tracebook", "pino_prom", PICKS.ns),
    in_thread_vs_floor: ratioOf(rounds, "tracebook", "floor", PICKS.ns),
    thread_cpu_vs_otel: ratioOf(rounds, "tracebook", "otel", PICKS.threadCpuNs),
    thread_cpu_vs_pino_prom: ratioOf(rounds, "tracebook", "pino_prom", PICKS.threadCpuNs),
    thread_cpu_vs_floor: ratioOf(rounds, "tracebook", "floor", PICKS.threadCpuNs),
    p999_vs_otel: ratioOf(rounds, "tracebook", "otel", PICKS.p999Us),
    bytes_vs_otel: ratioOf(rounds, "tracebook", "otel", PICKS.bytes),
    cpu_equal_output_vs_otel: ratioOf(rounds, "tracebook_all", "otel", PICKS.cpuSPerMillion),
    cpu_same_fields_vs_otel: ratioOf(rounds, "tracebook_all", "otel_same_fields", PICKS.cpuSPerMillion),
    cpu_paced_vs_otel: ratioOf(rounds, "tracebook_all", "otel", PICKS.pacedCpuSPerMillion),
    cpu_paced_same_fields_vs_otel: ratioOf(rounds, "tracebook_all", "otel_same_fields", PICKS.pacedCpuSPerMillion),
  };
  // Within one process: the difference is smaller than that between two processes of the same variant.
  const disabledNs = figureOf(rounds, "tracebook_disabled", PICKS.pairedNs);
  const disabledBytes = netOf(rounds, "tracebook_disabled", PICKS.bytes);
  const targets = createTargets({
    ratios: mapValues(ratios, medianOf),
    disabledNs: medianOf(disabledNs),
    disabledBytes: medianOf(disabledBytes),
    allKeptBytes: medianOf(figureOf(rounds, "tracebook_all", PICKS.bytes)),
    exportCallP99Ms: {
      paced: exportCallsOf(rounds, "tracebook_all", "pacedCallsMs")?.p99 ?? null,
      flatOut: exportCallsOf(rounds, "tracebook_all", "flatCallsMs")?.p99 ?? null,
    },
    startupDisabledMs: medianOf(startup.disabled),
    startupEnabledMs: medianOf(startup.enabled),
  });
  const order = (pick: Pick): number | null => medianOf(figureOf(rounds, "order_request", pick));
  return {
    machine,
    versions: describeVersions(),
    quick: options.quick,
    rounds: rounds.length,
    tick: {
      variants: Object.fromEntries(TICK_VARIANTS.map((name) => [name, variantResult(rounds, name)])),
      ratios: mapValues(ratios, medianOf),
      ratios_spread: mapValues(ratios, rangeOf),
      disabled_ns: medianOf(disabledNs),
      disabled_ns_spread: rangeOf(disabledNs),
      disabled_ns_between_processes: medianOf(netOf(rounds, "tracebook_disabled", PICKS.ns)),
      disabled_bytes: medianOf(disabledBytes),
      disabled_run_ns: medianOf(figureOf(rounds, "tracebook_disabled_run", PICKS.pairedNs)),
      disabled_run_bytes: medianOf(netOf(rounds, "tracebook_disabled_run", PICKS.bytes)),
    },
    judge_ns: medianOf(figureOf(rounds, "judge", PICKS.ns)),
    order_request_us: order(({ paced }) => paced?.p50Us),
    order_request_p99_us: order(({ paced }) => paced?.p99Us),
    async_run: {
      uninstrumented_ns: medianOf(figureOf(rounds, "async_none", PICKS.ns)),
      tracebook_ns: medianOf(figureOf(rounds, "async_tracebook", PICKS.ns)),
      net_ns: medianOf(netOf(rounds, "async_tracebook", PICKS.ns, "async_none")),
      net_bytes: medianOf(netOf(rounds, "async_tracebook", PICKS.bytes, "async_none")),
    },
    startup_ms: { enabled: medianOf(startup.enabled), disabled: medianOf(startup.disabled) },
    startup_ms_spread: { enabled: rangeOf(startup.enabled), disabled: rangeOf(startup.disabled) },
    startup_plain_node_ms: medianOf(startup.plain),
    targets: targets.map((target) => ({ ...target, verdict: verdictOn(target) })),
  };
}

function variantResult(rounds: readonly Round[], name: VariantName): VariantResult {
  const figures = mapValues(PICKS, (pick: Pick) => figureOf(rounds, name, pick));
  return {
    ns: medianOf(figures.ns),
    p999_us: medianOf(figures.p999Us),
    bytes: medianOf(figures.bytes),
    cpu_s_per_million: medianOf(figures.cpuSPerMillion),
    thread_cpu_ns: medianOf(figures.threadCpuNs),
    paced_cpu_s_per_million: medianOf(figures.pacedCpuSPerMillion),
    export_call_ms: {
      paced: roundedCalls(exportCallsOf(rounds, name, "pacedCallsMs")),
      flat_out: roundedCalls(exportCallsOf(rounds, name, "flatCallsMs")),
    },
    spread: {
      ns: rangeOf(figures.ns),
      p999_us: rangeOf(figures.p999Us),
      bytes: rangeOf(figures.bytes),
      cpu_s_per_million: rangeOf(figures.cpuSPerMillion),
      paced_cpu_s_per_million: rangeOf(figures.pacedCpuSPerMillion),
    },
    output: outputResult(deliveryOf(rounds, name)),
  };
}

function outputResult(delivery: Delivery | undefined): OutputResult | null {
  if (delivery === undefined) return null;
  return {
    ticks: delivery.ticks,
    spans_expected: delivery.spansExpected ?? null,
    spans_received: delivery.spansReceived,
    logs_expected: delivery.logsExpected ?? null,
    logs_received: delivery.logsReceived,
    requests: delivery.requests,
    otlp_bytes: delivery.bytes,
    dropped: delivery.dropped,
  };
}

/** Four significant digits say all that a benchmark knows. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function roundedCalls(calls: ExportCalls | undefined): ExportCalls | null {
  return calls === undefined ? null : mapValues(calls, rounded);
}

function medianOf(spread: Spread | undefined): number | null {
  return spread === undefined ? null : rounded(spread.median);
}

function rangeOf(spread: Spread | undefined): Range | null {
  return spread === undefined ? null : [rounded(spread.min), rounded(spread.max)];
}

function mapValues<Key extends string, From, To>(record: Readonly<Record<Key, From>>, map: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value as From)])) as Record<Key, To>;
}
