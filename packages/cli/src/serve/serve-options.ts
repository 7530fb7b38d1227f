// The arguments of `tracebook serve` as the desk has them.
import type { DeskOptions, KeepDays } from "@tracebook/server";
import { CliError } from "../cli-error.ts";

/** What was typed. */
export interface TypedServe {
  readonly db?: string | undefined;
  readonly alerts?: string | undefined;
  readonly journal?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly token?: string | undefined;
  readonly "allowed-host"?: readonly string[] | undefined;
  readonly "events-retention"?: string | undefined;
  readonly "traces-retention"?: string | undefined;
  readonly "metrics-retention"?: string | undefined;
  readonly title?: string | undefined;
}

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** The options of the desk; what was not typed is left to the environment. Throws `CliError` naming the option. */
export function toDeskOptions(typed: TypedServe): DeskOptions {
  return {
    path: typed.db,
    alertsPath: typed.alerts,
    journalDir: typed.journal,
    host: typed.host,
    port: typed.port === undefined ? undefined : portOf(typed.port),
    token: typed.token,
    allowedHosts: typed["allowed-host"],
    eventsRetentionDays: keepDays("events-retention", typed["events-retention"]),
    tracesRetentionDays: keepDays("traces-retention", typed["traces-retention"]),
    metricsRetentionDays: keepDays("metrics-retention", typed["metrics-retention"]),
    title: typed.title,
    // There is no host that a wrong variable could stop.
    strict: true,
    keepAlive: true,
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new CliError(`--port is "${text}"; it must be a port from 0 to 65535`);
}

function keepDays(option: string, text: string | undefined): KeepDays | undefined {
  if (text === undefined || text === "forever") return text;
  const [, count, unit] = /^(\d{1,6})(d|w)$/.exec(text) ?? [];
  const days = count === undefined || unit === undefined ? Number.NaN : Number(count) * DAYS[unit]!;
  if (days >= 1 && days <= 36_500) return days;
  throw new CliError(
    `--${option} is "${text}"; it must be whole days or weeks, at most 36500d, or forever`,
    "For example 90d, 12w or forever.",
  );
}
