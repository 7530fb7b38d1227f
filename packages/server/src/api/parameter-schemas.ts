// The parameters that routes have in common: whole numbers, times, texts.
import { z } from "@hono/zod-openapi";
import { parseTimestampParameter } from "./timestamp-parameter.ts";

/** A whole number in a query, from `least` to `most`, and what counts without it. */
export function integerParameter(least: number, most: number, fallback: number, description: string) {
  return integer(least, most)
    .optional()
    .transform((value) => value ?? fallback)
    .openapi({ description, type: "integer", minimum: least, maximum: most, default: fallback });
}

/** A whole number that may be left out. */
export function optionalIntegerParameter(least: number, most: number, description: string) {
  return integer(least, most).optional().openapi({ description, type: "integer", minimum: least, maximum: most });
}

/** The id of an event in a path. */
export function idParameter(description: string) {
  const most = Number.MAX_SAFE_INTEGER;
  return integer(1, most).openapi({ description, type: "integer", minimum: 1, maximum: most });
}

function integer(least: number, most: number) {
  const rule = `it must be an integer from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d{1,16}$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule);
}

/** A text that a column is compared with; an empty one does not matter. */
export function textParameter(description: string, example?: string) {
  const most = 1024;
  return z
    .string()
    .max(most, `it must have at most ${most} characters`)
    .optional()
    .transform((value) => (value === "" ? undefined : value))
    .openapi({ description, ...(example === undefined ? {} : { example }), type: "string", maxLength: most });
}

/** A text that has to be given. */
export function requiredTextParameter(description: string, example: string) {
  const rule = "it must have 1 to 1024 characters";
  return z
    .string({ error: rule })
    .min(1, rule)
    .max(1024, rule)
    .openapi({ description, example, type: "string", minLength: 1, maxLength: 1024 });
}

/** One of a few words. */
export function choiceParameter<const T extends readonly [string, ...string[]]>(values: T, description: string) {
  return z
    .enum(values, { error: `it must be one of ${values.join(", ")}` })
    .optional()
    .openapi({ description });
}

/** A time, in whatever offset; handed on as `2026-11-20T12:34:56.789012Z`. */
export function timeParameter(description: string) {
  return z
    .string()
    .transform((text, context) => {
      if (text === "") return undefined;
      const timestamp = parseTimestampParameter(text);
      if (timestamp !== undefined) return timestamp;
      context.addIssue({
        code: "custom",
        message: "it must be a time as ISO 8601 has it, like 2026-11-20T12:34:56Z or 2026-11-20T14:34:56.789+02:00",
      });
      return z.NEVER;
    })
    .optional()
    .openapi({ description, type: "string", format: "date-time", example: "2026-11-20T12:34:56Z" });
}

/** A decimal as text, exact. */
export function decimalParameter(description: string) {
  const rule = "it must be a decimal of at most 28 digits, like 1.50 or -0.25";
  return z
    .string()
    .regex(/^-?\d{1,28}(\.\d{1,28})?$/, rule)
    .optional()
    .openapi({ description, type: "string", example: "1.50" });
}

/** A range of time; both ends belong to it. */
export const rangeParameters = {
  start_time: timeParameter("From this time on. ISO 8601, any offset."),
  end_time: timeParameter("Up to this time. ISO 8601, any offset."),
};

/** Filters by symbol and strategy. */
export const symbolParameter = textParameter("Only this symbol.", "BTC/USDT");
export const strategyParameter = textParameter("Only this strategy.", "basis");

/** The width of the slices of a time line. */
export const stepParameter = z
  .string()
  .regex(/^\d{1,6}$/, "it must be a multiple of 60 from 60 to 86400")
  .transform(Number)
  .refine((value) => value >= 60 && value <= 86_400 && value % 60 === 0, "it must be a multiple of 60 from 60 to 86400")
  .optional()
  .transform((value) => value ?? 60)
  .openapi({
    description: "Width of a slice in seconds: the store counts by the minute.",
    type: "integer",
    minimum: 60,
    maximum: 86_400,
    multipleOf: 60,
    default: 60,
  });
