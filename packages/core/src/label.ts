// Labels: short texts that name or group what is recorded, as a host gives them.

/** No name or sentence is longer (UTF-16 units); what is cut off names nothing. */
const MAX_UNITS = 4096;

/** The text of a label: strings as they are, cut at 4,096 units, numbers in digits; undefined for what is none. Cost: a type check. */
export function toLabel(value: unknown): string | undefined {
  if (typeof value === "string") return value.length > MAX_UNITS ? value.slice(0, MAX_UNITS) : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
