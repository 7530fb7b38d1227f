// Where a span's time went that none of its children accounts for.
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** A part of a span, in nanoseconds since the trace began. */
export interface SpanPart {
  readonly from: number;
  readonly to: number;
}

/** Gaps shorter than this share of the trace are not worth an eye. */
const LEAST_SHARE = 0.05;

/**
 * The parts of a span in which none of its children ran, in order; empty for a span without children, which is all its own work.
 * Their lengths and what the children cover within the span add up to its duration, exact.
 */
export function uncoveredParts(node: SpanNode): readonly SpanPart[] {
  if (node.children.length === 0) return [];
  const parts: SpanPart[] = [];
  let at = node.start;
  // Children are in the order of their starts.
  for (const child of node.children) {
    const from = Math.min(child.start, node.end);
    if (from > at) parts.push({ from: at, to: from });
    at = Math.max(at, Math.min(child.end, node.end));
  }
  if (node.end > at) parts.push({ from: at, to: node.end });
  return parts;
}

/** The gaps of a span that matter to its trace: at least a twentieth of it. */
export function criticalGaps(node: SpanNode, tree: SpanTree): readonly SpanPart[] {
  return uncoveredParts(node).filter(({ from, to }) => to - from >= tree.duration * LEAST_SHARE);
}

/** The length of all parts together. */
export function partsLength(parts: readonly SpanPart[]): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0);
}
