// The verdict on a journal for programs.
import type { VerifyResult } from "@tracebook/journal";
import { printableJson } from "../printable.ts";
import { damagedCount } from "./verify-figures.ts";

/** Renders the verdict as one indented JSON object; names as in records. */
export function renderVerifyJson(result: VerifyResult): string {
  const instances = Object.entries(result.instances).map(([instanceId, instance]) => [
    instanceId,
    {
      first_seq: instance.firstSeq,
      last_seq: instance.lastSeq,
      records: instance.records,
      missing: instance.missing,
      declared_dropped: instance.declared,
      duplicates: instance.duplicates,
      unfinished: instance.unfinished,
    },
  ]);
  const problems = result.problems.map(({ code, message, instanceId, seq, file, line }) => ({
    code,
    message,
    instance_id: instanceId,
    seq,
    file,
    line,
  }));
  const json = {
    clean: result.clean,
    files: result.report.files,
    records: result.records,
    decisions: result.decisions,
    edges_checked: result.edges,
    wrong_edges: result.problemCounts.wrong_edge ?? 0,
    damaged: damagedCount(result),
    torn_lines: result.torn,
    event_types: result.eventTypes,
    instances: Object.fromEntries(instances),
    problem_counts: result.problemCounts,
    problems,
  };
  return `${printableJson(json, 2)}\n`;
}
