// A summary for people.
import { toTimestamp } from "@tracebook/core";
import type { Paint } from "../paint.ts";
import { printable } from "../printable.ts";
import { durationUnit } from "./duration-unit.ts";
import type { LatencySummary, StageSummary } from "./latency-summary.ts";
import { stageTitle } from "./stage-title.ts";

const RULE = "=".repeat(80);
const DECIMALS = 2;

/** Renders the summary: a head, then a block for each stage, numbers aligned. */
export function renderSummaryText(summary: LatencySummary, paint: Paint): string {
  const blocks = summary.stages.map((stage) => renderStage(stage, paint));
  return [paint.bold("Tracebook Latency Summary"), RULE, ...renderHead(summary), "", blocks.join("\n\n"), ""].join(
    "\n",
  );
}

function renderHead(summary: LatencySummary): string[] {
  const { events, flow, windowSeconds, firstMicros, lastMicros, isExact } = summary;
  const lines = [`Total events: ${events}`];
  if (flow !== undefined) lines.push(`Flow:         ${printable(flow, 64)}`);
  if (windowSeconds !== undefined)
    lines.push(`Window:       the last ${windowSeconds} s, back from the newest timestamp in the files`);
  if (firstMicros !== undefined && lastMicros !== undefined)
    lines.push(`Time range:   ${toTimestamp(firstMicros)} to ${toTimestamp(lastMicros)}`);
  lines.push(`Percentiles:  nearest rank, ${isExact ? "exact" : "from a histogram, within 0.3 %"}`);
  return lines;
}

function renderStage(stage: StageSummary, paint: Paint): string {
  const unit = durationUnit(stage.p50Ms > 0 ? stage.p50Ms : stage.averageMs);
  const rows: (readonly [string, number])[] = [
    ["Min", stage.minMs],
    ["Average", stage.averageMs],
    ["Max", stage.maxMs],
    ["P50", stage.p50Ms],
    ["P90", stage.p90Ms],
    ["P95", stage.p95Ms],
    ["P99", stage.p99Ms],
  ];
  const texts = rows.map(([label, ms]) => [label, (ms * unit.perMs).toFixed(DECIMALS)] as const);
  // The digits before the point stand in one column, that of the count too.
  const wholeWidth = Math.max(String(stage.count).length, ...texts.map(([, text]) => text.length - DECIMALS - 1));
  const label = (name: string) => `  ${`${name}:`.padEnd(10)}`;
  return [
    paint.bold(stageTitle(stage.field)),
    `${label("Count")}${String(stage.count).padStart(wholeWidth)}`,
    ...texts.map(([name, text]) => `${label(name)}${text.padStart(wholeWidth + DECIMALS + 1)} ${unit.name}`),
  ].join("\n");
}
