// A what-if for people.
import type { FlipCount, WhatIfChange, WhatIfFlip, WhatIfSummary } from "@tracebook/decisions";
import { groupDigits } from "../digit-groups.ts";
import type { Paint } from "../paint.ts";
import { printable } from "../printable.ts";
import { type Column, renderTable } from "../text-table.ts";
import type { SourcedDecision } from "./decision-source.ts";
import { describeChange } from "./whatif-change.ts";

/** What is told. */
export interface WhatIfAnswer {
  /** The journal or the database. */
  readonly source: string;
  readonly change: WhatIfChange;
  readonly summary: WhatIfSummary<SourcedDecision>;
}

const RULE = "=".repeat(80);
const SHOWN_VALUES = 10;
const SHOWN_UNITS = 8;

/** Renders the answer: what changed, what became of how many, sums, flips by what they are of, and the first of them. */
export function renderWhatIfText({ source, change, summary }: WhatIfAnswer, paint: Paint): string {
  return [
    paint.bold(`Tracebook What-If: ${printable(source, 256)}`),
    RULE,
    ...renderHead(change, summary),
    "",
    ...renderTotals(summary, paint),
    ...renderFlips("Reason", summary.byReasonCode, paint),
    ...renderFlips("Symbol", summary.bySymbol, paint),
    ...renderFlips("Strategy", summary.byStrategy, paint),
    ...renderSamples(summary, paint),
    "",
  ].join("\n");
}

function renderHead(change: WhatIfChange, { records, outcomes, otherUnits, firstProblem }: WhatIfSummary): string[] {
  const judged = outcomes.unchanged + outcomes.accepts + outcomes.rejects;
  const units = otherUnits
    .slice(0, SHOWN_UNITS)
    .map(({ value, count }) => `${printable(value, 32)} ${groupDigits(count)}`);
  const more = otherUnits.length > SHOWN_UNITS ? ", ..." : "";
  const rows = [
    ["What changes", printable(describeChange(change), 512)],
    ["Decisions", groupDigits(records)],
    ["Judged again", groupDigits(judged)],
    ...(outcomes.other_unit > 0
      ? [["Of other units", `${groupDigits(outcomes.other_unit)}, left alone: ${units.join(", ")}${more}`]]
      : []),
    ...(outcomes.not_judgeable > 0
      ? [["Not judgeable", `${groupDigits(outcomes.not_judgeable)}; the first: ${printable(firstProblem ?? "", 200)}`]]
      : []),
  ];
  return rows.map(([label, text]) => `${`${label}:`.padEnd(16)}${text}`);
}

function renderTotals({ before, after, outcomes, netEdges }: WhatIfSummary, paint: Paint): readonly string[] {
  const columns = [
    { title: "" },
    { title: "As it was", isNumber: true },
    { title: "As it would have been", isNumber: true },
    { title: "Flips", isNumber: true },
  ];
  const row = (label: string, was: number, is: number, flips: number) => [label, ...[was, is, flips].map(groupDigits)];
  return [
    ...renderTable(
      columns,
      [
        row("Accepted", before.accepted, after.accepted, outcomes.accepts),
        row("Rejected", before.rejected, after.rejected, outcomes.rejects),
      ],
      paint,
    ),
    ...netEdges.flatMap(({ edge_unit, accepts, rejects }) => [
      `Net edge of what would have been accepted: ${groupDigits(accepts)} ${printable(edge_unit, 32)}`,
      `Net edge of what would have been rejected: ${groupDigits(rejects)} ${printable(edge_unit, 32)}`,
    ]),
  ];
}

function renderFlips(title: string, counts: readonly FlipCount[], paint: Paint): readonly string[] {
  if (counts.length === 0) return [];
  const columns: Column[] = [
    { title },
    { title: "Now accepted", isNumber: true },
    { title: "Now rejected", isNumber: true },
  ];
  const rows = counts
    .slice(0, SHOWN_VALUES)
    .map(({ value, accepts, rejects }) => [value || "-", groupDigits(accepts), groupDigits(rejects)]);
  const hidden = counts.length - rows.length;
  return [
    "",
    ...renderTable(columns, rows, paint),
    ...(hidden > 0 ? [paint.dim(`and ${groupDigits(hidden)} more`)] : []),
  ];
}

const SAMPLE_COLUMNS: readonly Column[] = [
  { title: "Time" },
  { title: "Symbol" },
  { title: "Strategy" },
  { title: "Was" },
  { title: "Now" },
  { title: "Net edge", isNumber: true },
  { title: "Threshold", isNumber: true },
  { title: "Margin", isNumber: true },
  { title: "Unit" },
];

function renderSamples({ samples, outcomes }: WhatIfSummary<SourcedDecision>, paint: Paint): readonly string[] {
  if (samples.length === 0) return [];
  const flips = outcomes.accepts + outcomes.rejects;
  const heading = flips > samples.length ? `The first ${samples.length} of ${groupDigits(flips)} flips` : "The flips";
  return ["", paint.dim(heading), ...renderTable(SAMPLE_COLUMNS, samples.map(renderSample), paint)];
}

function renderSample({ record, judged }: WhatIfFlip<SourcedDecision>): string[] {
  return [
    record.timestamp,
    record.symbol ?? "-",
    record.strategy ?? "-",
    record.reason_code,
    judged.reason_code,
    judged.net_edge ?? "-",
    judged.min_threshold ?? "-",
    judged.margin ?? "-",
    record.edge_unit ?? "-",
  ];
}
