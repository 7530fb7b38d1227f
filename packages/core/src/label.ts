// Labels: short texts that group what is counted, as a host gives them.

/** The text of a label: strings as they are, numbers in digits; undefined for what is none. Cost: a type check. */
export function toLabel(value: unknown): string | undefined {
  if (typeof value === "string" || value === undefined) return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
