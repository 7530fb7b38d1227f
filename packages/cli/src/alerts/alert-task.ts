// What a task of `tracebook alerts` is made of.
import { readFileSync } from "node:fs";
import { CliError } from "../cli-error.ts";
import type { CommandContext, CommandOptions } from "../command.ts";
import { FROM_DOC, TO_DOC } from "../time-range.ts";
import { DB_OPTION } from "../with-store.ts";

/** All options; each task takes some of them. */
export const ALERT_OPTIONS = {
  db: DB_OPTION,
  notifications: { type: "string", valueName: "FILE", doc: "check, test: the configuration of notifications" },
  prometheus: {
    type: "string",
    valueName: "FILE",
    doc: "export, import: the rule file of Prometheus; export: - is stdout",
  },
  state: { type: "string", valueName: "STATE", doc: "list: only pending, firing, acknowledged or resolved alerts" },
  limit: { type: "string", valueName: "N", doc: "list: at most so many; default 50" },
  from: { type: "string", valueName: "TIME", doc: `backtest: ${FROM_DOC}` },
  to: { type: "string", valueName: "TIME", doc: `backtest: ${TO_DOC}; default: now` },
  yaml: { type: "boolean", doc: "standard: as a file of rules" },
  prefix: { type: "string", valueName: "NAME", doc: "standard: in front of order, queue and bot metrics: basis_" },
  "signal-prefix": {
    type: "string",
    valueName: "NAME",
    doc: "standard: in front of the metrics of the signal source: webhook_",
  },
  json: { type: "boolean", doc: "check, backtest, list: one JSON object" },
} as const satisfies CommandOptions;

/** The name of an option. */
export type AlertOption = keyof typeof ALERT_OPTIONS;

/** What was typed. */
export type TypedAlerts = {
  readonly [Option in AlertOption]?: (typeof ALERT_OPTIONS)[Option]["type"] extends "boolean" ? boolean : string;
};

/** A task. */
export interface AlertTask {
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  /** One line for help. */
  readonly summary: string;
  readonly options: readonly AlertOption[];
  /** What stands behind the name; undefined: nothing may. */
  readonly takes?: string;
  /** Does it; resolves to the exit code. */
  readonly run: (given: string | undefined, typed: TypedAlerts, context: CommandContext) => Promise<number>;
}

const MAX_BYTES = 1_048_576;

/** The text of a file that a task is given. Throws `CliError`. */
export function readText(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length <= MAX_BYTES) return text;
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
  throw new CliError(`${path} is larger than 1 MiB`);
}

/** An option that a task cannot do without. Throws `CliError`. */
export function required(task: string, option: AlertOption, value: string | undefined): string {
  if (value !== undefined && value !== "" && !value.includes("\0")) return value;
  throw new CliError(
    `${task} needs --${option}: --${option} ${(ALERT_OPTIONS[option] as { valueName?: string }).valueName}`,
  );
}
