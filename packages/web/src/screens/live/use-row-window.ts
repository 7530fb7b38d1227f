// The rows of a scrolled list that are drawn, as somebody scrolls.
import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { useElementSize } from "../../charts/use-element-size.ts";
import { type RowWindow, rowWindow } from "./row-window.ts";

/** The window; it is another one only when other rows come into sight, not with every pixel. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  count: number,
  overscan: number,
): RowWindow {
  const { height } = useElementSize(scroller);
  /** The row at the top. */
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const follow = () => {
      const next = Math.floor(Math.max(0, element.scrollTop) / rowHeight);
      // Before this frame is painted: later there would be a gap where rows are to be. React leaves out what has not changed.
      flushSync(() => setTop(next));
    };
    element.addEventListener("scroll", follow, { passive: true });
    return () => element.removeEventListener("scroll", follow);
  }, [scroller, rowHeight]);
  // Up to a whole row more than from the first one's own beginning.
  return rowWindow({ scrollTop: top * rowHeight, height: height + rowHeight, rowHeight }, count, overscan);
}
