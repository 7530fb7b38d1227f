// A heatmap of durations (or any values in buckets) over time: it shares the axis of time and the crosshair. Drag marks a range.
import { useMemo, useState } from "react";
import { shareText } from "../format/number-text.ts";
import { axisTimeText } from "../format/time-text.ts";
import { type HeatCell, type HeatGrid, type HeatSlice, heatGrid, rowText } from "./heat-grid.ts";
import { HeatSurface } from "./heat-surface.tsx";
import { HeatTable } from "./heat-table.tsx";
import styles from "./heatmap.module.css";

/** What a heatmap shows. */
export interface HeatmapProps {
  /** What it is, for screen readers. */
  readonly title: string;
  /** Upper bounds of the buckets, rising. */
  readonly bounds: readonly number[];
  readonly slices: readonly HeatSlice[];
  readonly stepSeconds: number;
  /** The axis of time, shared by the charts of a screen. */
  readonly from: number;
  readonly to: number;
  /** A value with its unit. */
  readonly text: (value: number) => string;
  /** What is counted, in the plural: `passes`. */
  readonly what: string;
  /** The same as a table. */
  readonly isTable: boolean;
  /** Somebody has marked a range. */
  readonly onSelect: (from: number, to: number) => void;
}

/** The map, with a line that says what is under the pointer; or its table. */
export function Heatmap(props: HeatmapProps) {
  const { title, bounds, slices, stepSeconds, from, to, text, what, isTable, onSelect } = props;
  const grid = useMemo(() => heatGrid(bounds, slices), [bounds, slices]);
  const [cell, setCell] = useState<HeatCell | undefined>(undefined);
  if (isTable) return <HeatTable {...{ title, grid, slices, stepSeconds, text, what, onSelect, from, to }} />;
  const summary = summaryText(grid, text, what);
  return (
    <figure className={styles.figure} aria-label={`${title}. ${summary}`}>
      <p className={styles.line}>
        {cell === undefined ? <Scale most={grid.most} what={what} /> : cellText(cell, props)}
      </p>
      <HeatSurface {...{ grid, stepSeconds, from, to, text, onSelect }} cell={cell} onCell={setCell} />
    </figure>
  );
}

function Scale({ most, what }: { readonly most: number; readonly what: string }) {
  return (
    <span className={styles.scale}>
      1 <i /> {most.toLocaleString("en")} {what} in a cell
    </span>
  );
}

function cellText({ time, row, count, share }: HeatCell, { text, what, from, to, stepSeconds }: HeatmapProps) {
  const withDay = to - from > 86_400;
  return (
    <>
      <b>{rowText(row, text)}</b>
      <span>
        {count.toLocaleString("en")} {what}
      </span>
      <span>{shareText(share, 1)} of the slice</span>
      <span className={styles.at}>
        {axisTimeText(time, withDay)} to {axisTimeText(time + stepSeconds, withDay)} UTC
      </span>
    </>
  );
}

function summaryText({ rows, total }: HeatGrid, text: (value: number) => string, what: string): string {
  const [lowest, highest] = [rows[0], rows.at(-1)];
  if (lowest === undefined || highest === undefined) return `No ${what}.`;
  return `${total.toLocaleString("en")} ${what}, from ${rowText(lowest, text)}, to ${rowText(highest, text)}. The table has all counts.`;
}
