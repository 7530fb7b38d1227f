// Whole numbers from options.
import { CliError } from "./cli-error.ts";

/** A whole number from an option. Throws `CliError` unless it is from `least` to `most`. */
export function wholeOption(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CliError(`--${option} is "${text}"; it must be a whole number from ${least} to ${most}`);
}
