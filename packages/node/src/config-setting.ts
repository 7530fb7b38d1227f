// What a row of the configuration table is.
import type { ValueKind } from "./config-parsers.ts";

/** The headings of docs/configuration.md, in its order. */
export const SETTING_GROUPS = [
  "On and off",
  "Names",
  "OTLP",
  "Keeping traces",
  "Metrics",
  "Journal and events",
  "Instrumentation and secrecy",
  "Export queues",
  "Delivery over OTLP",
] as const;

/** One of {@link SETTING_GROUPS}. */
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** A variable of the environment that gives a setting its value. */
export interface Variable<T> {
  readonly name: string;
  readonly kind: ValueKind<T>;
  /** It is asked before the option in code: a switch of the operator's. Default false. */
  readonly beforeOptions: boolean;
  /** What a wrong value means, where that is not "the next source counts". */
  readonly instead: string | undefined;
}

/** One row: what a setting is called, how it is read and what it is for. */
export interface Setting<T> {
  readonly group: SettingGroup;
  readonly kind: ValueKind<T>;
  /** Highest first. */
  readonly variables: readonly Variable<T>[];
  readonly fallback: T;
  /** The default in words, where the value says too little. */
  readonly fallbackText: string;
  /** One sentence (or two) for the documentation. */
  readonly doc: string;
}

/** A variable in short: its name when it is read as the setting is. */
export type VariableSpec<T> =
  | string
  | (Pick<Variable<T>, "name"> & Partial<Pick<Variable<T>, "kind" | "beforeOptions" | "instead">>);

/** What {@link setting} is given. */
export interface SettingSpec<T> extends Pick<Setting<T>, "group" | "fallback" | "doc"> {
  readonly kind: ValueKind<NonNullable<T>>;
  readonly env: readonly VariableSpec<NonNullable<T>>[];
  readonly fallbackText?: string;
}

/** Completes a row. */
export function setting<T>({ group, kind, env, fallback, fallbackText, doc }: SettingSpec<T>): Setting<T> {
  const variables = env.map((spec) => {
    const given = typeof spec === "string" ? { name: spec } : spec;
    return { kind, beforeOptions: false, instead: undefined, ...given };
  });
  const shown = fallbackText ?? (fallback === undefined ? "none" : kind.show(fallback as NonNullable<T>));
  return { group, kind, variables, fallback, fallbackText: shown, doc };
}
