// Which series a rule is about, in the words of PromQL.
import type { MetricDefinition } from "@tracebook/metrics";
import type { LabelMatch } from "../rules/alert-rule.ts";
import { labelsOfRules, toPrometheusLabel } from "./known-metrics.ts";
import { NotExpressible } from "./not-expressible.ts";

/** The matchers of labels in braces; empty where there are none. Throws {@link NotExpressible} for a label that the metric has not. */
export function toMatchers(labels: LabelMatch, metric: MetricDefinition): string {
  return braces(Object.entries(labels).map(([label, value]) => [labelOf(label, metric), value]));
}

/** The labels of `by` as Prometheus has them. Throws {@link NotExpressible} for one that the metric has not. */
export function toGrouping(by: readonly string[], metric: MetricDefinition): readonly string[] {
  return by.map((label) => labelOf(label, metric));
}

/** Matchers in braces, by labels of Prometheus. */
export function braces(labels: readonly (readonly [label: string, value: string | readonly string[]])[]): string {
  const matchers = labels.map(([label, value]) =>
    typeof value === "string" ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.map(escaped).join("|"))}`,
  );
  return matchers.length === 0 ? "" : `{${matchers.join(",")}}`;
}

/**
 * The texts that a pattern of Prometheus, which always is of the whole value, allows for: those between its bars. Undefined for one that says
 * more than a list of texts.
 */
export function alternativesOf(pattern: string): readonly string[] | undefined {
  const texts = [""];
  for (const [piece] of pattern.matchAll(/\\.|./gsu)) {
    if (piece === "|") texts.push("");
    else if (/^\\[^\w\s]$/.test(piece)) texts[texts.length - 1] += piece[1]!;
    else if (/^[.+*?()[\]{}^$\\]/.test(piece)) return undefined;
    else texts[texts.length - 1] += piece;
  }
  return [...new Set(texts)];
}

function labelOf(label: string, metric: MetricDefinition): string {
  const theirs = toPrometheusLabel(label, metric);
  if (theirs !== undefined) return theirs;
  throw new NotExpressible(
    `${metric.name} has no label ${label} in Prometheus; it has ${labelsOfRules(metric).join(", ")}.`,
  );
}

/** A text that a pattern of RE2 takes for itself. */
function escaped(value: string): string {
  return value.replaceAll(/[.+*?()|[\]{}^$\\]/g, "\\$&");
}

/** A text of PromQL, which has the escapes of Go; what is no character, and what stands for such, it reads as an escape only. */
function quoted(value: string): string {
  const escaped = value
    .replaceAll(/["\\]/g, "\\$&")
    .replaceAll(CONTROLS, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll(/\ufffd|\p{Surrogate}/gu, "\\ufffd");
  return `"${escaped}"`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
const CONTROLS = /[\u0000-\u001f\u007f]/g;
