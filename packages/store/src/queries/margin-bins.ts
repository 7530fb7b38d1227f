// Bins for margins: widths that a person would choose, boundaries at multiples of them, so that the threshold is one.
import type { MarginHistogram } from "../store-queries.ts";

type Bins = Omit<MarginHistogram, "edgeUnit">;

const ACCEPT = "ACCEPT";
/** The bins are made for what lies between these shares of the margins. */
const LOWER_SHARE = 0.01;
const UPPER_SHARE = 0.99;
/** Margins are differences of doubles: one that is this share of a bin below a boundary is meant to be on it. */
const TOLERANCE = 1e-9;
/** Digits of a boundary: of more of them the last are of the arithmetic. */
const DIGITS = 12;
/** No finer than this share of a margin: a double tells little more apart. */
const LEAST_SHARE = 1e-12;
/** What is beyond it, or finer than one part of it, is no margin but a mistake; it must not make a width that is none. */
const EXTREME = 1e300;

/**
 * Bins for pairs of margin and decision. The width is 1, 2 or 5 times a power of ten: the least with which `binCount` bins reach from the
 * first to the 99th percentile. What is farther out is counted in the first and in the last bin, so that one odd decision does
 * not flatten the picture of all others. Cost: some 30 bytes a decision, sorted once.
 */
export function toMarginHistogram(decisions: Iterable<readonly unknown[]>, binCount: number): Bins {
  const margins: number[] = [];
  const accepted: boolean[] = [];
  for (const [margin, decision] of decisions) {
    margins.push(Math.min(Math.max(Number(margin), -EXTREME), EXTREME));
    accepted.push(decision === ACCEPT);
  }
  const count = margins.length;
  const sorted = Float64Array.from(margins).sort();
  const lower = sorted[Math.floor((count - 1) * LOWER_SHARE)] ?? 0;
  const upper = sorted[Math.ceil((count - 1) * UPPER_SHARE)] ?? 0;
  const binWidth = widthFor(upper - lower, binCount, Math.max(Math.abs(lower), Math.abs(upper)));
  const first = binOf(lower, binWidth);
  const last = binOf(upper, binWidth);
  const bins = new Map<number, { accepted: number; rejected: number }>();
  for (const [i, margin] of margins.entries()) {
    const bin = Math.min(Math.max(binOf(margin, binWidth), first), last);
    const counts = bins.get(bin) ?? { accepted: 0, rejected: 0 };
    if (accepted[i] === true) counts.accepted++;
    else counts.rejected++;
    bins.set(bin, counts);
  }
  const rising = [...bins].sort(([a], [b]) => a - b);
  return { count, binWidth, bins: rising.map(([bin, counts]) => ({ from: boundary(bin, binWidth), ...counts })) };
}

/** The least of 1, 2, 5, 10, ... times a power of ten that is at least `span / binCount`. */
function widthFor(span: number, binCount: number, largest: number): number {
  if (largest === 0) return 1;
  const least = Math.max(span / binCount, largest * LEAST_SHARE, 1 / EXTREME);
  const exponent = Math.floor(Math.log10(least));
  for (const digit of [1, 2, 5, 10]) {
    const width = Number(`${digit}e${exponent}`);
    if (width >= least * (1 - TOLERANCE)) return width;
  }
  return Number(`1e${exponent + 2}`);
}

function binOf(margin: number, binWidth: number): number {
  return Math.floor(margin / binWidth + TOLERANCE);
}

function boundary(bin: number, binWidth: number): number {
  return Number((bin * binWidth).toPrecision(DIGITS));
}
