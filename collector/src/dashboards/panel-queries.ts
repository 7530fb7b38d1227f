// Every query in the JSON of a dashboard, wherever it hides: panels, closed rows, variables, moments on the time axis. Imports
// nothing of the workspace, since a CI stage reads the checked-in files with it.

/** The part of a dashboard's JSON that holds queries. */
export interface DashboardJson {
  readonly uid?: string;
  readonly title?: string;
  readonly panels?: readonly PanelJson[];
  readonly templating: { readonly list?: readonly VariableJson[] };
  readonly annotations: { readonly list?: readonly AnnotationJson[] };
}

/** A panel or a row with panels inside. */
export interface PanelJson {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly panels?: readonly PanelJson[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } };
}

interface TargetJson {
  readonly refId?: string;
  readonly expr?: string;
  readonly query?: string;
  readonly exemplar?: boolean;
  readonly instant?: boolean;
  readonly format?: string;
  readonly interval?: string;
  readonly datasource?: { readonly type?: string };
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query?: unknown;
}

interface AnnotationJson {
  readonly name?: string;
  readonly expr?: string;
  readonly datasource?: { readonly type?: string };
}

/** A query and where it stands. */
export interface PanelQuery {
  readonly dashboard: string;
  /** The panel's title, or the name of the variable or moment. */
  readonly where: string;
  readonly refId: string;
  readonly language: "prometheus" | "loki" | "tempo";
  readonly text: string;
  readonly isHeatmap: boolean;
  readonly hasExemplars: boolean;
  /** How often what it reads is scraped, where it says so. */
  readonly scrapedEvery: string | undefined;
}

/** All panels of a dashboard, those of closed rows among them, without the rows. */
export function panelsOf(dashboard: DashboardJson): PanelJson[] {
  return (dashboard.panels ?? []).flatMap((panel) => (panel.type === "row" ? (panel.panels ?? []) : [panel]));
}

/** The queries of all panels. */
export function panelQueries(dashboard: DashboardJson): PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => toQuery(dashboard, panel, target)),
  );
}

/** The queries behind moments on the time axis. */
export function momentQueries({ uid = "", annotations }: DashboardJson): PanelQuery[] {
  return (annotations.list ?? []).map(({ name = "", expr = "", datasource }) => {
    const query = { dashboard: uid, where: name, refId: "", language: languageOf(datasource?.type), text: expr };
    return { ...query, isHeatmap: false, hasExemplars: false, scrapedEvery: undefined };
  });
}

/** The selectors and labels behind variables: `label_values(SELECTOR, LABEL)`. */
export function variableSelectors({ templating }: DashboardJson): { name: string; selector: string; label: string }[] {
  return (templating.list ?? []).flatMap(({ name, type, query }) => {
    if (type !== "query") return [];
    const text = (query as { readonly query: string }).query;
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
    if (selector === undefined || label === undefined) throw new TypeError(`the variable ${name} asks ${text}`);
    return [{ name, selector, label }];
  });
}

/** Puts values in place of variables, `$name` and `${name}`; an unknown one is an error. */
export function withVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = values[braced ?? bare ?? ""];
    if (value === undefined) throw new TypeError(`${whole} is no variable that a dashboard has (in ${text})`);
    return value;
  });
}

/** Every variable at All, and Grafana's own ones at `range`. */
export function everything(range: string): Readonly<Record<string, string>> {
  return {
    environment: ".*",
    service: ".+",
    instance: ".+",
    symbol: ".*",
    strategy: ".*",
    flow: ".*",
    bot_id: ".*",
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    __rate_interval: range,
    __range: range,
    __auto: range,
  };
}

function toQuery(dashboard: DashboardJson, panel: PanelJson, target: TargetJson): PanelQuery {
  return {
    dashboard: dashboard.uid ?? "",
    where: panel.title ?? "",
    refId: target.refId ?? "",
    language: languageOf(target.datasource?.type),
    text: target.expr ?? target.query ?? "",
    isHeatmap: target.format === "heatmap",
    hasExemplars: target.exemplar === true,
    scrapedEvery: target.interval,
  };
}

function languageOf(type: string | undefined): PanelQuery["language"] {
  if (type === "prometheus" || type === "loki" || type === "tempo") return type;
  throw new TypeError(`${type} is no data source of these dashboards`);
}
