// The results as a person reads them.
import type { ExportCalls } from "./figures.ts";
import type { BenchResults, OutputResult, VariantResult } from "./results.ts";
import { number, textTable, withSpread } from "./text-table.ts";
import { VARIANTS, type VariantName } from "./variant-names.ts";

/** The whole report: where, what, how it compares, and what was aimed at. */
export function formatReport(results: BenchResults): string {
  const variants = (Object.entries(results.tick.variants) as [VariantName, VariantResult][]).filter(
    ([, result]) => result.output !== null,
  );
  return [
    heading(results),
    "One tick: 1 flow, 5 stages, 5 histogram records, 2 counters, 1 decision of 12 fields; judge() included. Medians (min..max).",
    variantTable(variants),
    "What left, in all rounds and with warm-up, and what the sink received",
    outputTable(variants),
    "Tracebook against its peers, each net of the uninstrumented tick, by round",
    ratioTable(results),
    "On their own",
    rowTable(results),
    "Targets",
    targetTable(results),
  ].join("\n\n");
}

function heading({ machine, versions, rounds, quick }: BenchResults): string {
  const { cpu, cores, memory_gb, os, arch, load_1m } = machine;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${cpu}, ${cores} cores, ${memory_gb} GB, ${os} ${arch}, load ${load_1m} at the start`,
    names.join(", "),
    `${rounds} round${rounds === 1 ? "" : "s"}${quick ? ", quick" : ""}; one process a variant, in turn`,
  ].join("\n");
}

function variantTable(variants: readonly [VariantName, VariantResult][]): string {
  return textTable(
    ["variant", "inside the tick, ns", "all of the thread, ns", "p99.9 in tick, us", "bytes", "CPU s per 1M"],
    variants.map(([name, result]) => [
      VARIANTS[name].title,
      withSpread(result.ns, result.spread["ns"]),
      number(result.thread_cpu_ns),
      withSpread(result.p999_us, result.spread["p999_us"]),
      number(result.bytes),
      withSpread(result.cpu_s_per_million, result.spread["cpu_s_per_million"]),
    ]),
  );
}

function outputTable(variants: readonly [VariantName, VariantResult][]): string {
  const sending = variants.filter(([, { output }]) => (output?.requests ?? 0) > 0);
  return textTable(
    ["variant", "ticks", "spans received/expected", "logs received/expected", "OTLP bytes per tick", "dropped"],
    sending.map(([name, { output }]) => [VARIANTS[name].title, ...outputCells(output!)]),
  );
}

function outputCells(output: OutputResult): string[] {
  const dropped = Object.entries(output.dropped).map(([what, count]) => `${what} ${count}`);
  const share = (received: number, expected: number | null): string => `${received}/${expected ?? "by chance"}`;
  return [
    String(output.ticks),
    share(output.spans_received, output.spans_expected),
    share(output.logs_received, output.logs_expected),
    number(output.otlp_bytes / output.ticks),
    dropped.length === 0 ? "nothing" : dropped.join(", "),
  ];
}

function ratioTable({ tick }: BenchResults): string {
  const names = Object.keys(tick.ratios) as (keyof typeof tick.ratios)[];
  return textTable(
    ["ratio", "median (min..max)"],
    names.map((name) => [name, withSpread(tick.ratios[name], tick.ratios_spread[name])]),
  );
}

function rowTable(results: BenchResults): string {
  const { async_run: run, startup_ms: startup, startup_ms_spread: spread, tick } = results;
  return textTable(
    ["row", "figure"],
    [
      ["judge", `${number(results.judge_ns)} ns`],
      [
        "order_request, handed to the operating system",
        `${number(results.order_request_us)} us, p99 ${number(results.order_request_p99_us)} us`,
      ],
      [
        "async call: uninstrumented / in run() / net",
        `${number(run.uninstrumented_ns)} / ${number(run.tracebook_ns)} / ${number(run.net_ns)} ns`,
      ],
      ["one export call, Tracebook", exportCallCell(tick.variants["tracebook_all"])],
      ["one export call, OpenTelemetry SDK", exportCallCell(tick.variants["otel"])],
      ["disabled, manual flow", `${withSpread(tick.disabled_ns, tick.disabled_ns_spread)} ns`],
      ["disabled, run()", `${number(tick.disabled_run_ns)} ns, ${number(tick.disabled_run_bytes)} bytes`],
      ["start, telemetry disabled", `${withSpread(startup.disabled, spread.disabled)} ms`],
      ["start, telemetry enabled", `${withSpread(startup.enabled, spread.enabled)} ms`],
      ["start, plain Node", `${number(results.startup_plain_node_ms)} ms`],
    ],
  );
}

/** How long it holds the thread. */
function exportCallCell(result: VariantResult | undefined): string {
  const { paced = null, flat_out: flat = null } = result?.export_call_ms ?? {};
  const cell = (phase: string, calls: ExportCalls | null): string =>
    calls === null
      ? `${phase} -`
      : `${phase} p50 ${number(calls.p50)}, p99 ${number(calls.p99)}, longest ${number(calls.max)} ms`;
  return `${cell("paced", paced)}; ${cell("flat out", flat)}`;
}

function targetTable({ targets }: BenchResults): string {
  return textTable(
    ["target", "figure", "at most", ""],
    targets.map(({ what, found, limit, unit, verdict }) => [
      unit === "" ? what : `${what}, ${unit}`,
      number(found),
      number(limit),
      verdict,
    ]),
  );
}
