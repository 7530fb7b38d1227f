// The metric catalogue as a table for people.
import type { MetricDefinition } from "./metric-definition.ts";

/** The catalogue as a Markdown table, one row a metric in the order given: name, kind, unit, labels, what it means. Pure. */
export function toMarkdownTable(
  catalogue: Iterable<MetricDefinition> | Readonly<Record<string, MetricDefinition>>,
): string {
  const metrics =
    Symbol.iterator in catalogue ? [...(catalogue as Iterable<MetricDefinition>)] : Object.values(catalogue);
  const rows = metrics.map(({ name, kind, unit, labels, help }) => {
    const labelNames = labels.map(code).join(", ");
    return `| ${code(name)} | ${kind} | ${code(unit)} | ${labelNames} | ${escapeCell(help)} |`;
  });
  return ["| metric | kind | unit | labels | meaning |", "| --- | --- | --- | --- | --- |", ...rows, ""].join("\n");
}

function code(text: string): string {
  return `\`${escapeCell(text)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
