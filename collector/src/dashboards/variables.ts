// The variables of the dashboards: data sources, and what all panels are narrowed by.
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCES } from "./targets.ts";

/** A variable of a dashboard. */
export type Variable = Builder<VariableModel>;

/** A data source to choose; by default the one that is provisioned under the uid of its type. */
export function dataSource(name: keyof typeof DATA_SOURCES): Variable {
  const { type } = DATA_SOURCES[name];
  const label = `${type[0]?.toUpperCase()}${type.slice(1)}`;
  const current = { selected: false, text: label, value: type };
  return new DatasourceVariableBuilder(name).label(label).type(type).current(current).multi(false).includeAll(false);
}

/** What {@link valuesOf} is told. */
export interface ValuesOptions {
  readonly label: string;
  readonly description: string;
  /** A selector of series that have the label: `target_info{job=~"$service"}`. */
  readonly series: string;
  /** The label whose values are offered. */
  readonly of: string;
  /**
   * What "All" matches. `.*` also matches series without the label, which Loki takes for no condition at all and `.+` for one;
   * `offered` matches the offered values only, so that a choice made in a variable before this one counts here.
   */
  readonly all: ".*" | ".+" | "offered";
  /** Chosen at first; default: all. */
  readonly first?: string;
}

/** The values of a label, several to choose, asked for again whenever the time range moves on. */
export function valuesOf(name: string, options: ValuesOptions): Variable {
  const { label, description, series, of, all, first } = options;
  const definition = `label_values(${series}, ${of})`;
  const current =
    first === undefined
      ? { selected: true, text: ["All"], value: ["$__all"] }
      : { selected: true, text: [first], value: [first] };
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATA_SOURCES.prometheus)
    .definition(definition)
    .query({ qryType: 1, query: definition, refId: `PrometheusVariableQueryEditor-${name}` })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current(current);
  return all === "offered" ? builder : builder.allValue(all);
}

/** A text that people type or paste, or that links fill in. */
export function pasted(name: string, label: string, description: string): Variable {
  const nothing = { selected: true, text: "", value: "" };
  return new TextBoxVariableBuilder(name).label(label).description(description).defaultValue("").current(nothing);
}
