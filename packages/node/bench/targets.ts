// What the figures are held against. A missed target is printed as missed; it never fails a run.

/** A figure that is aimed at. */
export interface Target {
  readonly what: string;
  readonly limit: number;
  readonly unit: "" | "ns" | "bytes" | "ms";
  /** The figure that was found; null where it was not measured. */
  readonly found: number | null;
}

/** The figures that have targets. */
export interface TargetFigures {
  readonly ratios: Readonly<Record<keyof typeof RATIO_LIMITS, number | null>>;
  readonly disabledNs: number | null;
  readonly disabledBytes: number | null;
  /** With all traces kept. */
  readonly allKeptBytes: number | null;
  readonly exportCallP99Ms: { readonly paced: number | null; readonly flatOut: number | null };
  readonly startupDisabledMs: number | null;
  readonly startupEnabledMs: number | null;
}

/** Of Tracebook against a peer, by the name of the ratio. */
const RATIO_LIMITS = {
  in_thread_vs_otel: 0.1,
  in_thread_vs_pino_prom: 0.18,
  in_thread_vs_floor: 5,
  p999_vs_otel: 0.05,
  bytes_vs_otel: 0.05,
  cpu_equal_output_vs_otel: 0.25,
  cpu_same_fields_vs_otel: 0.25,
  cpu_paced_vs_otel: 0.35,
  cpu_paced_same_fields_vs_otel: 0.35,
} as const;

/** Less than this many bytes a tick are slack at the ends of heap pages: nothing was allocated. */
const NO_BYTES = 1;

/** All targets with what was found. */
export function createTargets(figures: TargetFigures): readonly Target[] {
  const { ratios, disabledNs, disabledBytes, allKeptBytes, exportCallP99Ms, startupDisabledMs, startupEnabledMs } =
    figures;
  const names = Object.keys(RATIO_LIMITS) as (keyof typeof RATIO_LIMITS)[];
  return [
    ...names.map((name) => ({ what: name, limit: RATIO_LIMITS[name], unit: "" as const, found: ratios[name] })),
    { what: "disabled, manual flow", limit: 30, unit: "ns", found: disabledNs },
    { what: "disabled, manual flow", limit: 0, unit: "bytes", found: disabledBytes },
    { what: "all kept, a tick", limit: 1_500, unit: "bytes", found: allKeptBytes },
    { what: "all kept, one export call, p99, paced", limit: 0.3, unit: "ms", found: exportCallP99Ms.paced },
    { what: "all kept, one export call, p99, flat out", limit: 0.3, unit: "ms", found: exportCallP99Ms.flatOut },
    { what: "start, telemetry disabled", limit: 15, unit: "ms", found: startupDisabledMs },
    { what: "start, telemetry enabled", limit: 400, unit: "ms", found: startupEnabledMs },
  ];
}

/** `met`, `missed`, or `not measured`. */
export function verdictOn({ found, limit, unit }: Target): "met" | "missed" | "not measured" {
  if (found === null) return "not measured";
  return found <= (unit === "bytes" ? limit + NO_BYTES : limit) ? "met" : "missed";
}
