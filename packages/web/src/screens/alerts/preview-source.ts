// What a rule looks at, as far as its preview draws it.
import { type RuleDraft, valueAt } from "./rule-draft.ts";

/** Samples of a metric. */
export interface PreviewMetric {
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** What a rule looks at. */
export interface PreviewSource extends PreviewMetric {
  readonly kind: "events" | "system" | "business";
  readonly threshold: number | undefined;
  readonly aggregation: string;
  readonly across: string;
  /** Labels whose values make groups. */
  readonly by: readonly string[];
  readonly divisor: PreviewMetric | undefined;
  readonly unit: string | undefined;
  readonly symbol: string | undefined;
  readonly stepSeconds: number;
}

const MAX_STEP_S = 7_200;

/** What the rule of a draft looks at; undefined where it does not say. */
export function previewSource(rule: RuleDraft): PreviewSource | undefined {
  const at = (path: string) => valueAt(rule, `condition_config.${path}`);
  const inStream = rule["rule_type"] === "data_absence" ? "stream." : "";
  const [event, metric] = [at(`${inStream}event_type`), at(`${inStream}metric`)];
  const name = textOf(event ?? metric);
  if (name === undefined) return undefined;
  const isBusiness = rule["source_type"] === "business_metric";
  const minutes = at("time_window_minutes") ?? 5;
  const by = at("by");
  const divisor = textOf(at("divided_by.metric"));
  return {
    kind: event !== undefined ? "events" : isBusiness ? "business" : "system",
    name,
    labels: labelsOf(at(`${inStream}labels`)),
    threshold: thresholdOf(at("threshold")),
    aggregation: textOf(at("aggregation")) ?? "avg",
    across: textOf(at("across")) ?? "sum",
    by: Array.isArray(by) ? by.map(String) : [],
    divisor: divisor === undefined ? undefined : { name: divisor, labels: labelsOf(at("divided_by.labels")) },
    unit: textOf(at("unit")),
    symbol: textOf(at(`${inStream}symbol`)),
    stepSeconds: typeof minutes === "number" ? Math.min(MAX_STEP_S, Math.max(1, Math.round(minutes)) * 60) : 300,
  };
}

/** For drawing alone: the engine compares the decimal as it is written. */
function thresholdOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function labelsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
