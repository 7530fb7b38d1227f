// The metric registry as families: series are read when the writer comes to them.
import type { HistogramPoint, MetricReading, ScalarPoint } from "@tracebook/metrics";
import type { FamilyCandidate } from "./family-plan.ts";
import type { LabelNames } from "./label-names.ts";
import type { FamilyPoint, NativeBuckets } from "./metric-family.ts";

/** Our exponential histograms put values up to this into the zero bucket (`ExponentialSnapshot.zeroCount`). */
const ZERO_THRESHOLD = 2 ** -40;

/** What the registry read, as candidates for families, those without series left out. */
export function registryCandidates(readings: readonly MetricReading[], names: LabelNames): FamilyCandidate[] {
  return readings.filter((reading) => reading.size > 0).map((reading) => candidateOf(reading, names));
}

function candidateOf(reading: MetricReading, names: LabelNames): FamilyCandidate {
  const { name, kind, help, unit, labels } = reading.definition;
  const type = kind === "updowncounter" ? "gauge" : kind;
  const clean = labels.map((label) => names.name(label, type === "histogram"));
  // Where two labels became one and their values are put together, two series may become one as well.
  const mayRepeat = new Set(clean).size < clean.length;
  const toLabels = mayRepeat
    ? (given: Readonly<Record<string, string>>) => names.labels(given, type === "histogram")
    : labelWriter(labels, clean);
  const about = { name, type, help, unit, mayRepeat } as const;
  if (reading.type === "scalar") {
    const toPoint = (point: ScalarPoint): FamilyPoint => ({ labels: toLabels(point.labels), value: point.value });
    return { ...about, size: reading.size, pointAt: (series) => mapped(reading.pointAt(series), toPoint) };
  }
  const toPoint = (point: HistogramPoint): FamilyPoint => ({
    labels: toLabels(point.labels),
    value: { ...point, native: nativeOf(point) },
  });
  return { ...about, size: reading.size, pointAt: (series) => mapped(reading.pointAt(series), toPoint) };
}

function mapped<From, To>(value: From | undefined, map: (value: From) => To): To | undefined {
  return value === undefined ? undefined : map(value);
}

/** All series of a metric have the same labels: their names are made once. */
function labelWriter(
  labelNames: readonly string[],
  clean: readonly string[],
): (labels: Readonly<Record<string, string>>) => readonly string[] {
  return (labels) => {
    const flat: string[] = [];
    for (let i = 0; i < clean.length; i++) flat.push(clean[i]!, labels[labelNames[i]!] ?? "");
    return flat;
  };
}

function nativeOf({ exponential }: HistogramPoint): NativeBuckets | undefined {
  return exponential && { ...exponential, zeroThreshold: ZERO_THRESHOLD, negative: undefined };
}
