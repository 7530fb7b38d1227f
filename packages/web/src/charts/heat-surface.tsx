// The drawn part of a heatmap: cells on a canvas, axes in words, crosshair and marking by the pointer.
import { type PointerEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { axisTimeText } from "../format/time-text.ts";
import { axisEdges, axisTimes } from "./heat-axis.ts";
import { cellAt, type HeatCell, type HeatGrid } from "./heat-grid.ts";
import styles from "./heatmap.module.css";
import { useThemeColors } from "./theme-colors.ts";
import { useCursorTime } from "./time-cursor.tsx";
import { useElementSize } from "./use-element-size.ts";

/** What the surface draws and tells. */
export interface HeatSurfaceProps {
  readonly grid: HeatGrid;
  readonly stepSeconds: number;
  readonly from: number;
  readonly to: number;
  readonly text: (value: number) => string;
  readonly cell: HeatCell | undefined;
  readonly onCell: (cell: HeatCell | undefined) => void;
  readonly onSelect: (from: number, to: number) => void;
}

/** Pixels that a pointer must have moved to mark a range. */
const LEAST_DRAG = 4;

/** The cells with their axes. */
export function HeatSurface(props: HeatSurfaceProps) {
  const { grid, stepSeconds, from, to, text, cell } = props;
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useElementSize(plot);
  const colorOf = useThemeColors();
  const pointer = useHeatPointer(props, plot);
  useEffect(() => {
    if (canvas.current !== null)
      draw(canvas.current, width, height, { grid, stepSeconds, from, to }, colorOf("heat-1"));
  }, [grid, stepSeconds, from, to, width, height, colorOf]);
  const share = (time: number) => `${((time - from) / (to - from)) * 100}%`;
  return (
    <div className={styles.surface}>
      <ol className={styles.values} aria-hidden="true">
        {axisEdges(grid.rows, height, 16).map(({ value, place }) => (
          <li key={value} style={{ bottom: `${place * 100}%` }}>
            {text(value)}
          </li>
        ))}
      </ol>
      <div ref={plot} className={styles.plot} {...pointer.handlers}>
        <canvas ref={canvas} />
        {cell !== undefined && (
          <i
            className={styles.cell}
            style={{
              left: share(cell.time),
              width: `${(stepSeconds / (to - from)) * 100}%`,
              bottom: `${cell.row.bottom * 100}%`,
              height: `${(cell.row.top - cell.row.bottom) * 100}%`,
            }}
          />
        )}
        {pointer.marked !== undefined && (
          <i className={styles.marked} style={{ left: pointer.marked.left, width: pointer.marked.width }} />
        )}
        <i ref={pointer.line} className={styles.cursor} hidden />
      </div>
      <ol className={styles.times} aria-hidden="true">
        {axisTimes(from, to, Math.max(1, Math.floor(width / 70))).map((time) => (
          <li key={time} style={{ left: share(time) }}>
            {axisTimeText(time, to - from > 86_400)}
          </li>
        ))}
      </ol>
    </div>
  );
}

interface Marked {
  readonly left: number;
  readonly width: number;
}

function useHeatPointer(props: HeatSurfaceProps, plot: RefObject<HTMLDivElement | null>) {
  const { grid, stepSeconds, from, to, onCell, onSelect } = props;
  const line = useRef<HTMLElement>(null);
  const source = useMemo(() => ({}), []);
  const [begun, setBegun] = useState<number | undefined>(undefined);
  const [marked, setMarked] = useState<Marked | undefined>(undefined);
  const show = useCallback(
    (time: number | undefined) => placeLine(line.current, time === undefined ? -1 : (time - from) / (to - from)),
    [from, to],
  );
  const cursor = useCursorTime(source, show);
  const end = () => {
    setBegun(undefined);
    setMarked(undefined);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setBegun(placeIn(plot.current, event).x);
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y, width, height } = placeIn(plot.current, event);
      const time = from + (x / width) * (to - from);
      cursor.set(time, source);
      show(time);
      if (begun === undefined) onCell(cellAt(grid, stepSeconds, time, 1 - y / height));
      else
        setMarked({ left: Math.max(0, Math.min(begun, x)), width: Math.abs(Math.min(Math.max(0, x), width) - begun) });
    },
    onPointerUp: () => {
      const { width } = placeIn(plot.current, undefined);
      if (marked !== undefined && marked.width >= LEAST_DRAG) {
        const timeAt = (x: number) => from + (x / width) * (to - from);
        onSelect(timeAt(marked.left), timeAt(marked.left + marked.width));
      }
      end();
    },
    onPointerCancel: end,
    onPointerLeave: () => {
      cursor.set(undefined, source);
      show(undefined);
      onCell(undefined);
    },
  };
  return { line, marked, handlers };
}

function placeIn(plot: HTMLElement | null, event: PointerEvent | undefined) {
  const box = plot?.getBoundingClientRect();
  return {
    x: (event?.clientX ?? 0) - (box?.left ?? 0),
    y: (event?.clientY ?? 0) - (box?.top ?? 0),
    width: box?.width || 1,
    height: box?.height || 1,
  };
}

function placeLine(line: HTMLElement | null, share: number): void {
  if (line === null) return;
  line.hidden = share < 0 || share > 1;
  line.style.left = `${share * 100}%`;
}

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  { grid, stepSeconds, from, to }: Pick<HeatSurfaceProps, "grid" | "stepSeconds" | "from" | "to">,
  color: string,
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  context.fillStyle = color;
  const perSecond = width / (to - from);
  for (const { time, row, heat } of grid.cells) {
    context.globalAlpha = 0.06 + heat * 0.94;
    const top = (1 - row.top) * height;
    // A hairline between rows, none between slices: time flows.
    context.fillRect(
      (time - from) * perSecond,
      top,
      Math.max(1, stepSeconds * perSecond - 0.5),
      Math.max(1, (row.top - row.bottom) * height - 1),
    );
  }
}
