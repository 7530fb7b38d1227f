// The configuration as an operator reads it: every setting with its value in words, without secrets, and its source.
import { createRedactor } from "@tracebook/core";
import { resolveConfig } from "./config.ts";
import { type ConfigProblem, TracebookConfigError } from "./config-error.ts";
import { maskUrl, toOneLine } from "./config-masking.ts";
import type { Environment } from "./config-parsers.ts";
import { readSetting } from "./config-reader.ts";
import type { SettingGroup } from "./config-setting.ts";
import { ALL_SETTINGS, type NamedSetting, signalSettingName } from "./config-table.ts";
import { SIGNALS } from "./config-table-otlp.ts";
import type { TelemetryConfig } from "./config-values.ts";

// A key that was put into the wrong variable, a name for instance, is a value like any other to its setting.
const redactor = createRedactor();

/** One setting and what it has come to. */
export interface SettingInForce {
  /** The name of its option in code; for what one signal has of its own, like `otlpTracesHeaders`. */
  readonly name: string;
  /** The heading that it has in docs/configuration.md. */
  readonly group: SettingGroup;
  /** On one line and without secrets: of headers only their number, of URLs no credentials, query or keys. */
  readonly value: string;
  /** The variable that the value is from, or `default`. */
  readonly source: string;
  /** The variables that are asked, highest first. */
  readonly variables: readonly string[];
}

/** What an environment comes to, before any option in code. */
export interface ConfigurationInForce {
  /** What a service with this environment would run with. Its headers and URLs may hold secrets: do not print them. */
  readonly config: TelemetryConfig;
  /** The wrong variables, a printable line each, without secrets. */
  readonly problems: readonly ConfigProblem[];
  /** True when a service would not start, since `TELEMETRY_STRICT` is true and there are problems. */
  readonly refusesToStart: boolean;
  /** Every setting, in the order of docs/configuration.md. */
  readonly settings: readonly SettingInForce[];
}

/** Works out what is in force in an environment. Pure; reads nothing but `env`, starts nothing, never throws. Cost: a millisecond. */
export function describeConfiguration(env: Environment): ConfigurationInForce {
  const { config, problems, refusesToStart } = resolveLeniently(env);
  const settings = ALL_SETTINGS.map((named) => describeSetting(named, config, env));
  return Object.freeze({ config, problems, refusesToStart, settings: Object.freeze(settings) });
}

/** What a strict start would refuse is worth looking at all the same. */
function resolveLeniently(env: Environment): Omit<ConfigurationInForce, "settings"> {
  try {
    return { ...resolveConfig({}, env), refusesToStart: false };
  } catch (error) {
    if (!(error instanceof TracebookConfigError)) throw error;
    const { TELEMETRY_STRICT: source, ...lenient } = env;
    const { config, problems } = resolveConfig({}, lenient);
    const strict = { strict: true, sources: { ...config.sources, strict: "TELEMETRY_STRICT" } };
    return { config: Object.freeze({ ...config, ...strict }), problems, refusesToStart: source !== undefined };
  }
}

function describeSetting({ name, setting }: NamedSetting, config: TelemetryConfig, env: Environment): SettingInForce {
  const read = readSetting(setting, undefined, env, []);
  const source = config.sources[name] ?? read.source;
  const derived = derivedValue(name, config);
  const isSaid = source !== "default" && read.value !== undefined;
  // The default's words are written for a page of Markdown.
  const value = derived ?? (isSaid ? setting.kind.show(read.value) : setting.fallbackText.replaceAll("`", ""));
  const variables = [...new Set(setting.variables.map((variable) => variable.name))];
  return Object.freeze({ name, group: setting.group, value: toOneLine(redactor.text(value)), source, variables });
}

/** The values that more than one setting has a say in, by the name of the setting. */
function derivedValue(name: string, config: TelemetryConfig): string | undefined {
  if (name === "prometheus") return String(config.prometheus.enabled);
  if (name === "spanBatchSize") return String(config.spanQueue.batchSize);
  if (name === "logBatchSize") return String(config.logQueue.batchSize);
  for (const signal of SIGNALS) {
    const target = config.otlp[signal];
    if (name === signalSettingName(signal, "endpoint") && config.enabled)
      return target === undefined ? "none" : maskUrl(target.url);
    if (name === signalSettingName(signal, "headers") && target !== undefined) return countHeaders(target.headers);
    if (name === signalSettingName(signal, "protocol")) return target?.protocol;
    if (name === signalSettingName(signal, "timeoutMs")) return target && String(target.timeoutMs);
    if (name === signalSettingName(signal, "compression")) return target?.compression;
  }
  return undefined;
}

function countHeaders(headers: object): string {
  const count = Object.keys(headers).length;
  return count === 0 ? "none" : `${count} ${count === 1 ? "header" : "headers"}`;
}
