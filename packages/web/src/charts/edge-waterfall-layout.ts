// Where the bars of a waterfall are: from a start over what is taken off to what is left, with a line that it is held against.
import { drawnNumber } from "../format/decimal-text.ts";

/** A row of a waterfall, amounts as they were recorded. */
export interface WaterfallStep {
  /** `start` and `result` stand on zero, a `cost` hangs on what was left before it. */
  readonly kind: "start" | "cost" | "result";
  readonly amount: string | null | undefined;
  /** What the amount would be otherwise; undefined: nobody asks. */
  readonly otherwise?: string | undefined;
}

/** A bar, as shares of the width from 0 to 1. */
export interface WaterfallBar {
  readonly left: number;
  readonly width: number;
  /** Which way it goes: what it begins with and what it ends with, as shares. */
  readonly from: number;
  readonly to: number;
}

/** A waterfall as it is drawn. Rows of amounts that cannot be drawn have no bar. */
export interface WaterfallLayout {
  readonly bars: readonly (WaterfallBar | undefined)[];
  readonly otherBars: readonly (WaterfallBar | undefined)[];
  readonly zero: number;
  readonly line: number | undefined;
  readonly otherLine: number | undefined;
}

/** Room at either end, as a share of what is drawn: the line must not touch the edge. */
const ROOM = 0.04;

/** Lays out a waterfall. `line`: what the result is held against. One scale for what was and for what would be. */
export function layOutWaterfall(
  steps: readonly WaterfallStep[],
  line: string | null | undefined,
  otherLine?: string | undefined,
): WaterfallLayout {
  const spans = spansOf(steps.map(({ kind, amount }) => ({ kind, amount })));
  const hasOther = steps.some(({ otherwise }) => otherwise !== undefined);
  const others = hasOther
    ? spansOf(steps.map(({ kind, amount, otherwise }) => ({ kind, amount: otherwise ?? amount })))
    : steps.map(() => undefined);
  const at = finite(drawnNumber(line));
  const otherAt = finite(drawnNumber(otherLine));
  const share = shares([0, ...[...spans, ...others].flatMap((span) => span ?? []), at ?? 0, otherAt ?? 0]);
  const bar = (span: Span | undefined): WaterfallBar | undefined => {
    if (span === undefined) return undefined;
    const [from, to] = [share(span[0]), share(span[1])];
    return { left: Math.min(from, to), width: Math.abs(to - from), from, to };
  };
  return {
    bars: spans.map(bar),
    // What would be the same is drawn once.
    otherBars: others.map((span, index) => (isSame(span, spans[index]) ? undefined : bar(span))),
    zero: share(0),
    line: at === undefined ? undefined : share(at),
    otherLine: otherAt === undefined ? undefined : share(otherAt),
  };
}

type Span = readonly [from: number, to: number];

function spansOf(steps: readonly WaterfallStep[]): (Span | undefined)[] {
  // What is left so far; undefined from the first amount on that cannot be drawn.
  let left: number | undefined;
  return steps.map(({ kind, amount }) => {
    const value = finite(drawnNumber(amount));
    if (kind === "result") return value === undefined ? undefined : [0, value];
    if (kind === "start") {
      left = value;
      return value === undefined ? undefined : [0, value];
    }
    const before = left;
    left = before === undefined || value === undefined ? undefined : finite(before - value);
    return before === undefined || left === undefined ? undefined : [before, left];
  });
}

function isSame(a: Span | undefined, b: Span | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

function shares(values: readonly number[]): (value: number) => number {
  const least = Math.min(...values);
  const most = Math.max(...values);
  // Halved before they are subtracted: the distance of two numbers may be larger than any number.
  const half = most / 2 - least / 2;
  if (half === 0) return () => 0.5;
  return (value) => ROOM + ((value / 2 - least / 2) / half) * (1 - 2 * ROOM);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
