// The configuration of telemetry: code, then TELEMETRY_*, then OTEL_*, then defaults. The one place that reads the environment.
import { assembleConfig, deepFreeze, type Findings } from "./config-assembly.ts";
import { type ConfigProblem, TracebookConfigError } from "./config-error.ts";
import { quoteText } from "./config-masking.ts";
import type { TelemetryOptions } from "./config-options.ts";
import type { Environment } from "./config-parsers.ts";
import { readSetting } from "./config-reader.ts";
import type { Setting } from "./config-setting.ts";
import { OPTION_SETTINGS, type OptionName, VARIABLE_NAMES } from "./config-table.ts";
import { findUnknownVariables, nearestName } from "./config-unknown-names.ts";
import type { TelemetryConfig } from "./config-values.ts";

export { type ConfigProblem, TracebookConfigError } from "./config-error.ts";
export type { TelemetryOptions } from "./config-options.ts";
export type { OtlpTarget } from "./config-otlp.ts";
export type { QueueConfig, TelemetryConfig } from "./config-values.ts";

/** What {@link resolveConfig} returns. */
export interface ResolvedConfig {
  readonly config: TelemetryConfig;
  /** The wrong variables: a line each, to be printed once, in this order. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Works out the configuration from the options in code and the environment. Pure, given both.
 *
 * @throws TracebookConfigError `invalid_option` and `unknown_option` for options; `invalid_environment`, naming every wrong
 * variable, when `strict` (`TELEMETRY_STRICT`) is true
 */
export function resolveConfig(options: TelemetryOptions, env: Environment = process.env): ResolvedConfig {
  refuseUnknownOptions(options);
  const problems: ConfigProblem[] = [];
  const entries = Object.entries<Setting<unknown>>(OPTION_SETTINGS).map(([key, setting]) => {
    const name: keyof TelemetryOptions = key as OptionName;
    return [name, readSetting(setting, { name, value: options[name] }, env, problems)] as const;
  });
  const found = Object.fromEntries(entries) as unknown as Findings["found"];
  const sources = Object.fromEntries(entries.map(([name, { source }]) => [name, source]));
  const config = assembleConfig({ found, env, sources, problems });
  problems.push(...findUnknownVariables(env, VARIABLE_NAMES));
  if (config.strict && problems.length > 0) {
    const lines = problems.map(({ line }) => `${line}.`).join("\n");
    throw new TracebookConfigError("invalid_environment", lines, problems);
  }
  return Object.freeze({ config, problems: deepFreeze(problems) });
}

function refuseUnknownOptions(options: TelemetryOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TracebookConfigError(
      "invalid_option",
      `The options are ${options === null ? "null" : `a ${typeof options}`}, not an object.`,
    );
  }
  const name = Object.keys(options).find((key) => !Object.hasOwn(OPTION_SETTINGS, key));
  if (name === undefined) return;
  const nearest = nearestName(name, Object.keys(OPTION_SETTINGS));
  const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  throw new TracebookConfigError("unknown_option", `There is no option ${quoteText(name)}.${hint}`);
}
