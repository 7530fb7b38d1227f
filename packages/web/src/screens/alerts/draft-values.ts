// What is written into a field of a rule, as the value that it means.

/** A number; what is none stays a text, for the server to say so. Undefined: nothing is written. */
export function parseNumber(text: string): number | string | undefined {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** The same, but a decimal that no number is written as, like `1000.10`, stays the text that it is. */
export function exactNumber(text: string): number | string | undefined {
  const number = parseNumber(text);
  return typeof number === "number" && String(number) !== text.trim() && DECIMAL.test(text.trim())
    ? text.trim()
    : number;
}

/** Names of `symbol, venue`, each once; undefined where there are none. */
export function parseNames(text: string): readonly string[] | undefined {
  const names = [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "");
  return names.length === 0 ? undefined : names;
}

/** `symbol, venue` of names. */
export function namesText(names: unknown): string {
  return Array.isArray(names) ? names.map(String).join(", ") : "";
}

const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;
