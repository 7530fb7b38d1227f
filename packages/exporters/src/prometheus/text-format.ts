// The two text formats: Prometheus' own (0.0.4) and OpenMetrics (1.0.0), which has exemplars, units and an end.
import type { Exemplar } from "@tracebook/metrics";
import type { FamilyPoint, HistogramValue, MetricFamily } from "./metric-family.ts";
import { toBoundText, toValueText } from "./number-text.ts";

/** Characters that are collected before they become bytes. */
const CHUNK_LENGTH = 16_384;

/**
 * Writes families as text. Gives bytes when there are enough of them, and nothing, for the chance to pause, after each series.
 */
export function* writeText(families: Iterable<MetricFamily>, isOpenMetrics: boolean): Generator<Buffer | undefined> {
  let text = "";
  for (const family of families) {
    let head = headOf(family, isOpenMetrics);
    const writer = createSampleWriter(family, isOpenMetrics);
    for (let series = 0; series < family.size; series++) {
      const point = family.pointAt(series);
      if (point === undefined) continue;
      text += head + writer(point);
      head = "";
      if (text.length < CHUNK_LENGTH) yield undefined;
      else {
        // A lone surrogate becomes U+FFFD here: the text is UTF-8 whatever a label holds.
        yield Buffer.from(text, "utf8");
        text = "";
      }
    }
  }
  yield Buffer.from(isOpenMetrics ? `${text}# EOF\n` : text, "utf8");
}

function headOf({ name, type, isOpenMetricsCounter, help, unit }: MetricFamily, isOpenMetrics: boolean): string {
  if (!isOpenMetrics) return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  const isUnknown = type === "counter" && !isOpenMetricsCounter;
  const family = isOpenMetricsCounter ? name.replace(/_total$/, "") : name;
  // Of an unknown family the last word need not be the unit: `x_seconds_total` ends in neither.
  const unitLine = unit !== "" && family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : "";
  return `# HELP ${family} ${escapeQuoted(help)}\n# TYPE ${family} ${isUnknown ? "unknown" : type}\n${unitLine}`;
}

type SampleWriter = (point: FamilyPoint) => string;

function createSampleWriter({ name, type }: MetricFamily, isOpenMetrics: boolean): SampleWriter {
  if (type !== "histogram")
    return ({ labels, value }) => {
      const pairs = pairsOf(labels);
      return `${pairs === "" ? name : `${name}{${pairs}}`} ${toValueText(value as number)}\n`;
    };
  /** The bounds of a metric are the same in all its series, mostly: their text is made once. */
  let bounds: readonly number[] | undefined;
  let ends: readonly string[] = [];
  return ({ labels, value }) => {
    const histogram = value as HistogramValue;
    if (histogram.bounds !== bounds) {
      bounds = histogram.bounds;
      ends = [...bounds, Infinity].map((bound) => `le="${toBoundText(bound, isOpenMetrics)}"} `);
    }
    return histogramText(name, pairsOf(labels), histogram, ends, isOpenMetrics);
  };
}

function histogramText(
  name: string,
  pairs: string,
  { counts, count, sum, exemplars }: HistogramValue,
  ends: readonly string[],
  isOpenMetrics: boolean,
): string {
  const start = `${name}_bucket{${pairs === "" ? "" : `${pairs},`}`;
  let text = "";
  let below = 0;
  for (let i = 0; i < ends.length; i++) {
    below += counts[i] ?? 0;
    // The last one is the count by definition, also where a foreign histogram does not add up.
    text += start + ends[i]! + (i === ends.length - 1 ? count : below);
    const exemplar = isOpenMetrics ? exemplars?.[i] : undefined;
    text += exemplar === undefined ? "\n" : exemplarText(exemplar);
  }
  const braced = pairs === "" ? "" : `{${pairs}}`;
  if (sum !== undefined) text += `${name}_sum${braced} ${toValueText(sum)}\n`;
  // OpenMetrics has a count exactly where it has a sum.
  if (sum !== undefined || !isOpenMetrics) text += `${name}_count${braced} ${count}\n`;
  return text;
}

function exemplarText({ traceId, spanId, value, timeEpochMs }: Exemplar): string {
  const seconds = (timeEpochMs / 1000).toFixed(3);
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${toValueText(value)} ${seconds}\n`;
}

function pairsOf(labels: readonly string[]): string {
  let pairs = "";
  for (let i = 0; i < labels.length; i += 2)
    pairs += `${i === 0 ? "" : ","}${labels[i]!}="${escapeQuoted(labels[i + 1]!)}"`;
  return pairs;
}

const TO_ESCAPE = /[\\"\n]/;

/** Escapes what stands in double quotes, and all text of OpenMetrics. */
function escapeQuoted(text: string): string {
  if (!TO_ESCAPE.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
