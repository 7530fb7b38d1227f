// Rule files as Prometheus reads them, with the reasons beside the rules.
import type { GeneratedFile } from "../generated-file.ts";
import { type NamePrefixes, wireNames } from "../wire-names.ts";
import { alertRules } from "./alert-rules.ts";
import { type Escalation, escalations } from "./escalations.ts";
import { recordingRules } from "./recording-rules.ts";
import type { AlertRule, RecordingRule } from "./rule.ts";
import { selfAlerts } from "./self-alerts.ts";

const HEAD = "# Made from collector/src/rules by `node collector/src/write.ts`; a test fails when they differ.";

/** The rule files for one application's names. */
export function ruleFiles(prefixes: NamePrefixes = {}): GeneratedFile[] {
  const names = wireNames(prefixes);
  const trading = alertRules(names);
  const self = selfAlerts(names);
  return [
    toFile("recording.yml", [["tracebook-recordings", recordingRules(names).flatMap(recordingLines)]]),
    toFile("trading-alerts.yml", alertGroups("trading", trading)),
    toFile("telemetry-alerts.yml", alertGroups("telemetry", self)),
  ];
}

/** An alert and its escalation stand in two groups: the second reads what Prometheus has stored of the first. */
function alertGroups(name: string, rules: readonly AlertRule[]): [string, string[]][] {
  return [
    [`${name}-alerts`, rules.flatMap(alertLines)],
    [`${name}-escalations`, escalations(rules).flatMap(escalationLines)],
  ];
}

function toFile(file: string, groups: readonly (readonly [string, readonly string[]])[]): GeneratedFile {
  const lines = groups.flatMap(([name, rules]) => [`  - name: ${name}`, "    rules:", ...rules]);
  return { path: `prometheus/rules/${file}`, text: `${[HEAD, "groups:", ...lines].join("\n")}\n` };
}

function recordingLines({ record, expr, help }: RecordingRule): string[] {
  return [`      # ${help}`, `      - record: ${record}`, ...exprLines(expr)];
}

function alertLines(rule: AlertRule): string[] {
  return [
    `      # ${rule.why}`,
    `      - alert: ${rule.alert}`,
    ...exprLines(rule.expr),
    `        for: ${rule.for}`,
    ...labelLines({ severity: rule.severity, team: rule.team }),
    ...annotationLines(rule.alert, rule.summary, rule.description),
  ];
}

function escalationLines({ alert, expr, for: wait, of }: Escalation): string[] {
  return [
    `      - alert: ${alert}`,
    ...exprLines(expr),
    `        for: ${wait}`,
    ...labelLines({ severity: "critical", team: of.team, escalation: "on-call" }),
    ...annotationLines(
      of.alert,
      `Unsolved for 25 minutes: ${of.summary}`,
      `${of.alert} of the team ${of.team} has been firing for 25 minutes, and it still is.`,
    ),
  ];
}

function exprLines(expr: string): string[] {
  return ["        expr: |-", ...expr.split("\n").map((line) => `          ${line}`)];
}

function labelLines(labels: Readonly<Record<string, string>>): string[] {
  return ["        labels:", ...Object.entries(labels).map(([name, value]) => `          ${name}: ${value}`)];
}

function annotationLines(alert: string, summary: string, description: string): string[] {
  return [
    "        annotations:",
    `          summary: ${JSON.stringify(summary)}`,
    `          description: ${JSON.stringify(description)}`,
    `          runbook: docs/runbooks.md#${alert.toLowerCase()}`,
  ];
}
