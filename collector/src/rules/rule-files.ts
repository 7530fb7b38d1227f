// Rule files as Prometheus reads them, with the reasons beside the rules.
import { RUNBOOKS_URL } from "@tracebook/alerts";
import type { GeneratedFile } from "../generated-file.ts";
import { type NamePrefixes, wireNames } from "../wire-names.ts";
import { alertRules } from "./alert-rules.ts";
import { type Escalation, escalations } from "./escalations.ts";
import { recordingRules } from "./recording-rules.ts";
import type { AlertRule, RecordingRule } from "./rule.ts";
import { selfAlerts } from "./self-alerts.ts";

const HEAD = "# Made from collector/src/rules by `node collector/src/write.ts`; a test fails when they differ.";

const RUNBOOKS = "docs/runbooks.md";

/** Names of one application, and where its people read. */
export interface RuleFilesOptions extends NamePrefixes {
  /** The page of runbooks as a link, without `#alert`; default: ours. A copy with your own steps is worth more at night. */
  readonly runbooksUrl?: string | undefined;
}

/** The rule files for one application. */
export function ruleFiles({ runbooksUrl = RUNBOOKS_URL, ...prefixes }: RuleFilesOptions = {}): GeneratedFile[] {
  const names = wireNames(prefixes);
  return [
    toFile("recording.yml", [["tracebook-recordings", recordingRules(names).flatMap(recordingLines)]]),
    toFile("trading-alerts.yml", alertGroups("trading", alertRules(prefixes), runbooksUrl)),
    toFile("telemetry-alerts.yml", alertGroups("telemetry", selfAlerts(prefixes), runbooksUrl)),
  ];
}

/** An alert and its escalation stand in two groups: the second reads what Prometheus has stored of the first. */
function alertGroups(name: string, rules: readonly AlertRule[], runbooksUrl: string): [string, string[]][] {
  return [
    [`${name}-alerts`, rules.flatMap((rule) => alertLines(rule, runbooksUrl))],
    [`${name}-escalations`, escalations(rules).flatMap((rule) => escalationLines(rule, runbooksUrl))],
  ];
}

function toFile(file: string, groups: readonly (readonly [string, readonly string[]])[]): GeneratedFile {
  const lines = groups.flatMap(([name, rules]) => [`  - name: ${name}`, "    rules:", ...rules]);
  return { path: `prometheus/rules/${file}`, text: `${[HEAD, "groups:", ...lines].join("\n")}\n` };
}

function recordingLines({ record, expr, help }: RecordingRule): string[] {
  return [`      # ${help}`, `      - record: ${record}`, ...exprLines(expr)];
}

function alertLines(rule: AlertRule, runbooksUrl: string): string[] {
  return [
    `      # ${rule.why}`,
    `      - alert: ${rule.alert}`,
    ...exprLines(rule.expr),
    `        for: ${rule.for}`,
    ...labelLines({ severity: rule.severity, team: rule.team }),
    ...annotationLines(rule.summary, rule.description),
    ...runbookLines(rule.alert, runbooksUrl),
  ];
}

function escalationLines({ alert, expr, for: wait, of }: Escalation, runbooksUrl: string): string[] {
  return [
    `      - alert: ${alert}`,
    ...exprLines(expr),
    `        for: ${wait}`,
    ...labelLines({ severity: "critical", team: of.team, escalation: "on-call" }),
    ...annotationLines(
      `Unsolved for 25 minutes: ${of.summary}`,
      `${of.alert} of the team ${of.team} has been firing for 25 minutes, and it still is.`,
    ),
    ...runbookLines(of.alert, runbooksUrl),
  ];
}

function exprLines(expr: string): string[] {
  return ["        expr: |-", ...expr.split("\n").map((line) => `          ${line}`)];
}

function labelLines(labels: Readonly<Record<string, string>>): string[] {
  return ["        labels:", ...Object.entries(labels).map(([name, value]) => `          ${name}: ${value}`)];
}

function annotationLines(summary: string, description: string): string[] {
  return [
    "        annotations:",
    `          summary: ${JSON.stringify(summary)}`,
    `          description: ${JSON.stringify(description)}`,
  ];
}

/** As a path in the repository, and as a link: what opens from a phone, and what Alertmanager and Grafana show as one. */
function runbookLines(alert: string, runbooksUrl: string): string[] {
  const heading = alert.toLowerCase();
  return [`          runbook: ${RUNBOOKS}#${heading}`, `          runbook_url: ${runbooksUrl}#${heading}`];
}
