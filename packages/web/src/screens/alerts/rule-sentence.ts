// A rule's condition in one line: `avg of cpu_usage over 5 min > 80`.
import { pairsText, type RuleDraft, valueAt } from "./rule-draft.ts";

/** The line; of what is not known yet it has a question mark. */
export function conditionText(rule: RuleDraft): string {
  const text = (path: string, fallback = "?") => {
    const value = valueAt(rule, `condition_config.${path}`);
    return value === undefined || value === null || typeof value === "object" ? fallback : String(value).slice(0, 100);
  };
  const minutes = text("time_window_minutes", "5");
  const withPairs = (path: string) => {
    const pairs = pairsText(valueAt(rule, `condition_config.${path}`));
    return pairs === "" ? "" : ` with ${pairs.slice(0, 200)}`;
  };
  switch (rule["rule_type"]) {
    case "metric_threshold":
      return `${text("aggregation", "avg")} of ${text("metric")}${withPairs("labels")} over ${minutes} min ${text("operator")} ${text("threshold")}${held(rule)}`;
    case "event_frequency": {
      const symbol = text("symbol", "");
      return `${text("event_type")}${symbol === "" ? "" : ` of ${symbol}`}${withPairs("fields")} in ${minutes} min ${text("operator", ">=")} ${text("threshold")}${held(rule)}`;
    }
    case "data_absence": {
      const stream = text("stream.event_type", "") || text("stream.metric");
      const when = valueAt(rule, "condition_config.calendar.kind") === "sessions" ? " while it is open" : "";
      return `no ${stream} for ${text("absent_for_seconds")} s${when}${held(rule)}`;
    }
    default:
      return String(rule["rule_type"] ?? "?").slice(0, 100);
  }
}

function held({ for_seconds: seconds }: RuleDraft): string {
  return typeof seconds === "number" && seconds > 0 ? `, held for ${seconds} s` : "";
}
