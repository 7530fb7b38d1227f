// Lines, areas or bars over time, with the crosshair that all charts of a screen share. Drag marks a range.
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { axisTimeText } from "../format/time-text.ts";
import { AlertMarks } from "./alert-marks.tsx";
import type { ChartMark } from "./chart-marks.ts";
import { useThemeColors } from "./theme-colors.ts";
import styles from "./time-chart.module.css";
import { useCursorTime } from "./time-cursor.tsx";
import { useAlertMarks } from "./use-alert-marks.ts";

/** One line of a chart. */
export interface TimeSeries {
  readonly label: string;
  /** A colour of the theme: `accept`, `series-1`. */
  readonly color: string;
  /** A value for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Default `line`. Bars of several series are drawn over each other: give sums to stack them. */
  readonly shape?: "line" | "area" | "bars" | "dashes";
}

/** What a chart shows. */
export interface TimeChartProps {
  /** What it is, for screen readers. */
  readonly title: string;
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly series: readonly TimeSeries[];
  /** The axis of time, shared by the charts of a screen. */
  readonly from: number;
  readonly to: number;
  /** A value with its unit. */
  readonly text: (value: number) => string;
  /** A value at the axis, where there is room for some eight letters; default `text`. */
  readonly axisText?: (value: number) => string;
  /** Pixels. Default 160. */
  readonly height?: number;
  /** Values are so different in size that the axis counts by powers of ten. */
  readonly isLogarithmic?: boolean;
  /** It stands on another chart of the same times, which has the axis for both. */
  readonly isOnTop?: boolean;
  /** Moments that are marked. Default: the alerts that fired. */
  readonly marks?: readonly ChartMark[];
  /** Somebody has marked a range. */
  readonly onSelect?: (from: number, to: number) => void;
}

/** The chart, with a legend that says the values under the crosshair. */
export function TimeChart(props: TimeChartProps) {
  const { title, times, series, from, to, text, height = 160, marks } = props;
  const alerts = useAlertMarks(from, to, marks === undefined);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const id = useId();
  const [index, setIndex] = useState<number | null>(null);
  const colorOf = useThemeColors();
  const latest = useRef(props);
  latest.current = props;
  const source = useMemo(() => ({}), []);
  const follow = useCallback((time: number | undefined) => followCursor(plot.current, time), []);
  const cursor = useCursorTime(source, follow);
  const shape = series.map((one) => `${one.label}/${one.color}/${one.shape}`).join("|");

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is what of the series the plot is made of.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(latest, colorOf, height, element.clientWidth, {
        onIndex: setIndex,
        onMove: (time) => cursor.set(time, source),
      }),
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(80, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, colorOf, height, cursor, source, props.isLogarithmic]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot reads them from the latest properties.
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current), true);
  }, [times, series, from, to]);

  const shown = index ?? times.length - 1;
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption id={id} className="visually-hidden">
        {title}
      </figcaption>
      <ul className={styles.legend}>
        {series.map((one) => (
          <li key={one.label}>
            <i style={{ background: `var(--${one.color})` }} />
            <span>{one.label}</span>
            <b>{textAt(one.values[shown], text)}</b>
          </li>
        ))}
        {index !== null && times[index] !== undefined && (
          <li className={styles.at}>{axisTimeText(times[index], to - from > 86_400)} UTC</li>
        )}
      </ul>
      <div className={styles.plot}>
        <div ref={host} />
        <AlertMarks marks={marks ?? alerts} from={from} to={to} inset={insetOf(props)} />
      </div>
    </figure>
  );
}

/** Pixels around the lines of a chart. */
const TOP = 8;
const RIGHT = 8;
const ON_TOP = 6;
const TIME_AXIS = 26;
const VALUE_AXIS = 66;

function insetOf({ isOnTop }: TimeChartProps) {
  return { left: VALUE_AXIS, right: RIGHT, top: TOP, bottom: isOnTop === true ? ON_TOP : TIME_AXIS };
}

function textAt(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? "–" : text(value);
}

function axisTextOf({ text, axisText = text }: TimeChartProps): (value: number) => string {
  return axisText;
}

function dataOf({ times, series }: TimeChartProps): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
}

function followCursor(plot: uPlot | null, time: number | undefined): void {
  if (plot === null) return;
  const left = time === undefined ? -10 : plot.valToPos(time, "x");
  plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  // Without its own event the legend would not know.
  const index = left < 0 ? null : plot.posToIdx(left);
  (plot as PlotWithLegend).onIndex?.(index);
}

type PlotWithLegend = uPlot & { onIndex?: (index: number | null) => void };

interface Heard {
  readonly onIndex: (index: number | null) => void;
  readonly onMove: (time: number | undefined) => void;
}

function optionsOf(
  latest: { readonly current: TimeChartProps },
  colorOf: (name: string) => string,
  height: number,
  width: number,
  heard: Heard,
): uPlot.Options {
  const { series, isLogarithmic = false } = latest.current;
  const axis = { stroke: colorOf("text-3"), font: "11px Inter Variable, sans-serif", ticks: { show: false } };
  const grid = { stroke: colorOf("line"), width: 1 };
  return {
    width: Math.max(80, width),
    height,
    // Half a number of the axis stands below the lowest line where there are no times.
    padding: [TOP, RIGHT, latest.current.isOnTop === true ? ON_TOP : 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [latest.current.from, latest.current.to] },
      y: isLogarithmic
        ? { distr: 3 }
        : { range: (_plot, min, max) => [min < 0 ? min * 1.08 : 0, max > 0 ? max * 1.08 : min < 0 ? 0 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        show: latest.current.isOnTop !== true,
        size: TIME_AXIS,
        space: 70,
        values: (_plot, splits) =>
          splits.map((at) => axisTimeText(at, latest.current.to - latest.current.from > 86_400)),
        incrs: [60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000],
      },
      {
        ...axis,
        grid: isLogarithmic ? { ...grid, filter: decadesOnly } : grid,
        size: VALUE_AXIS,
        space: height < 100 ? 16 : 28,
        values: (_plot, splits) => splits.map((value) => (value === null ? "" : axisTextOf(latest.current)(value))),
      },
    ],
    series: [{}, ...series.map((one) => lineOf(one, colorOf))],
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
    },
    hooks: {
      init: [
        (plot) => {
          (plot as PlotWithLegend).onIndex = heard.onIndex;
          plot.over.addEventListener("mouseleave", () => {
            heard.onIndex(null);
            heard.onMove(undefined);
          });
        },
      ],
      setCursor: [
        (plot) => {
          const { left = -1, idx } = plot.cursor;
          heard.onIndex(left < 0 ? null : (idx ?? null));
          heard.onMove(left < 0 ? undefined : plot.posToVal(left, "x"));
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: marked } = plot.select;
          if (marked < 4) return;
          latest.current.onSelect?.(plot.posToVal(left, "x"), plot.posToVal(left + marked, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Nine lines for each power of ten would be a fence. */
const decadesOnly: uPlot.Axis.Filter = (_plot, splits) =>
  splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e9) / 1e9) ? value : null));

function lineOf({ label, color, shape = "line" }: TimeSeries, colorOf: (name: string) => string): uPlot.Series {
  const stroke = colorOf(color);
  const bars = uPlot.paths.bars;
  return {
    label,
    stroke,
    width: shape === "bars" ? 0 : 1.5,
    points: { show: false },
    ...(shape === "dashes" ? { dash: [5, 4] } : {}),
    ...(shape === "line" || shape === "dashes" ? {} : { fill: shape === "bars" ? stroke : `${stroke}2b` }),
    ...(shape === "bars" && bars !== undefined ? { paths: bars({ size: [0.9, 24], align: 1 }) } : {}),
  };
}
