// The findings for people: what is in force, what was found, and the verdict at the end, where the eye is.
import type { SettingInForce } from "@tracebook/node/doctor";
import type { Paint } from "../paint.ts";
import { printable } from "../printable.ts";
import type { Check, CheckStatus } from "./check.ts";
import { type DoctorReport, takenBy, verdictOf } from "./doctor-report.ts";
import { SENT_NAMES } from "./doctor-signals.ts";
import { hang, TEXT_WIDTH } from "./text-lines.ts";

const RULE = "=".repeat(TEXT_WIDTH);
const NAME_WIDTH = 20;
const LEAST_VALUE_WIDTH = 16;
const VALUE_UNITS = 44;
/** Settings that only one signal has: of them, where it goes is shown, and what is not as it is set for all. */
const OF_ONE_SIGNAL = /^otlp(?:Traces|Metrics|Logs)/;
const ENDPOINT_OF_ONE = /^otlp(?:Traces|Metrics|Logs)Endpoint$/;

/** Renders a report, at most 100 columns wide. */
export function renderDoctorText(report: DoctorReport, paint: Paint): string {
  return [
    paint.bold(titleOf(report)),
    RULE,
    ...renderSettings(report.configuration.settings, paint),
    paint.bold("Checks"),
    ...renderChecks(mergeAlike(report.checks), paint),
    "",
    ...renderSent(report, paint),
    renderVerdict(report, paint),
    "",
  ].join("\n");
}

function titleOf({ serviceName, environment, envFile }: DoctorReport): string {
  const place = environment === undefined ? "" : ` (${printable(environment, 128)})`;
  const from = envFile === undefined ? "" : `, as ${printable(envFile, 128)} has it`;
  return `Tracebook Doctor: ${printable(serviceName, 128)}${place}${from}`;
}

/** Group by group: a line for each value that somebody set, and the defaults together. */
function renderSettings(settings: readonly SettingInForce[], paint: Paint): string[] {
  const shown = settings.filter(isWorthShowing);
  const groups = Map.groupBy(shown, ({ group }) => group);
  const width = Math.max(
    LEAST_VALUE_WIDTH,
    ...shown.filter(({ source }) => source !== "default").map(({ value }) => printable(value, VALUE_UNITS).length),
  );
  return [...groups].flatMap(([group, members]) => {
    const set = members.filter(({ source }) => source !== "default");
    const defaults = members.filter(({ source }) => source === "default");
    return [
      paint.bold(group),
      ...set.map((setting) => renderSetting(setting, width, paint)),
      ...renderDefaults(defaults, paint),
      "",
    ];
  });
}

function isWorthShowing({ name, source, variables }: SettingInForce): boolean {
  if (ENDPOINT_OF_ONE.test(name)) return source !== "default";
  return !OF_ONE_SIGNAL.test(name) || variables.includes(source);
}

function renderSetting({ name, value, source }: SettingInForce, width: number, paint: Paint): string {
  return `  ${name.padEnd(NAME_WIDTH)}  ${printable(value, VALUE_UNITS).padEnd(width)}  ${paint.dim(source)}`;
}

function renderDefaults(defaults: readonly SettingInForce[], paint: Paint): string[] {
  if (defaults.length === 0) return [];
  // A pair is not torn apart at the end of a line.
  const pairs = defaults.map(({ name, value }) => `${name}\u00a0${printable(value, 128).replaceAll(" ", "\u00a0")}`);
  const lines = hang("  default: ", pairs.join(", "));
  return lines.map((line) => paint.dim(line.replaceAll("\u00a0", " ")));
}

const STATUS_WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok",
  note: "note",
  warning: "WARN",
  failed: "FAIL",
  off: "off",
};

function renderChecks(checks: readonly Check[], paint: Paint): string[] {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  const colours: Readonly<Record<CheckStatus, (text: string) => string>> = {
    ok: paint.green,
    note: paint.dim,
    warning: paint.yellow,
    failed: paint.red,
    off: paint.dim,
  };
  return checks.flatMap(({ status, subject, what, remedy }) => {
    const word = STATUS_WORDS[status];
    const [first = "", ...rest] = hang(`  ${word.padEnd(4)}  ${subject.padEnd(width)}  `, what);
    const indent = `        ${" ".repeat(width)}  `;
    const help = remedy === undefined ? [] : hang(`${indent}-> `, remedy);
    return [`  ${colours[status](word)}${first.slice(2 + word.length)}`, ...rest, ...help];
  });
}

/** What is the same for several signals is said once. */
function mergeAlike(checks: readonly Check[]): Check[] {
  const groups = Map.groupBy(checks, ({ status, what, remedy }) => JSON.stringify([status, what, remedy]));
  return [...groups.values()].map((alike) => ({
    ...alike[0]!,
    subject: [...new Set(alike.map(({ subject }) => subject))].join(", "),
  }));
}

const SENT_WORDS = { traces: "span", metrics: "metric", logs: "event" } as const;

/** What was taken, by the names under which it can be looked up. */
function renderSent(report: DoctorReport, paint: Paint): string[] {
  const taken = takenBy(report);
  if (taken === undefined) return [];
  const rows = taken.signals.map((signal) => {
    const trace = signal === "metrics" || taken.traceId === undefined ? "" : `, trace ${taken.traceId}`;
    return `  ${SENT_WORDS[signal].padEnd(6)}  ${SENT_NAMES[signal]}${trace}`;
  });
  return [`${paint.bold("Sent")} ${paint.dim("(no trade data; all of it bears tracebook.doctor=true)")}`, ...rows, ""];
}

function renderVerdict(report: DoctorReport, paint: Paint): string {
  const count = (status: CheckStatus) => mergeAlike(report.checks).filter((check) => check.status === status).length;
  const failures = count("failed");
  const warnings = count("warning");
  const parts = [
    ...(failures > 0 ? [`${failures} ${failures === 1 ? "problem" : "problems"}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`] : []),
  ];
  const remark = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  const verdict = verdictOf(report);
  if (verdict === "well") return `Verdict: ${paint.green("WELL")}${remark}`;
  if (verdict === "off") return `Verdict: ${paint.yellow("OFF")} (telemetry is not switched on, so nothing was sent)`;
  return `Verdict: ${paint.red(verdict === "not_well" ? "NOT WELL" : "INVALID CONFIGURATION")}${remark}`;
}
