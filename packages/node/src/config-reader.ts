// Takes the value of one setting from where it comes: code, the environment, the default.
import { type ConfigProblem, TracebookConfigError } from "./config-error.ts";
import { showRefused } from "./config-masking.ts";
import { type Environment, NOT_SAID, type Parsed } from "./config-parsers.ts";
import type { Setting, Variable } from "./config-setting.ts";

/** A value and where it is from: `option`, the name of a variable, or `default`. */
export interface Found<T> {
  readonly value: T;
  readonly source: string;
}

/** An option as it was given in code; `value` undefined when it was not. */
export interface GivenOption {
  readonly name: string;
  readonly value: unknown;
}

interface Refusal<T> {
  readonly variable: Variable<T>;
  /** The variable's text, the kind's reason and what the text had to be, as one clause. */
  readonly clause: string;
}

/**
 * Reads a setting. Variables below the one that counts are not looked at: whoever overrides a wrong one has dealt with it.
 *
 * @throws TracebookConfigError `invalid_option`; wrong variables are added to `problems` instead
 */
export function readSetting<T>(
  setting: Setting<T>,
  option: GivenOption | undefined,
  env: Environment,
  problems: ConfigProblem[],
): Found<T> {
  const refusals: Refusal<T>[] = [];
  const found =
    askVariables(setting, true, env, refusals) ??
    askOption(setting, option) ??
    askVariables(setting, false, env, refusals) ??
    ({ value: setting.fallback, source: "default" } as const);
  for (const { variable, clause } of refusals) {
    problems.push({
      variable: variable.name,
      line: `${variable.name}${clause}: ${variable.instead ?? describeUsed(setting, found)}`,
    });
  }
  return found;
}

function askOption<T>(setting: Setting<T>, option: GivenOption | undefined): Found<T> | undefined {
  if (option === undefined || option.value === undefined) return undefined;
  const parsed = setting.kind.accept(option.value);
  if (parsed !== NOT_SAID && "value" in parsed) return { value: parsed.value, source: "option" };
  const why = parsed === NOT_SAID ? "" : parsed.why;
  const shown = showRefused(option.value, setting.kind.secrecy ?? "plain");
  throw new TracebookConfigError(
    "invalid_option",
    `${option.name} is ${shown}, not ${expectation(setting.kind.expected, why)}.`,
  );
}

function askVariables<T>(
  setting: Setting<T>,
  beforeOptions: boolean,
  env: Environment,
  refusals: Refusal<T>[],
): Found<T> | undefined {
  for (const variable of setting.variables) {
    if (variable.beforeOptions !== beforeOptions) continue;
    const given = env[variable.name];
    if (typeof given !== "string") continue;
    const text = given.trim();
    const parsed = text === "" ? readEmpty(variable) : variable.kind.parse(text, env);
    if (parsed === NOT_SAID) continue;
    if ("value" in parsed) return { value: parsed.value, source: variable.name };
    refusals.push({ variable, clause: refusalClause(variable, text, parsed.why) });
  }
  return undefined;
}

/** OpenTelemetry: "an empty value of an environment variable [is] the same [as] unset". Ours mean something or are mistakes. */
function readEmpty<T>({ name, kind }: Variable<T>): Parsed<T> {
  if (name.startsWith("OTEL_")) return NOT_SAID;
  return kind.empty === undefined ? { why: "" } : { value: kind.empty };
}

function refusalClause<T>({ kind }: Variable<T>, text: string, why: string): string {
  const expected = expectation(kind.expected, why);
  if (text === "") return ` is empty, not ${expected}`;
  const shown = showRefused(text, kind.secrecy ?? "plain");
  return `${shown.startsWith("(") ? " " : "="}${shown} is not ${expected}`;
}

function expectation(expected: string, why: string): string {
  return why === "" ? expected : `${expected} (${why})`;
}

function describeUsed<T>(setting: Setting<T>, found: Found<T>): string {
  if (found.source === "default") return `using the default (${setting.fallbackText})`;
  const shown = showRefused(setting.kind.show(found.value), setting.kind.secrecy === "url" ? "url" : "plain");
  return `using ${shown} (${found.source})`;
}
