// The verdict on a journal for people.
import type { InstanceResult, VerifyProblem, VerifyProblemCode, VerifyResult } from "@tracebook/journal";
import type { Paint } from "../paint.ts";
import { printable } from "../printable.ts";
import { damagedCount, PROBLEM_WORDS, problemCount } from "./verify-figures.ts";

const RULE = "=".repeat(80);
const SHOWN_INSTANCES = 20;
const SHOWN_PROBLEMS = 5;

/** Renders the verdict: totals, a row for each instance, the first problems of each kind, CLEAN or NOT CLEAN. */
export function renderVerifyText(path: string, result: VerifyResult, paint: Paint): string {
  return [
    paint.bold(`Tracebook Journal Verification: ${printable(path, 256)}`),
    RULE,
    ...renderTotals(result),
    "",
    ...renderInstances(result, paint),
    "",
    ...renderProblems(result, paint),
    renderVerdict(result, paint),
    "",
  ].join("\n");
}

function renderTotals(result: VerifyResult): string[] {
  const rows: (readonly [string, number])[] = [
    ["Files", result.report.files],
    ["Records", result.records],
    ["Decisions", result.decisions],
    ["Edges checked", result.edges],
    ["Wrong edges", result.problemCounts.wrong_edge ?? 0],
    ["Damaged lines", damagedCount(result)],
    ["Torn lines", result.torn],
  ];
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  return rows.map(
    ([label, count]) => `${`${label}:`.padEnd(15)}${String(count).padStart(width)}${remark(label, count)}`,
  );
}

function remark(label: string, count: number): string {
  return label === "Torn lines" && count > 0 ? "  (cut off by a crash; no damage while no number is missing)" : "";
}

const COLUMNS = ["Instance", "First", "Last", "Records", "Missing", "Dropped", "Duplicates", "Unfinished"];

function renderInstances(result: VerifyResult, paint: Paint): string[] {
  const all = Object.entries(result.instances);
  const faults = (instance: InstanceResult) => instance.missing + instance.duplicates;
  // Those with faults first; otherwise as they come in the journal.
  const shown = all.toSorted(([, a], [, b]) => faults(b) - faults(a)).slice(0, SHOWN_INSTANCES);
  const rows = [
    COLUMNS,
    ...shown.map(([instanceId, it]) => [
      printable(instanceId, 48),
      ...[it.firstSeq, it.lastSeq, it.records, it.missing, it.declared, it.duplicates, it.unfinished].map(String),
    ]),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  "),
  );
  const hidden = all.slice(SHOWN_INSTANCES).length;
  return [
    paint.bold(lines[0]!),
    ...lines.slice(1),
    ...(hidden > 0 ? [paint.dim(`and ${hidden} more; --json lists all`)] : []),
    ...explainColumns(all.map(([, instance]) => instance)).map(paint.dim),
  ];
}

/** A word on columns that are not empty and could be taken for damage. */
function explainColumns(instances: readonly InstanceResult[]): string[] {
  const lines: string[] = [];
  if (instances.some(({ declared }) => declared > 0))
    lines.push("Dropped: not there, and declared in a records_dropped record. No damage.");
  if (instances.some(({ unfinished }) => unfinished > 0))
    lines.push("Unfinished: the process ended between the writes to its two files. No damage.");
  return lines;
}

function renderProblems({ problems, problemCounts }: VerifyResult, paint: Paint): string[] {
  const lines: string[] = [];
  for (const [code, count] of Object.entries(problemCounts) as [VerifyProblemCode, number][]) {
    const listed = problems.filter((problem) => problem.code === code).slice(0, SHOWN_PROBLEMS);
    lines.push(paint.yellow(`${count} ${PROBLEM_WORDS[code][count === 1 ? 0 : 1]}`));
    for (const problem of listed) lines.push(`  ${renderProblem(problem)}`);
    if (count > listed.length) lines.push(paint.dim(`  and ${count - listed.length} more`));
    lines.push("");
  }
  return lines;
}

function renderProblem({ message, instanceId, seq, file, line }: VerifyProblem): string {
  const place = file === undefined ? "" : line === 0 ? `${file}: ` : `${file}:${line}: `;
  const number = seq === undefined ? "" : `seq ${seq}`;
  const of = instanceId === undefined ? "" : `${number === "" ? "" : " of "}${instanceId}`;
  return printable(`${place}${number}${of}${number + of === "" ? "" : ": "}${message}`, 512);
}

function renderVerdict(result: VerifyResult, paint: Paint): string {
  if (result.clean) return `Verdict: ${paint.green("CLEAN")}`;
  const count = problemCount(result);
  return `Verdict: ${paint.red("NOT CLEAN")} (${count} ${count === 1 ? "problem" : "problems"})`;
}
