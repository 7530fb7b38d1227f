// Ages and spans of time as people write them: 30d, 12h, 4w.
import { CliError } from "./cli-error.ts";

const AGE = /^(\d{1,9})(s|m|h|d|w)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A century: longer than anything was recorded. */
const MAX_MS = 36_500 * 86_400_000;

/** Milliseconds of `90s`, `15m`, `12h`, `30d`, `4w`; undefined for anything else, for nothing, and for more than a century. */
export function parseAge(text: string): number | undefined {
  const [, count, unit] = AGE.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const ms = Number(count) * UNIT_MS[unit]!;
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}

/** An age from an option. Throws `CliError` naming the option and its value. */
export function ageOption(option: string, text: string): number {
  const ms = parseAge(text);
  if (ms !== undefined) return ms;
  throw new CliError(
    `--${option} is "${text}"; it must be an age above 0 with its unit, at most 36500d`,
    "For example 30d (days), 12h (hours), 4w (weeks), 90m (minutes).",
  );
}
