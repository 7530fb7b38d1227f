// Which families an exposition has: each name once, whatever registries and meters bring; the first one wins.
import type { FamilyPoint, FamilyType, HistogramValue, MetricFamily } from "./metric-family.ts";
import { toMetricName, unitInName } from "./prometheus-names.ts";

/** A metric that wants to be a family, under the name that it was given. */
export interface FamilyCandidate {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly unit: string;
  readonly size: number;
  pointAt(series: number): FamilyPoint | undefined;
  /** Its labels may repeat, and others may be added to it: metrics of several scopes are told apart by nothing here. */
  readonly mayRepeat?: boolean;
}

/** A metric that is not exposed, or not all of it. */
export interface ExpositionProblem {
  readonly code: "name_conflict" | "series_conflict" | "collect_failed";
  /** The metric as it was named; empty when it is about all of them. */
  readonly metric: string;
  /** One sentence. */
  readonly message: string;
}

/** A family that is being put together. */
interface Draft {
  readonly name: string;
  readonly first: FamilyCandidate;
  readonly more: FamilyCandidate[];
}

const SUFFIXES: Readonly<Record<FamilyType, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["", "_bucket", "_sum", "_count"],
};

/**
 * Puts candidates into families: `candidates` in the order of their right to a name, `reserved` names that are taken already.
 * Every problem is told to `onProblem`, once for each metric that has it.
 */
export function planFamilies(
  candidates: readonly FamilyCandidate[],
  reserved: readonly string[],
  onProblem: (problem: ExpositionProblem) => void,
): MetricFamily[] {
  const drafts = new Map<string, Draft>();
  const taken = new Set(reserved);
  for (const candidate of candidates) {
    const name = toMetricName(candidate.name);
    const known = drafts.get(name);
    if (known !== undefined && canJoin(known.first, candidate)) known.more.push(candidate);
    else if (SUFFIXES[candidate.type].some((suffix) => taken.has(name + suffix)))
      onProblem(nameConflict(candidate, name, known));
    else {
      drafts.set(name, { name, first: candidate, more: [] });
      for (const suffix of SUFFIXES[candidate.type]) taken.add(name + suffix);
    }
  }
  return Array.from(drafts.values(), (draft) => toFamily(draft, taken, onProblem));
}

function canJoin(first: FamilyCandidate, second: FamilyCandidate): boolean {
  return first.type === second.type && first.mayRepeat === true && second.mayRepeat === true;
}

function nameConflict({ name, type }: FamilyCandidate, exposed: string, known: Draft | undefined): ExpositionProblem {
  const other = known === undefined ? "another metric" : `the ${known.first.type} ${JSON.stringify(known.first.name)}`;
  const message = `the ${type} ${JSON.stringify(name)} is not on /metrics: ${other} has the name ${exposed} there`;
  return { code: "name_conflict", metric: name, message };
}

function toFamily(
  { name, first, more }: Draft,
  taken: ReadonlySet<string>,
  onProblem: (problem: ExpositionProblem) => void,
): MetricFamily {
  const { type } = first;
  const help = [first, ...more].find((candidate) => candidate.help !== "")?.help ?? "";
  // OpenMetrics calls the family of x_total x, which must not be another family's name.
  const isOpenMetricsCounter = type === "counter" && /._total$/.test(name) && !taken.has(name.replace(/_total$/, ""));
  const about = { name, type, help, unit: unitInName(name, first.unit), isOpenMetricsCounter };
  if (first.mayRepeat !== true) return { ...about, size: first.size, pointAt: (series) => first.pointAt(series) };
  let points: readonly FamilyPoint[] | undefined;
  const merged = (): readonly FamilyPoint[] => {
    points ??= mergePoints([first, ...more], onProblem);
    return points;
  };
  return {
    ...about,
    get size() {
      return merged().length;
    },
    pointAt: (series) => merged()[series],
  };
}

/**
 * All points with each set of labels once: sums and histograms of the same bounds add up (what two instrumentations count is
 * counted), of the rest the first one stays.
 */
function mergePoints(
  candidates: readonly FamilyCandidate[],
  onProblem: (problem: ExpositionProblem) => void,
): readonly FamilyPoint[] {
  const points = new Map<string, FamilyPoint>();
  for (const candidate of candidates)
    for (let series = 0; series < candidate.size; series++) {
      const point = readPoint(candidate, series);
      if (point === undefined) continue;
      const key = keyOf(point.labels);
      const known = points.get(key);
      const sum = known === undefined ? point : added(candidate.type, known, point);
      if (sum !== undefined) points.set(key, sum);
      else onProblem(seriesConflict(candidate));
    }
  return [...points.values()];
}

function readPoint(candidate: FamilyCandidate, series: number): FamilyPoint | undefined {
  try {
    return candidate.pointAt(series);
  } catch {
    // Attributes that throw when they are read.
    return undefined;
  }
}

/** Labels in any order, empty ones left out: to Prometheus those are not there. */
function keyOf(labels: readonly string[]): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2)
    if (labels[i + 1] !== "") pairs.push(JSON.stringify([labels[i], labels[i + 1]]));
  return pairs.sort().join();
}

function added(type: FamilyType, one: FamilyPoint, other: FamilyPoint): FamilyPoint | undefined {
  const { labels, value: a } = one;
  const b = other.value;
  if (typeof a === "number" || typeof b === "number")
    return type === "counter" && typeof a === "number" && typeof b === "number" ? { labels, value: a + b } : undefined;
  const isAlike = a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i]);
  return isAlike && a.native === undefined && b.native === undefined
    ? { labels, value: addedHistogram(a, b) }
    : undefined;
}

function addedHistogram(a: HistogramValue, b: HistogramValue): HistogramValue {
  return {
    ...a,
    counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)),
    count: a.count + b.count,
    sum: a.sum === undefined || b.sum === undefined ? undefined : a.sum + b.sum,
  };
}

function seriesConflict({ name }: FamilyCandidate): ExpositionProblem {
  const message = `${JSON.stringify(name)} has the same labels twice on /metrics: only the first of such series is there`;
  return { code: "series_conflict", metric: name, message };
}
