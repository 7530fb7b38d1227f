// The tiles: what has happened in 24 hours, in figures that are read from across a desk.
import { memo, useCallback, useMemo, useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { CountSpark } from "../../charts/count-spark.tsx";
import { SharedTimeCursor } from "../../charts/time-cursor.tsx";
import { axisTimeText } from "../../format/time-text.ts";
import type { LiveTotals } from "../../live/use-totals.ts";
import { Mark } from "../../ui/mark.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { spanText } from "./range-text.ts";
import styles from "./tile-strip.module.css";
import { type TotalTile, tileSlices, totalTiles } from "./total-tiles.ts";

/** The strip of tiles. */
export function TileStrip({
  live,
  range,
  symbol,
}: {
  readonly live: LiveTotals;
  readonly range: TimeRange;
  readonly symbol: string;
}) {
  const { totals, problem } = live;
  const [, set] = useParameters();
  const slices = useSlices(range, symbol, totals !== undefined && totals.accepts + totals.declines > 0);
  const tiles = totalTiles(totals, slices.slices);
  return (
    <section className={styles.frame} aria-label="Totals of the last 24 hours">
      <h2 className="visually-hidden">Totals of the last 24 hours</h2>
      <div className={styles.strip}>
        <SharedTimeCursor>
          {tiles.map((tile) => (
            <Tile
              key={tile.title}
              tile={tile}
              from={slices.from}
              stepSeconds={slices.stepSeconds}
              span={spanText(range)}
              onShow={() => set({ type: tile.filter.type, show: tile.filter.show })}
            />
          ))}
        </SharedTimeCursor>
      </div>
      {/* That nobody answers at all is said below, by the feed. */}
      {problem !== null && problem.status !== 0 && (
        <p className={styles.problem} role="status">
          <Mark tone="error" /> Not checked against the server: {problem.message}
        </p>
      )}
    </section>
  );
}

function useSlices(range: TimeRange, symbol: string, hasDecisions: boolean) {
  const { stepSeconds } = range;
  // Whole slices: then the question is the same one until the next slice begins.
  const from = Math.floor(range.from / stepSeconds) * stepSeconds;
  const to = Math.ceil(range.to / stepSeconds) * stepSeconds;
  const query = {
    start_time: isoOf(from),
    end_time: isoOf(to - 0.001),
    symbol: symbol === "" ? undefined : symbol,
    step_seconds: stepSeconds,
  };
  const options = { everyMs: range.name === undefined ? (false as const) : EVERY_MS, freshMs: EVERY_MS };
  const events = useAnswer("/api/telemetry/analytics/timeline", query, options).data;
  const decisions = useAnswer("/api/telemetry/decisions/timeline", query, { ...options, enabled: hasDecisions }).data;
  const slices = useMemo(
    () => tileSlices(events, decisions, from, to, stepSeconds),
    [events, decisions, from, to, stepSeconds],
  );
  return { slices, from, stepSeconds };
}

const EVERY_MS = 10_000;

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

const Tile = memo(function Tile({
  tile,
  from,
  stepSeconds,
  span,
  onShow,
}: {
  readonly tile: TotalTile;
  readonly from: number;
  readonly stepSeconds: number;
  readonly span: string;
  readonly onShow: () => void;
}) {
  const { title, tone, figure, note, values, text, rangeFigure } = tile;
  const [index, setIndex] = useState<number>();
  const point = useCallback((at: number | undefined) => setIndex(at), []);
  const value = index === undefined ? undefined : values[index];
  const under =
    index === undefined
      ? `${rangeFigure} ${span}`
      : `${value === null || value === undefined ? "–" : text(value)} at ${axisTimeText(from + index * stepSeconds, stepSeconds >= 600)} UTC`;
  return (
    <div className={styles.tile}>
      <button type="button" className={styles.title} onClick={onShow} title={`Show ${title.toLowerCase()} in the feed`}>
        <Mark tone={tone} size={9} />
        {title}
      </button>
      <p className={styles.figure}>
        {figure === undefined ? <i className={styles.pending} /> : <strong>{figure}</strong>}
        {figure !== undefined && <small title="of the last 24 hours">{note === "" ? "24 h" : note}</small>}
      </p>
      <CountSpark
        label={`${title}: ${under}`}
        values={values}
        from={from}
        stepSeconds={stepSeconds}
        color={tone === "info" ? "accent" : tone}
        onPoint={point}
      />
      <p className={styles.under}>{under}</p>
    </div>
  );
});
