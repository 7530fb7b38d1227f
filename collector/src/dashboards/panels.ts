// The kinds of panels: tile, lines over time, ranked bars, heatmap, table, log lines, traces.
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import { type DataTransformerConfig, PanelBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmaps from "@grafana/grafana-foundation-sdk/heatmap";
import * as logPanels from "@grafana/grafana-foundation-sdk/logs";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as tables from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { COLOURS, colourBy } from "./palette.ts";
import { framed, type PanelDraft, type PanelSpec } from "./panel-frame.ts";

/** How a series is drawn: bad ones are dashed, so that they are told apart without colours. */
export type SeriesStyle = "good" | "watch" | "act";

/** A tile: one figure, or one for each series, with its course behind it unless `instant`. */
export interface TileSpec extends PanelSpec {
  /** Asked for as of now: totals over the time range have no course. */
  readonly instant?: boolean;
  /** Shows the name of the series with the value, or instead of it. */
  readonly shows?: "value" | "name" | "both";
}

/** A figure that is read from across the room. */
export function tile(spec: TileSpec): PanelDraft {
  const { None, Area } = common.BigValueGraphMode;
  const texts = common.BigValueTextMode;
  const shown = { value: texts.Value, name: texts.Name, both: texts.ValueAndName }[spec.shows ?? "value"];
  const builder = new stat.PanelBuilder()
    .graphMode(spec.instant === true ? None : Area)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(shown)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .orientation(common.VizOrientation.Auto)
    .colorScheme(colourBy("limits"))
    .reduceOptions(latest());
  return framed(builder, spec, spec.instant === true ? "instant" : "range", 4);
}

/** Lines over time. */
export interface TrendSpec extends PanelSpec {
  readonly stacked?: boolean;
  /** Stacks to 100 %. */
  readonly shares?: boolean;
  /** Styles of series whose names fit a pattern. */
  readonly styles?: Readonly<Record<string, SeriesStyle>>;
}

/** Lines over time, with a legend that has the figures. */
export function trend(spec: TrendSpec): PanelDraft {
  const { None, Normal, Percent } = common.StackingMode;
  const isStacked = spec.stacked === true || spec.shares === true;
  const stacking = spec.shares === true ? Percent : isStacked ? Normal : None;
  const builder = new timeseries.PanelBuilder()
    .drawStyle(common.GraphDrawStyle.Line)
    .lineInterpolation(common.LineInterpolation.Linear)
    .lineWidth(isStacked ? 1 : 2)
    .fillOpacity(isStacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Never)
    .stacking({ build: () => ({ mode: stacking, group: "A" }) })
    .colorScheme(colourBy("name"))
    .legend(figuresLegend())
    .tooltip({ build: () => ({ mode: common.TooltipDisplayMode.Multi, sort: common.SortOrder.Descending }) });
  if (spec.limits !== undefined)
    builder.thresholdsStyle({ build: () => ({ mode: common.GraphThresholdsStyleMode.Dashed }) });
  for (const [pattern, style] of Object.entries(spec.styles ?? {})) builder.overrideByRegexp(pattern, styleOf(style));
  return framed(builder, spec, "range", 8);
}

/** Bars as of now, one a series, in the order of the answer. */
export function bars(spec: PanelSpec): PanelDraft {
  const builder = new bargauge.PanelBuilder()
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Color)
    .namePlacement(common.BarGaugeNamePlacement.Left)
    .showUnfilled(true)
    .sizing(common.BarGaugeSizing.Auto)
    .orientation(common.VizOrientation.Horizontal)
    .colorScheme(colourBy("limits"))
    .reduceOptions(latest());
  return framed(builder, spec, "instant", 9);
}

/** How often which duration came, over time; `unit` is the unit of the buckets. */
export function heatmap(spec: PanelSpec): PanelDraft {
  const yAxis = { unit: spec.unit, axisPlacement: common.AxisPlacement.Left };
  const builder = new heatmaps.PanelBuilder()
    .calculate(false)
    .color({ build: () => ({ ...SCHEME, mode: heatmaps.HeatmapColorMode.Scheme }) })
    .yAxis({ build: () => yAxis })
    .rowsFrame({ build: () => ({ layout: common.HeatmapCellLayout.Auto }) })
    .cellGap(1)
    .cellValues({ build: () => ({ unit: "suffix: /s" }) })
    .exemplarsColor(COLOURS.watch)
    .tooltip({ build: () => ({ mode: common.TooltipDisplayMode.Single, yHistogram: true, showColorScale: true }) })
    .showLegend();
  return framed(builder, spec, "heatmap", 9);
}

/** Rows and columns. */
export interface TableSpec extends PanelSpec {
  readonly transformations?: readonly DataTransformerConfig[];
  /** Units of single columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The column by which rows stand, the largest first. */
  readonly sortedBy?: string;
}

/** A table as of now. */
export function table(spec: TableSpec): PanelDraft {
  const builder = new tables.PanelBuilder().cellHeight(common.TableCellHeight.Sm).filterable(true);
  if (spec.sortedBy !== undefined) {
    const order = { displayName: spec.sortedBy, desc: true };
    builder.sortBy([{ build: () => order }]);
  }
  for (const [name, unit] of Object.entries(spec.columns ?? {}))
    builder.overrideByName(name, [{ id: "unit", value: unit }]);
  builder.transformations([...(spec.transformations ?? [])]);
  return framed(builder, spec, "table", 8);
}

/** Log lines, the newest first. */
export function logs(spec: PanelSpec): PanelDraft {
  const builder = new logPanels.PanelBuilder()
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .showLabels(false)
    .showCommonLabels(false)
    .prettifyLogMessage(false)
    .sortOrder(common.LogsSortOrder.Descending)
    .dedupStrategy(common.LogsDedupStrategy.None);
  return framed(builder, spec, "range", 9);
}

/** One trace as a waterfall. */
export function waterfall(spec: PanelSpec): PanelDraft {
  return framed(new PanelBuilder().type("traces"), spec, "range", 14);
}

const SCHEME = {
  scheme: "Viridis",
  fill: COLOURS.good,
  scale: heatmaps.HeatmapColorScale.Exponential,
  exponent: 0.5,
  steps: 64,
  reverse: false,
};

function latest() {
  return { build: () => ({ calcs: ["lastNotNull"], fields: "", values: false }) };
}

function figuresLegend() {
  const { Table } = common.LegendDisplayMode;
  const placement = common.LegendPlacement.Bottom;
  const calcs = ["lastNotNull", "mean", "max"];
  return { build: () => ({ displayMode: Table, placement, showLegend: true, calcs, sortBy: "Max", sortDesc: true }) };
}

function styleOf(style: SeriesStyle) {
  const dashes = { good: undefined, watch: [10, 6], act: [4, 4] }[style];
  const colour = { id: "color", value: { mode: "fixed", fixedColor: COLOURS[style] } };
  if (dashes === undefined) return [colour];
  return [colour, { id: "custom.lineStyle", value: { fill: "dash", dash: dashes } }];
}
