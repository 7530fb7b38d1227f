// The configuration of a desk: options in code, then the environment, then defaults. The one place that reads the environment.

import { type DeskSetting, type ReadSetting, readSetting } from "./config-setting.ts";
import { DESK_SETTINGS } from "./config-settings.ts";
import type { DeskOptions } from "./desk-options.ts";
import { DeskError } from "./errors.ts";
import { isLoopback } from "./http/host-names.ts";

/** Variables as they are. */
export type Environment = Readonly<Record<string, string | undefined>>;

type SettingName = keyof typeof DESK_SETTINGS;
type SettingValues = { readonly [N in SettingName]: (typeof DESK_SETTINGS)[N]["fallback"] };

/** A setting as it is shown. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** What is in force. */
export interface DeskConfig extends SettingValues {
  /** Whether somebody asked for this very port: then no other one is taken. */
  readonly isPortGiven: boolean;
  /** All of it with where it came from; the token masked. */
  readonly shown: readonly ShownSetting[];
  /** Variables that could not be used, one line each. */
  readonly problems: readonly string[];
  /** What `${NAME}` in the configuration of notifications means; never shown. */
  readonly environment: Environment;
}

/**
 * Puts options and environment together. Throws `DeskError`: `invalid_option` for a wrong option, `token_required` for an address that is no
 * loopback one without a token, and in strict mode `invalid_environment`. Else a wrong variable is a line in `problems`, and its default
 * counts; a variable that would open the desk without a token leaves it closed.
 */
export function resolveDeskConfig(options: DeskOptions, env: Environment = process.env): DeskConfig {
  refuseUnknown(options);
  const read = {} as { -readonly [N in SettingName]: ReadSetting<SettingValues[N]> };
  for (const name of Object.keys(DESK_SETTINGS) as SettingName[]) {
    const setting = DESK_SETTINGS[name] as DeskSetting<unknown>;
    const text = setting.variable === undefined ? undefined : env[setting.variable];
    const found = readSetting(name, setting, options[name], text);
    if (found.source === "option" && found.problem !== undefined)
      throw new DeskError("invalid_option", `${found.problem}.`);
    Object.assign(read, { [name]: found });
  }
  requireTokenOrLoopback(read);
  const settings = Object.entries(read) as [SettingName, ReadSetting<unknown>][];
  const problems = settings.flatMap(([name, { problem, source }]) => lineOf(name, problem, source));
  if (read.strict.value && problems.length > 0) throw new DeskError("invalid_environment", `${problems.join("; ")}.`);
  const values = Object.fromEntries(settings.map(([name, { value }]) => [name, value])) as unknown as SettingValues;
  return Object.freeze({
    ...values,
    isPortGiven: read.port.source !== "default" && read.port.problem === undefined,
    shown: settings.map(([name, { value, source, problem }]) => ({
      name,
      value: show(name, value),
      source: problem === undefined ? source : "default",
    })),
    problems,
    environment: env,
  });
}

function refuseUnknown(options: DeskOptions): void {
  // A misspelt option would not be in force, and nobody would know.
  const known = new Set<string>([...Object.keys(DESK_SETTINGS), "store", "onLine"]);
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new DeskError("invalid_option", `${unknown} is no option; there are ${[...known].join(", ")}.`);
}

function requireTokenOrLoopback(read: { host: ReadSetting<string>; token: ReadSetting<string | undefined> }): void {
  const { host, token } = read;
  if (isLoopback(host.value) || token.value !== undefined) return;
  const problem = `host is ${host.value}, which others can reach, and there is no token`;
  if (host.source === "option") throw new DeskError("token_required", `${problem}.`);
  read.host = {
    value: DESK_SETTINGS.host.fallback,
    source: host.source,
    problem: `${host.source} is "${host.value}", which others can reach, and there is no token (TELEMETRY_DESK_TOKEN)`,
  };
}

function lineOf(name: SettingName, problem: string | undefined, source: string): readonly string[] {
  if (problem === undefined || source === "option") return [];
  return [`${problem}: using the default (${show(name, DESK_SETTINGS[name].fallback)})`];
}

function show(name: SettingName, value: unknown): string {
  return (DESK_SETTINGS[name] as DeskSetting<unknown>).toText(value);
}
