// Units that people write out, as OpenTelemetry writes them (UCUM).

const UCUM: Readonly<Record<string, string>> = {
  percentage: "%",
  percent: "%",
  nanoseconds: "ns",
  microseconds: "us",
  milliseconds: "ms",
  seconds: "s",
  minutes: "min",
  hours: "h",
  bytes: "By",
  kilobytes: "kBy",
  megabytes: "MBy",
  gigabytes: "GBy",
  count: "1",
};

/** `ms` of `milliseconds`, `%` of `percentage`; what is in no list of words stays as it is. */
export function toUcum(unit: string): string {
  const word = unit.toLowerCase();
  return Object.hasOwn(UCUM, word) ? (UCUM[word] as string) : unit;
}
