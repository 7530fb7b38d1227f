// A heatmap as a table: for whoever reads instead of looking, and for the exact counts.
import { axisTimeText } from "../format/time-text.ts";
import { type HeatGrid, type HeatSlice, rowText } from "./heat-grid.ts";
import styles from "./heatmap.module.css";

/** What the table shows. */
export interface HeatTableProps {
  readonly title: string;
  readonly grid: HeatGrid;
  readonly slices: readonly HeatSlice[];
  readonly stepSeconds: number;
  readonly from: number;
  readonly to: number;
  readonly text: (value: number) => string;
  readonly what: string;
  readonly onSelect: (from: number, to: number) => void;
}

/** A row for each slice of time, newest first, a column for each bucket; the time of a row marks its range. */
export function HeatTable({ title, grid, slices, stepSeconds, from, to, text, what, onSelect }: HeatTableProps) {
  const withDay = to - from > 86_400;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label={`${title}, as a table`}>
      <table className={styles.table}>
        <caption className="visually-hidden">
          {title}: {what} by time and duration
        </caption>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            {grid.rows.map((row) => (
              <th key={row.bucket} scope="col">
                {rowText(row, text)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slices.toReversed().map(({ time, bucket_counts: counts }) => (
            <tr key={time}>
              <th scope="row">
                <button type="button" title="Only this time" onClick={() => onSelect(time, time + stepSeconds)}>
                  {axisTimeText(time, withDay)}
                </button>
              </th>
              {grid.rows.map((row) => (
                <td key={row.bucket}>{(counts[row.bucket] ?? 0).toLocaleString("en")}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
