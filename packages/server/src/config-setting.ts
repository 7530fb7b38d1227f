// One setting of the desk: which values it takes, from code and from the environment.

/** A setting. */
export interface DeskSetting<T> {
  /** The variable it may be given by. */
  readonly variable: string | undefined;
  /** What a value must be, for a message: `a port from 0 to 65535`. */
  readonly expected: string;
  readonly fallback: T;
  /** Whether a value given in code is one; it may be anything. */
  readonly accepts: (value: unknown) => value is T;
  /** Reads the variable's text; undefined when it is wrong. */
  readonly fromText: (text: string) => T | undefined;
  /** How a value is shown. */
  readonly toText: (value: T) => string;
  /** Never shown, not even when it is wrong. */
  readonly isSecret: boolean;
}

/** What a setting came out as. */
export interface ReadSetting<T> {
  readonly value: T;
  /** `option`, the variable's name, or `default`. */
  readonly source: string;
  /** What is wrong, in one line; undefined when nothing is. */
  readonly problem: string | undefined;
}

/** Completes a setting: what is said alike of most of them may be left out. */
export function defineSetting<T>(
  setting: Pick<DeskSetting<T>, "expected" | "fallback" | "accepts"> & Partial<DeskSetting<T>>,
): DeskSetting<T> {
  return { variable: undefined, fromText: () => undefined, toText: String, isSecret: false, ...setting };
}

/** Reads a setting: the option, else the variable, else the default. An option that is wrong is a problem whose source is `option`. */
export function readSetting<T>(
  name: string,
  setting: DeskSetting<T>,
  given: unknown,
  text: string | undefined,
): ReadSetting<T> {
  const { expected, fallback, variable, isSecret } = setting;
  const fallBack = (source: string, shown: string): ReadSetting<T> => ({
    value: fallback,
    source,
    problem: `${source === "option" ? name : source} ${shown}, not ${expected}`,
  });
  if (given !== undefined) {
    if (setting.accepts(given)) return { value: given, source: "option", problem: undefined };
    return fallBack("option", isSecret ? "(hidden) is" : `is ${describe(given)}`);
  }
  if (variable === undefined || text === undefined) return { value: fallback, source: "default", problem: undefined };
  const value = text === "" ? undefined : setting.fromText(text);
  if (value !== undefined) return { value, source: variable, problem: undefined };
  return fallBack(variable, text === "" ? "is empty" : isSecret ? "(hidden) is" : `is ${describe(text)}`);
}

const LONGEST = 80;

/** A value for a message: one line, cut. */
function describe(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return String(value);
}

function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  // Controls, line separators and lone surrogates would not be one line of text.
  return JSON.stringify(cut).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`,
  );
}
