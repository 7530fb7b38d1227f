// Where the bars and the marks of a histogram are.

/** A bin of a histogram; it is as wide as all of them. */
export interface HistogramBin {
  readonly from: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** A bin as it is drawn: shares of the width and of the height. */
export interface HistogramBar extends HistogramBin {
  readonly to: number;
  readonly left: number;
  readonly width: number;
  readonly acceptedHeight: number;
  readonly rejectedHeight: number;
}

/** A histogram as it is drawn. */
export interface HistogramLayout {
  readonly bars: readonly HistogramBar[];
  /** The count that has the full height. */
  readonly most: number;
  readonly ticks: readonly { readonly at: number; readonly value: number }[];
  /** The share of the width at which a value is, within 0 to 1. */
  shareOf(value: number): number;
}

/** Digits of a boundary: of more of them the last are of the arithmetic. */
const DIGITS = 12;
const TICKS = 5;
/** What is beyond it is no amount; distances within it are still numbers. */
const EXTREME = 1e300;

/** Lays out bins; zero, which they are held against, is always on the axis. Bins that are no numbers are left out. */
export function layOutHistogram(bins: readonly HistogramBin[], binWidth: number): HistogramLayout {
  const width = binWidth > 0 && binWidth <= EXTREME ? binWidth : 1;
  const drawn = bins.filter(({ from }) => Math.abs(from) <= EXTREME);
  const least = Math.min(0, ...drawn.map(({ from }) => from));
  const largest = Math.max(0, ...drawn.map(({ from }) => from + width));
  const span = largest - least || width;
  const shareOf = (value: number) => Math.min(1, Math.max(0, (value - least) / span));
  const most = Math.max(1, ...drawn.map(({ accepted, rejected }) => accepted + rejected));
  const bars = drawn.map((bin) => {
    const to = rounded(bin.from + width);
    const left = shareOf(bin.from);
    const heights = { acceptedHeight: bin.accepted / most, rejectedHeight: bin.rejected / most };
    return { ...bin, to, left, width: shareOf(to) - left, ...heights };
  });
  return { bars, most, ticks: ticksOf(least, largest, width).map((value) => ({ at: shareOf(value), value })), shareOf };
}

/** A boundary of a bin, with as many places as the width of bins has: `−0.25`. */
export function boundaryText(value: number, binWidth: number): string {
  if (!Number.isFinite(value)) return "–";
  const places = Math.min(12, Math.max(0, -Math.floor(Math.log10(binWidth || 1) + 1e-9)));
  const size = Math.abs(value);
  const text = size >= 1e9 || (size > 0 && size < 1e-9) ? size.toExponential(1) : size.toFixed(places);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** Multiples of 1, 2 or 5 times a power of ten, some five of them. */
function ticksOf(least: number, largest: number, width: number): number[] {
  const span = largest - least;
  if (!(span > 0)) return [0];
  const step = Math.max(niceStep(span / TICKS), width);
  if (!Number.isFinite(step)) return [0];
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(largest / step + 1e-9);
  return Array.from({ length: Math.min(last - first + 1, 2 * TICKS) }, (_, index) => rounded((first + index) * step));
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return digit * power;
}

function rounded(value: number): number {
  const text = value.toPrecision(DIGITS);
  return Number(text) === 0 ? 0 : Number(text);
}
