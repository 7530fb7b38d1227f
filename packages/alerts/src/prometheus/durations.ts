// Durations as Prometheus writes them.

const UNITS = [
  ["w", 604_800],
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Whole seconds as `90s`, `5m`, `1d`: in the largest unit that they are a multiple of. */
export function toDuration(seconds: number): string {
  const [unit, size] = UNITS.find(([, width]) => seconds > 0 && seconds % width === 0) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}

/** Seconds of a duration, `1h30m` or `500ms`; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === "") return text === "0" ? 0 : undefined;
  const sizes = [31_536_000, ...UNITS.map(([, size]) => size), 0.001];
  return sizes.reduce((sum, size, i) => sum + Number(match[i + 1] ?? 0) * size, 0);
}
