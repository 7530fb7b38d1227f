// Label names made valid, remembered, and put together with their values where two become one.
import { toLabelName } from "./prometheus-names.ts";

/** Names are few and come with every series; an attack has millions. */
const MAX_KNOWN = 1_024;
/** Between the values of labels whose names became the same (OpenTelemetry's compatibility specification, "Metric Attributes"). */
const JOINT = ";";

/** Turns attributes into labels. */
export interface LabelNames {
  /** Names and values in turn, for a family that has `le` as a label of its own (a histogram) or not. */
  labels(attributes: Readonly<Record<string, unknown>>, isHistogram: boolean): string[];
  /** The name alone. */
  name(attribute: string, isHistogram: boolean): string;
}

/** Makes the dictionary of one exposition. */
export function createLabelNames(): LabelNames {
  const known = new Map<string, string>();
  const name = (attribute: string, isHistogram: boolean): string => {
    let label = known.get(attribute);
    if (label === undefined) {
      label = toLabelName(attribute);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(attribute, label);
    }
    // As Prometheus itself renames a label that it has a use for.
    return isHistogram && label === "le" ? "exported_le" : label;
  };
  return {
    name,
    labels(attributes, isHistogram) {
      const labels: string[] = [];
      for (const attribute of Object.keys(attributes)) {
        const label = name(attribute, isHistogram);
        const value = toLabelValue(attributes[attribute]);
        const at = indexOfName(labels, label);
        if (at < 0) labels.push(label, value);
        else labels[at + 1] += JOINT + value;
      }
      return labels;
    },
  };
}

function indexOfName(labels: readonly string[], name: string): number {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return i;
  return -1;
}

/** Text as it is, anything else as JSON; what has no JSON as its text. */
function toLabelValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === "bigint" ? value.toString() : "";
  }
}
