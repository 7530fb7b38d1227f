// Reads queries with the parsers that Prometheus' and Grafana's own editors use.
import { parser as logql } from "@grafana/lezer-logql";
import type { Tree } from "@lezer/common";
import { parser as promql } from "@prometheus-io/lezer-promql";

/** What a PromQL expression reads: each metric with the labels that are asked of it. */
export interface Reading {
  readonly metrics: readonly { readonly name: string; readonly labels: readonly string[] }[];
  /** Labels of each grouping (`by (...)`), and the metrics inside. */
  readonly groupings: readonly { readonly labels: readonly string[]; readonly metrics: readonly string[] }[];
}

/** Where an expression cannot be parsed, as text around the place; nothing when it can. */
export function promqlProblems(text: string): string[] {
  return problems(promql.parse(text), text);
}

/** The same for LogQL. */
export function logqlProblems(text: string): string[] {
  return problems(logql.parse(text), text);
}

/** What a well-formed PromQL expression reads. */
export function readPromql(text: string): Reading {
  const metrics: { name: string; labels: string[]; from: number }[] = [];
  const groupings: { labels: string[]; from: number; to: number }[] = [];
  promql.parse(text).iterate({
    enter(node) {
      const slice = text.slice(node.from, node.to);
      if (node.name === "VectorSelector") metrics.push(...selected(slice, node.from));
      else if (node.name === "AggregateExpr")
        groupings.push({ labels: groupedBy(slice), from: node.from, to: node.to });
    },
  });
  return {
    metrics,
    groupings: groupings.map(({ labels, from, to }) => ({
      labels,
      metrics: metrics.filter((metric) => metric.from >= from && metric.from < to).map(({ name }) => name),
    })),
  };
}

/** The metrics of a selector: one by name, or several by a pattern of whole names. */
function selected(slice: string, from: number): { name: string; labels: string[]; from: number }[] {
  const [, bare = "", inside = ""] = /^([A-Za-z_:][\w:]*)?\s*(?:\{(.*)\})?$/s.exec(slice) ?? [];
  const matchers = [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)];
  const labels = matchers.map(([, label = ""]) => label).filter((label) => label !== "__name__");
  const byName = matchers.filter(([, label]) => label === "__name__").flatMap(([, , , names = ""]) => names.split("|"));
  return [...(bare === "" ? [] : [bare]), ...byName].map((name) => ({ name, labels, from }));
}

function groupedBy(aggregate: string): string[] {
  const [, list = ""] = /^\w+\s+by\s*\(([^)]*)\)/.exec(aggregate) ?? [];
  return list
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}

function problems(tree: Tree, text: string): string[] {
  const found: string[] = [];
  tree.iterate({
    enter(node) {
      if (node.type.isError) found.push(`${text.slice(0, node.from)} <HERE> ${text.slice(node.from)}`);
    },
  });
  return found;
}
