// How high a row is: one line where the feed is wide, two where it is narrow. The style of the rows changes at the same width.
import type { RefObject } from "react";
import { useElementSize } from "../../charts/use-element-size.ts";

/** Pixels. */
export function useRowHeight(element: RefObject<HTMLElement | null>): number {
  const { width } = useElementSize(element);
  return width === 0 || width >= WIDE ? ONE_LINE : TWO_LINES;
}

const WIDE = 1_100;
const ONE_LINE = 32;
const TWO_LINES = 52;
