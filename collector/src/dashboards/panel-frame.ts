// What every panel has, whatever it draws: title, what it means, what to do about it, unit, limits, words for "no data".
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type DynamicConfigValue,
  type FieldColor,
  type GridPos,
  type Panel,
  type ThresholdsConfig,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { describeLimits, type Limits, toMappings, toThresholds } from "./palette.ts";
import type { AnswerShape, Target } from "./targets.ts";

/** A dashboard of ours; its uid is `tracebook-` and this. */
export type DashboardName = "overview" | "trading" | "decisions" | "health";

/** What all panels are given. */
export interface PanelSpec {
  /** In words a trader uses. */
  readonly title: string;
  /** What it shows: one or two sentences. */
  readonly means: string;
  /** What to do when it looks bad. */
  readonly whenBad: string;
  /** A unit of Grafana: `s`, `percentunit`, `currencyUSD`, `suffix: /min`. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Columns of 24. */
  readonly width: number;
  /** Rows of 30 px; default by kind. */
  readonly height?: number;
  readonly limits?: Limits;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Values shown as words: `{ 0: "none" }`. */
  readonly words?: Readonly<Record<string, string>>;
  /** What stands there when there is no data: usually what would have to happen for some to come. */
  readonly noData: string;
  /** The dashboard that says more: its values link there, for the same choice and time. */
  readonly leadsTo?: DashboardName;
}

/** A panel that waits for its place. */
export interface PanelDraft {
  readonly width: number;
  readonly height: number;
  place(id: number, position: GridPos): Builder<Panel>;
}

/** The part that all panel builders of the SDK have in common. */
export interface PanelBuilderLike extends Builder<Panel> {
  id(id: number): unknown;
  title(title: string): unknown;
  description(description: string): unknown;
  datasource(source: DataSourceRef): unknown;
  gridPos(position: GridPos): unknown;
  targets(targets: Builder<Dataquery>[]): unknown;
  unit(unit: string): unknown;
  decimals(decimals: number): unknown;
  min(min: number): unknown;
  max(max: number): unknown;
  noValue(text: string): unknown;
  mappings(mappings: ValueMapping[]): unknown;
  thresholds(thresholds: Builder<ThresholdsConfig>): unknown;
  colorScheme(colour: Builder<FieldColor>): unknown;
  dataLinks(links: Builder<DashboardLink>[]): unknown;
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown;
  overrideByRegexp(pattern: string, properties: DynamicConfigValue[]): unknown;
}

/** Gives a builder all that panels have in common; what it draws is the caller's. */
export function framed(builder: PanelBuilderLike, spec: PanelSpec, shape: AnswerShape, height: number): PanelDraft {
  builder.title(spec.title);
  builder.description(describe(spec));
  builder.unit(spec.unit);
  builder.noValue(spec.noData);
  builder.mappings(toMappings(spec.words));
  builder.thresholds({ build: () => toThresholds(spec.limits) });
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.leadsTo !== undefined) builder.dataLinks([linkTo(spec.leadsTo)]);
  const [first] = spec.targets;
  if (first === undefined) throw new TypeError(`the panel ${spec.title} asks for nothing`);
  builder.datasource(first.source);
  builder.targets(spec.targets.map((target, at) => ({ build: () => target.build(refIdOf(at), shape) })));
  return {
    width: spec.width,
    height: spec.height ?? height,
    place(id, position) {
      builder.id(id);
      builder.gridPos(position);
      return builder;
    },
  };
}

function describe({ means, whenBad, limits, unit }: PanelSpec): string {
  const said = describeLimits(limits, (value) => inUnit(value, unit));
  return [means, `**When it is bad:** ${whenBad}`, said].filter((part) => part !== "").join("\n\n");
}

function inUnit(value: number, unit: string): string {
  if (unit === "percentunit") return `${Number((value * 100).toPrecision(6))} %`;
  if (unit === "percent") return `${value} %`;
  if (unit === "s") return value < 1 ? `${Number((value * 1000).toPrecision(6))} ms` : `${value} s`;
  if (unit === "currencyUSD") return `${value} USD`;
  return unit.startsWith("suffix:") ? `${value}${unit.slice("suffix:".length)}` : String(value);
}

function linkTo(name: DashboardName): Builder<DashboardLink> {
  const [time, choice] = ["__url_time_range", "__all_variables"].map((variable) => `\${${variable}}`);
  return new DashboardLinkBuilder(`More on the dashboard ${name}`)
    .type(DashboardLinkType.Link)
    .url(`/d/tracebook-${name}?${time}&${choice}`);
}

function refIdOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}
