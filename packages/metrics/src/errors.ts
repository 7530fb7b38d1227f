// What metrics throws, and only while a program is being set up.

/** The errors of this package by code, with what to do about each. */
export const METRICS_ERRORS = {
  invalid_metric_name:
    "Name the metric with letters, digits, underscores and dots, starting with a letter, at most 128 characters.",
  invalid_metric_definition: "Correct the field of the definition that the message names.",
  unbounded_label:
    "Leave ids of trades, orders, users and sessions out of labels: put them on events and spans instead.",
  metric_conflict: "Give the second metric another name, or ask for it with the definition that made the first.",
  too_many_metrics: "Define metrics once and tell their series apart by labels.",
  invalid_option: "Give the option a value within the range that the message names.",
} as const;

/** The literal `code` of an error of this package. */
export type MetricsErrorCode = keyof typeof METRICS_ERRORS;

/** Thrown for wrong definitions and options in code, at set-up; test `code`, not the message. */
export class MetricsError extends Error {
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} ${METRICS_ERRORS[code]}`, options);
    this.name = "MetricsError";
    this.code = code;
  }
}

/** A value as it may stand in a message: one line, about 64 characters at most; of objects only the kind, as printing one runs its code. */
export function quoteValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}...` : value);
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "function" || (typeof value === "object" && value !== null)) return `a ${typeof value}`;
  if (typeof value === "bigint" && BigInt.asIntN(128, value) !== value) return "a huge bigint";
  return String(value);
}

/** Returns a whole number of an option within its range, its default when undefined; throws `invalid_option` for the rest. */
export function wholeNumberOption(name: string, value: unknown, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new MetricsError(
    "invalid_option",
    `${name} is ${quoteValue(value)}, not a whole number from ${min} to ${max}.`,
  );
}
