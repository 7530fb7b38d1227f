// The spans of a trace as a waterfall: a tree at the left, bars on one axis of time at the right. Only rows in sight are in the page.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useId, useRef } from "react";
import { durationText } from "../format/duration-text.ts";
import { relativeTicks, type Tick } from "./relative-ticks.ts";
import { SpanRow } from "./span-row.tsx";
import type { SpanTick } from "./span-ticks.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";
import styles from "./span-waterfall.module.css";
import type { SpanWindow } from "./span-window.ts";
import { useElementSize } from "./use-element-size.ts";

/** What a waterfall shows. */
export interface SpanWaterfallProps {
  readonly tree: SpanTree;
  /** The rows that are not hidden by a closed one. */
  readonly nodes: readonly SpanNode[];
  readonly closed: ReadonlySet<string>;
  readonly selected: SpanNode | undefined;
  readonly window: SpanWindow;
  readonly colorOf: (service: string) => string;
  readonly ticksOf: (spanId: string) => readonly SpanTick[];
  readonly onSelect: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
  /** Which rows are in sight, from 0 to 1 of all. */
  readonly onScroll: (first: number, last: number) => void;
}

/** Pixels. */
const ROW = 24;
const TICK_APART = 96;

/** The waterfall. */
export function SpanWaterfall(props: SpanWaterfallProps) {
  const { tree, nodes, closed, selected, window, colorOf, ticksOf, onScroll } = props;
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(axis);
  const rows = useRows(scroll, nodes.length, onScroll);
  const place = selected === undefined ? -1 : nodes.indexOf(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row is to be brought into sight, not the same one again.
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place, { align: "auto" });
  }, [place]);
  const ticks = relativeTicks(window.from, window.to, Math.max(1, Math.floor(width / TICK_APART)));
  return (
    <div className={styles.waterfall} {...useCrosshair(window)}>
      <div className={styles.head} aria-hidden="true">
        <span>Span</span>
        <span className={styles.length}>Duration</span>
        <div ref={axis} className={styles.axis}>
          <TickWords ticks={ticks} window={window} />
          <output data-crosshair-text hidden />
        </div>
      </div>
      <div
        ref={scroll}
        className={styles.scroll}
        role="tree"
        aria-label="Spans"
        tabIndex={0}
        aria-activedescendant={place < 0 ? undefined : `${id}${place}`}
        onClick={({ target }) => answerClick(target as Element, props)}
        onKeyDown={(event) => answerArrow(event, nodes[place + (STEPS[event.key] ?? 0)], props)}
      >
        <div role="presentation" className={styles.rows} style={{ height: rows.getTotalSize() }}>
          <TickLines ticks={ticks} window={window} />
          {rows.getVirtualItems().map(({ index, start }) => {
            const node = nodes[index] as SpanNode;
            return (
              <SpanRow
                key={node.place}
                id={`${id}${index}`}
                top={start}
                node={node}
                tree={tree}
                window={window}
                isClosed={closed.has(node.span.span_id)}
                isSelected={node === selected}
                color={colorOf(node.span.service_name)}
                ticks={ticksOf(node.span.span_id)}
              />
            );
          })}
        </div>
      </div>
      <i data-crosshair className={styles.crosshair} hidden />
    </div>
  );
}

/** The rows in sight, and some more. */
function useRows(scroll: RefObject<HTMLElement | null>, count: number, onScroll: SpanWaterfallProps["onScroll"]) {
  return useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
    onChange: ({ scrollElement }) => {
      if (scrollElement === null) return;
      const { scrollTop, clientHeight } = scrollElement;
      onScroll(scrollTop / (count * ROW), (scrollTop + clientHeight) / (count * ROW));
    },
  });
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function answerClick(target: Element, { onToggle, onSelect }: SpanWaterfallProps): void {
  const id = target.closest<HTMLElement>("[data-id]")?.dataset["id"];
  if (id === undefined) return;
  if (target.closest("[data-toggle]") !== null) onToggle(id);
  else onSelect(id);
}

function answerArrow(event: KeyboardEvent, next: SpanNode | undefined, { onSelect }: SpanWaterfallProps): void {
  if (!(event.key in STEPS)) return;
  event.preventDefault();
  if (next !== undefined) onSelect(next.span.span_id);
}

function TickWords({ ticks, window }: { readonly ticks: readonly Tick[]; readonly window: SpanWindow }) {
  return ticks.map(({ at, text }) => (
    <span key={at} style={{ left: `${placeOf(at, window) * 100}%` }}>
      {text}
    </span>
  ));
}

function TickLines({ ticks, window }: { readonly ticks: readonly Tick[]; readonly window: SpanWindow }) {
  return (
    <div role="presentation" className={styles.lines}>
      {ticks.map(({ at }) => (
        <i key={at} style={{ left: `${placeOf(at, window) * 100}%` }} />
      ))}
    </div>
  );
}

function placeOf(at: number, { from, to }: SpanWindow): number {
  return (at - from) / (to - from);
}

/** A line through all rows with its time at the axis, moved without drawing anything anew. */
function useCrosshair({ from, to }: SpanWindow) {
  return {
    onPointerMove: ({ currentTarget, clientX }: PointerEvent<HTMLElement>) => {
      const axis = currentTarget.querySelector(`.${styles.axis}`)?.getBoundingClientRect();
      if (axis === undefined) return;
      const share = (clientX - axis.left) / axis.width;
      showCrosshair(currentTarget, axis, share, share < 0 || share > 1 ? undefined : from + share * (to - from));
    },
    onPointerLeave: ({ currentTarget }: PointerEvent<HTMLElement>) =>
      showCrosshair(currentTarget, undefined, 0, undefined),
  };
}

function showCrosshair(element: HTMLElement, axis: DOMRect | undefined, share: number, at: number | undefined): void {
  const line = element.querySelector<HTMLElement>("[data-crosshair]");
  const words = element.querySelector<HTMLElement>("[data-crosshair-text]");
  if (line === null || words === null) return;
  line.hidden = words.hidden = at === undefined;
  if (at === undefined || axis === undefined) return;
  line.style.left = `${axis.left - element.getBoundingClientRect().left + share * axis.width}px`;
  words.style.left = `${share * 100}%`;
  words.textContent = `+${durationText(at / 1e6)}`;
}
