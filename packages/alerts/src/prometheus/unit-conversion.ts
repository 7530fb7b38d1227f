// Thresholds in another unit than their metric's.

/** What a unit is of its base, as a fraction: so is `250 ms` exactly `0.25 s`. */
const UNITS: Readonly<Record<string, readonly [base: string, times: number, over: number]>> = {
  ns: ["s", 1, 1e9],
  us: ["s", 1, 1e6],
  ms: ["s", 1, 1e3],
  s: ["s", 1, 1],
  min: ["s", 60, 1],
  h: ["s", 3_600, 1],
  d: ["s", 86_400, 1],
  By: ["By", 1, 1],
  kBy: ["By", 1e3, 1],
  MBy: ["By", 1e6, 1],
  GBy: ["By", 1e9, 1],
  KiBy: ["By", 1_024, 1],
  MiBy: ["By", 1_048_576, 1],
  GiBy: ["By", 1_073_741_824, 1],
  "1": ["1", 1, 1],
  "%": ["1", 1, 100],
};

/** The value in another unit; undefined where the two do not measure the same. */
export function convertUnit(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  const [source, target] = [UNITS[from], UNITS[to]];
  if (source === undefined || target === undefined || source[0] !== target[0]) return undefined;
  return (value * source[1] * target[2]) / (source[2] * target[1]);
}
