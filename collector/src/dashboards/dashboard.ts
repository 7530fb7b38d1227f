// A dashboard: rows of panels in the grid, the variables and links that all dashboards share.
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type GridPos,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS } from "./palette.ts";
import type { DashboardName, PanelDraft } from "./panel-frame.ts";
import { DATA_SOURCES } from "./targets.ts";
import type { Variable } from "./variables.ts";

/** A row with a heading; panels flow from left to right and wrap at 24 columns. */
export interface Section {
  readonly title: string;
  readonly panels: readonly PanelDraft[];
  /** Closed until someone opens it: its queries wait so long. */
  readonly isClosed?: boolean;
}

/** What a dashboard is made of. */
export interface DashboardSpec {
  /** Its uid comes of it, stable for ever: links and bookmarks hold it. */
  readonly name: DashboardName;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly sections: readonly Section[];
  /** LogQL whose lines mark a moment on all panels, by what they are called. */
  readonly moments?: Readonly<Record<string, string>>;
}

/** All dashboards carry it; their links to each other go by it. */
const TAG = "tracebook";
const GRID_COLUMNS = 24;
/** Ids of a row and of its panels start at the next hundred, so that a new panel moves no id of another row. */
const IDS_PER_SECTION = 100;

/** Builds a dashboard as Grafana imports it. */
export function buildDashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(`tracebook-${spec.name}`)
    .description(spec.description)
    .tags([TAG, "trading"])
    .timezone("browser")
    .time({ from: "now-1h", to: "now" })
    .refresh("10s")
    .tooltip(DashboardCursorSync.Crosshair)
    .timepicker({ build: () => ({ refresh_intervals: ["5s", "10s", "30s", "1m", "5m"] }) })
    .variables([...spec.variables])
    .link(linkToOthers())
    .annotation(firingAlerts())
    .editable()
    .version(1);
  for (const [name, expr] of Object.entries(spec.moments ?? {})) builder.annotation(moment(name, expr));
  let top = 0;
  for (const [at, section] of spec.sections.entries())
    top = addSection(builder, section, IDS_PER_SECTION * (at + 1), top);
  return asGrafanaWants(builder.build());
}

/**
 * Without what the SDK adds by itself: the fields of an interval variable on every variable, and a place in a closed menu for links and
 * moments, which people look for above the panels.
 */
function asGrafanaWants(dashboard: Dashboard): Dashboard {
  const variables = dashboard.templating.list?.map(({ auto, auto_min, auto_count, ...variable }) => variable);
  const moments = dashboard.annotations.list?.map(({ placement, ...moment }) => moment);
  const links = dashboard.links?.map(({ placement, ...link }) => link);
  return {
    ...dashboard,
    templating: { list: variables ?? [] },
    annotations: { ...dashboard.annotations, list: moments ?? [] },
    links: links ?? [],
  };
}

/** Adds a row and its panels below `top`; returns where the next one begins. */
function addSection(builder: DashboardBuilder, section: Section, firstId: number, top: number): number {
  const isClosed = section.isClosed === true;
  const row = new RowBuilder(section.title).id(firstId).collapsed(isClosed);
  row.gridPos({ x: 0, y: top, w: GRID_COLUMNS, h: 1 });
  const { positions, bottom } = flow(section.panels, top + 1);
  const placed = section.panels.map((panel, at) => panel.place(firstId + at + 1, positions[at] as GridPos));
  // A closed row keeps its panels inside; those of an open one follow it.
  if (isClosed) for (const panel of placed) row.withPanel(panel);
  builder.withRow(row);
  if (!isClosed) for (const panel of placed) builder.withPanel(panel);
  return isClosed ? top + 1 : bottom;
}

/** Places from left to right; a panel that no longer fits begins below the tallest of the line. */
function flow(panels: readonly PanelDraft[], top: number): { positions: GridPos[]; bottom: number } {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  const positions = panels.map(({ width, height }) => {
    if (x + width > GRID_COLUMNS) {
      y += lineHeight;
      x = 0;
      lineHeight = 0;
    }
    const position = { x, y, w: width, h: height };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return position;
  });
  return { positions, bottom: y + lineHeight };
}

function linkToOthers() {
  return new DashboardLinkBuilder("Tracebook")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(false)
    .includeVars(true)
    .keepTime(true)
    .tooltip("The other Tracebook dashboards, for the same choice and time");
}

function firingAlerts() {
  return new AnnotationQueryBuilder()
    .name("Alerts")
    .datasource(DATA_SOURCES.prometheus)
    .enable(true)
    .iconColor(COLOURS.act)
    .expr('ALERTS{alertstate="firing"}')
    .titleFormat("{{alertname}}")
    .tagKeys("severity,symbol")
    .step("30s");
}

function moment(name: string, expr: string) {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCES.loki)
    .enable(true)
    .iconColor(COLOURS.watch)
    .expr(expr)
    .titleFormat(name);
}
