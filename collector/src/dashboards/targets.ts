// Queries of panels, for the three data sources.
import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as tempo from "@grafana/grafana-foundation-sdk/tempo";

/** The data sources, each a variable of the dashboard, whose default is the provisioned one of that uid. */
export const DATA_SOURCES = {
  prometheus: { type: "prometheus", uid: variable("prometheus") },
  tempo: { type: "tempo", uid: variable("tempo") },
  loki: { type: "loki", uid: variable("loki") },
} as const satisfies Record<string, DataSourceRef>;

/** How a panel wants its answer: over time, as of now, as of now in rows, or by bucket over time. */
export type AnswerShape = "range" | "instant" | "table" | "heatmap";

/** A query of a panel; the panel decides on its shape. */
export interface Target {
  readonly source: DataSourceRef;
  build(refId: string, shape: AnswerShape): Dataquery;
}

/** What is not the same for every PromQL query. */
export interface PromqlOptions {
  /** Also asks for exemplars, which are drawn as dots that open a trace. */
  readonly exemplars?: boolean;
  /** How often its metrics are scraped, where that is less often than services are: `30s`. Rates look back at least four times as long. */
  readonly scrapedEvery?: string;
}

/** PromQL; `legend` names the series (`{{status}}`). */
export function promql(expr: string, legend: string, options: PromqlOptions = {}): Target {
  const { exemplars = false, scrapedEvery } = options;
  return {
    source: DATA_SOURCES.prometheus,
    build(refId, shape) {
      const query = new prometheus.DataqueryBuilder().datasource(DATA_SOURCES.prometheus).refId(refId);
      query.expr(expr).legendFormat(legend).editorMode(prometheus.QueryEditorMode.Code).exemplar(exemplars);
      query.format(FORMATS[shape]);
      if (scrapedEvery !== undefined) query.interval(scrapedEvery);
      return shape === "instant" || shape === "table" ? query.instant().build() : query.range().build();
    },
  };
}

/** LogQL: log lines, or figures made of them. */
export function logql(expr: string, legend = "", maxLines?: number): Target {
  return {
    source: DATA_SOURCES.loki,
    build(refId, shape) {
      const query = new loki.DataqueryBuilder().datasource(DATA_SOURCES.loki).refId(refId);
      query.expr(expr).legendFormat(legend).editorMode(loki.QueryEditorMode.Code);
      query.queryType(shape === "instant" ? "instant" : "range");
      return (maxLines === undefined ? query : query.maxLines(maxLines)).build();
    },
  };
}

/** TraceQL: one row a trace; or one trace, by its id. */
export function traceql(query: string, limit = 20): Target {
  return {
    source: DATA_SOURCES.tempo,
    build: (refId) =>
      new tempo.DataqueryBuilder()
        .datasource(DATA_SOURCES.tempo)
        .refId(refId)
        .queryType("traceql")
        .query(query)
        .limit(limit)
        .spss(3)
        .filters([])
        .tableType(tempo.SearchTableType.Traces)
        .build(),
  };
}

const FORMATS = {
  range: prometheus.PromQueryFormat.TimeSeries,
  instant: prometheus.PromQueryFormat.TimeSeries,
  table: prometheus.PromQueryFormat.Table,
  heatmap: prometheus.PromQueryFormat.Heatmap,
} as const;

function variable(name: string): string {
  return `\${${name}}`;
}
