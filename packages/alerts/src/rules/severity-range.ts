// Severities of events as rules name them.

/** The first number of each (opentelemetry.io, log data model, severity fields); each has four. */
const FIRST: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  warning: 13,
  error: 17,
  fatal: 21,
  critical: 21,
};

/** The numbers that `error` or `error+` (and worse) stands for; undefined for what is none. */
export function severityRangeOf(text: string): readonly [min: number, max: number] | undefined {
  const isOpen = text.endsWith("+");
  const first = FIRST[(isOpen ? text.slice(0, -1) : text).toLowerCase()];
  return first === undefined ? undefined : [first, isOpen ? 24 : first + 3];
}
