// Durations for people: the unit that leaves one to three digits in front of the point.

/** From milliseconds: `850 ns`, `42.1 µs`, `3.20 ms`, `1.25 s`, `4 min 10 s`; `–` for what is not known. */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  if (ms < 0) return `−${durationText(-ms)}`;
  if (ms === 0) return "0 ms";
  // What would be rounded up to a thousand is one of the next unit.
  if (ms < 0.000_999_5) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 0.999_5) return `${threeDigits(ms * 1000)} µs`;
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 59_950) return `${threeDigits(ms / 1000)} s`;
  return longText(Math.round(ms / 1000));
}

function longText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return join(hours, "h", minutes % 60, "min");
  return join(Math.floor(hours / 24), "d", hours % 24, "h");
}

function join(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}
