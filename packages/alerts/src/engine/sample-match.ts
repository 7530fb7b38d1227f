// Which samples of a metric a rule is about.
import type { MetricSample } from "@tracebook/store";
import type { MetricMatch } from "../rules/alert-rule.ts";

/** Samples of a metric with these labels: each has the value, or one of the values. */
export interface SampleMatch {
  readonly metric: string;
  readonly labels: readonly (readonly [label: string, value: string | readonly string[]])[];
}

/** The same in one form, whatever the order in which labels and values were given. */
export function toSampleMatch({ metric, labels }: MetricMatch): SampleMatch {
  const names = Object.keys(labels).sort();
  const sorted = names.map((name) => {
    const value = labels[name]!;
    return [name, typeof value === "string" ? value : [...value].sort()] as const;
  });
  return { metric, labels: sorted };
}

/** True for a sample that matches. */
export function isMatch({ metric, labels }: SampleMatch, sample: MetricSample): boolean {
  if (sample.metric !== metric) return false;
  for (const [label, wanted] of labels) {
    const value = sample.labels[label];
    if (value === undefined || (typeof wanted === "string" ? value !== wanted : !wanted.includes(value))) return false;
  }
  return true;
}
