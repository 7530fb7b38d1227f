// The configuration table: every setting with its variables, range, default and documentation.
import type { TelemetryOptions } from "./config-options.ts";
import type { Setting } from "./config-setting.ts";
import { DELIVERY_SETTINGS } from "./config-table-delivery.ts";
import { GENERAL_SETTINGS } from "./config-table-general.ts";
import { HOST_SETTINGS, JOURNAL_SETTINGS, QUEUE_SETTINGS } from "./config-table-journal.ts";
import { KEEPING_SETTINGS, METRICS_SETTINGS } from "./config-table-metrics.ts";
import { OTLP_SETTINGS, SIGNAL_SETTINGS, SIGNALS, type Signal, type SignalSettings } from "./config-table-otlp.ts";

/** The settings that have an option in code, by its name. The compiler compares the names with {@link TelemetryOptions}. */
export const OPTION_SETTINGS = {
  ...GENERAL_SETTINGS,
  ...OTLP_SETTINGS,
  ...KEEPING_SETTINGS,
  ...METRICS_SETTINGS,
  ...JOURNAL_SETTINGS,
  ...HOST_SETTINGS,
  ...QUEUE_SETTINGS,
  ...DELIVERY_SETTINGS,
} satisfies Readonly<Record<keyof TelemetryOptions, Setting<unknown>>>;

/** The name of a setting that has an option in code. */
export type OptionName = keyof typeof OPTION_SETTINGS;

/** The values of all settings that have an option in code. */
export type SettingValues = {
  readonly [Name in OptionName]: (typeof OPTION_SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** A setting under the name by which `sources` has it; `inCode` tells whether that is an option too. */
export interface NamedSetting {
  readonly name: string;
  readonly inCode: boolean;
  readonly setting: Setting<unknown>;
}

/** Every setting, in the order of the documentation. */
export const ALL_SETTINGS: readonly NamedSetting[] = [
  ...Object.entries<Setting<unknown>>(OPTION_SETTINGS).map(([name, setting]) => ({ name, inCode: true, setting })),
  ...SIGNALS.flatMap((signal) =>
    Object.entries<Setting<unknown>>({ ...SIGNAL_SETTINGS[signal] }).map(([part, setting]) => ({
      name: signalSettingName(signal, part as keyof SignalSettings),
      inCode: false,
      setting,
    })),
  ),
];

/** `otlpTracesHeaders`: the name of what one signal has of its own. */
export function signalSettingName(signal: Signal, part: keyof SignalSettings | "endpoint"): string {
  return `otlp${capitalised(signal)}${capitalised(part)}`;
}

/** The names of all variables that are read. */
export const VARIABLE_NAMES: ReadonlySet<string> = new Set(
  ALL_SETTINGS.flatMap(({ setting }) => setting.variables.map((variable) => variable.name)),
);

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
