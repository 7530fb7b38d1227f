// All spans of a long trace at once: where the waterfall is, and a drag to where it should be.
import { type PointerEvent, type Ref, useEffect, useRef, useState } from "react";
import styles from "./span-minimap.module.css";
import type { SpanNode } from "./span-tree.ts";
import type { SpanWindow } from "./span-window.ts";
import { useThemeColors } from "./theme-colors.ts";
import { useElementSize } from "./use-element-size.ts";

/** What a minimap shows. */
export interface SpanMinimapProps {
  readonly nodes: readonly SpanNode[];
  /** Nanoseconds. */
  readonly duration: number;
  readonly window: SpanWindow;
  /** The mark of the rows that are in sight: {@link placeSight} moves it. */
  readonly sight: Ref<HTMLElement>;
  readonly colorOf: (service: string) => string;
  /** Somebody has marked a part. */
  readonly onWindow: (window: SpanWindow) => void;
}

const LEAST_DRAG = 4;

/** The map: a line for each span, in the order of the rows. */
export function SpanMinimap({ nodes, duration, window, sight, colorOf, onWindow }: SpanMinimapProps) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useElementSize(host);
  const themeColor = useThemeColors();
  const [marked, setMarked] = useState<{ readonly from: number; readonly to: number } | undefined>(undefined);
  useEffect(() => {
    const color = ({ span }: SpanNode) => themeColor(span.status_code === 2 ? "error" : colorOf(span.service_name));
    if (canvas.current !== null) draw(canvas.current, width, height, nodes, duration, color);
  }, [nodes, duration, width, height, colorOf, themeColor]);
  const placeOf = ({ currentTarget, clientX }: PointerEvent) =>
    Math.min(width, Math.max(0, clientX - currentTarget.getBoundingClientRect().left));
  return (
    <div
      ref={host}
      className={styles.map}
      title="Drag to look closer (z: the chosen span, 0: all)"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setMarked({ from: placeOf(event), to: placeOf(event) });
      }}
      onPointerMove={(event) => marked !== undefined && setMarked({ from: marked.from, to: placeOf(event) })}
      onPointerUp={() => {
        if (marked !== undefined && Math.abs(marked.to - marked.from) >= LEAST_DRAG) {
          const at = (x: number) => (x / width) * duration;
          onWindow({ from: at(Math.min(marked.from, marked.to)), to: at(Math.max(marked.from, marked.to)) });
        }
        setMarked(undefined);
      }}
      onPointerCancel={() => setMarked(undefined)}
    >
      <canvas ref={canvas} role="img" aria-label={`All ${nodes.length} spans of the trace`} />
      <i
        ref={sight}
        className={styles.window}
        style={{
          left: `${(window.from / duration) * 100}%`,
          width: `${((window.to - window.from) / duration) * 100}%`,
        }}
      />
      {marked !== undefined && (
        <i
          className={styles.marked}
          style={{ left: Math.min(marked.from, marked.to), width: Math.abs(marked.to - marked.from) }}
        />
      )}
    </div>
  );
}

/** Moves the mark to the rows from `first` to `last`, from 0 to 1 of all. */
export function placeSight(mark: HTMLElement | null, first: number, last: number): void {
  if (mark === null) return;
  mark.style.top = `${Math.max(0, first) * 100}%`;
  mark.style.height = `${(Math.min(1, last) - Math.max(0, first)) * 100}%`;
}

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  nodes: readonly SpanNode[],
  duration: number,
  colorOf: (node: SpanNode) => string,
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const step = height / nodes.length;
  // Errors last: they must not disappear below their neighbours.
  for (const isError of [false, true])
    for (const [i, node] of nodes.entries()) {
      if ((node.span.status_code === 2) !== isError) continue;
      context.fillStyle = colorOf(node);
      context.globalAlpha = node.children.length > 0 && !isError ? 0.35 : 1;
      const length = Math.max(1, ((node.end - node.start) / duration) * width);
      context.fillRect((node.start / duration) * width, i * step, length, Math.max(isError ? 2 : 1, step * 0.7));
    }
}
