// A rule's condition in one line: `avg of cpu_usage over 5 min > 80`.
import { namesText } from "./draft-values.ts";
import { pairsText } from "./label-pairs.ts";
import { type RuleDraft, valueAt } from "./rule-draft.ts";

type ReadText = (path: string, fallback?: string) => string;

/** The line; of what is not known yet it has a question mark. */
export function conditionText(rule: RuleDraft): string {
  const text: ReadText = (path, fallback = "?") => {
    const value = valueAt(rule, `condition_config.${path}`);
    return value === undefined || value === null || typeof value === "object" ? fallback : String(value).slice(0, 100);
  };
  switch (rule["rule_type"]) {
    case "metric_threshold":
      return `${valueText(rule, text)} over ${text("time_window_minutes", "5")} min ${text("operator")} ${text("threshold")}${held(rule)}`;
    case "event_frequency": {
      const symbol = text("symbol", "");
      return `${text("event_type")}${symbol === "" ? "" : ` of ${symbol}`}${withPairs(rule, "fields", false)} in ${text("time_window_minutes", "5")} min ${text("operator", ">=")} ${text("threshold")}${held(rule)}`;
    }
    case "data_absence": {
      const stream = text("stream.event_type", "") || text("stream.metric");
      const when = valueAt(rule, "condition_config.calendar.kind") === "sessions" ? " while it is open" : "";
      return `no ${stream}${withPairs(rule, "stream.labels", true)} for ${text("absent_for_seconds")} s${when}${held(rule)}`;
    }
    default:
      return String(rule["rule_type"] ?? "?").slice(0, 100);
  }
}

/** What becomes of the samples of a metric: `last (max) of open_position with side=buy / limit for each symbol`. */
function valueText(rule: RuleDraft, text: ReadText): string {
  const aggregation = text("aggregation", "avg");
  const across = aggregation === "last" ? ` (${text("across", "sum")})` : "";
  const divisor = text("divided_by.metric", "");
  const by = namesText(valueAt(rule, "condition_config.by"));
  const remembered = text("remember_minutes", "");
  return [
    `${aggregation}${across} of ${text("metric")}${withPairs(rule, "labels", true)}`,
    divisor === "" ? "" : ` / ${divisor}${withPairs(rule, "divided_by.labels", true)}`,
    by === "" ? "" : ` for each ${by.slice(0, 200)}`,
    remembered === "" ? "" : `, 0 for ${remembered} min when it ends,`,
  ].join("");
}

function withPairs(rule: RuleDraft, path: string, hasLists: boolean): string {
  const pairs = pairsText(withShortLists(valueAt(rule, `condition_config.${path}`)), hasLists);
  return pairs === "" ? "" : ` with ${pairs.slice(0, 200)}`;
}

/** Of long lists the first two values, and how many more there are: the whole list is in the form. */
function withShortLists(pairs: unknown): unknown {
  if (typeof pairs !== "object" || pairs === null || Array.isArray(pairs)) return pairs;
  const entries = Object.entries(pairs).map(([name, value]): [string, unknown] => {
    const isLong = Array.isArray(value) && value.length > 3;
    return [name, isLong ? [...value.slice(0, 2), `${value.length - 2} more`] : value];
  });
  return Object.fromEntries(entries);
}

function held({ for_seconds: seconds }: RuleDraft): string {
  return typeof seconds === "number" && seconds > 0 ? `, held for ${seconds} s` : "";
}
