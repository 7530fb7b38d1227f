// The table of docs/faults.md, written from results.
import { readFileSync, writeFileSync } from "node:fs";
import type { FaultResult } from "./fault-results.ts";

const PAGE = new URL("../../../docs/faults.md", import.meta.url);
const START = "<!-- results:start -->";
const END = "<!-- results:end -->";

/** Puts the table of these results between the markers of the page. Throws when the markers are not there. */
export function writeFaultsPage(results: ReadonlyMap<string, FaultResult>): void {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/faults.md has no ${START} before a ${END}`);
  if (results.size === 0) throw new Error("there are no results to write: run the cases first, with the same --out");
  writeFileSync(
    PAGE,
    `${page.slice(0, from + START.length)}\n\n${tableOf([...results.values()])}\n\n${page.slice(to)}`,
  );
}

function tableOf(results: readonly FaultResult[]): string {
  const head = ["case", "fault", "Tracebook", "stock SDK", "passed", "form", "date"];
  const rows = results.map((result) => [
    result.case,
    result.title,
    result.headline,
    result.stock_headline,
    passedOf(result),
    result.form,
    result.date,
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line), "", ...machinesOf(results)].join("\n");
}

function passedOf({ pass, failed, repeated_for }: FaultResult): string {
  if (!pass) return `**no**: ${failed.map(nameOf).join("; ")}`;
  // Files from before second tries do not have the field.
  return (repeated_for ?? null) === null ? "yes" : "yes, at a second try";
}

/** A failed check without what was found. */
function nameOf(failed: string): string {
  return failed.replace(/: [[{"\d-].*$/s, "");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Where the figures come from, once a machine. */
function machinesOf(results: readonly FaultResult[]): string[] {
  const lines = results.map(({ machine: { cpu, cores, memory_gb, os, arch }, versions }) => {
    const names = ["node", "@opentelemetry/sdk-trace", "@opentelemetry/exporter-trace-otlp-proto"];
    const software = names.map((name) => `${name} ${versions[name]}`).join(", ");
    return `Measured on ${cpu}, ${cores} cores, ${memory_gb} GB, ${os} ${arch}; ${software}.`;
  });
  return [...new Set(lines)];
}
