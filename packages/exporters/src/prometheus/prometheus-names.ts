// Names as Prometheus takes them: the same as the Collector's exporters make of OpenTelemetry's, without suffixes.

/** Everything that no metric name holds. A colon is valid but reserved for recording rules. */
const NOT_IN_METRIC_NAMES = /[^A-Za-z0-9_]+/g;
const NOT_IN_LABEL_NAMES = /[^A-Za-z0-9]+/g;

/** A metric name for any text: runs of other characters become `_`, `http.server.duration` is `http_server_duration`. */
export function toMetricName(name: string): string {
  const parts = name.split(NOT_IN_METRIC_NAMES).filter((part) => part !== "");
  const joined = parts.join("_");
  return joined === "" || /^\d/.test(joined) ? `_${joined}` : joined;
}

/** A label name for any text; never one that begins with `__`, which Prometheus keeps to itself. */
export function toLabelName(name: string): string {
  const clean = name.replace(NOT_IN_LABEL_NAMES, "_");
  if (clean === "" || clean === "_") return "key";
  return /^\d/.test(clean) ? `key_${clean}` : clean;
}

/** Units of UCUM as the ends of metric names have them. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: "seconds",
  ms: "milliseconds",
  By: "bytes",
  "%": "percent",
  "1": "ratio",
};

/** The unit that a name ends in (before `_total`), as OpenMetrics writes it; empty when the name does not say it. */
export function unitInName(name: string, unit: string): string {
  const word = UNIT_WORDS[unit] ?? /^\{([A-Za-z]+)\}$/.exec(unit)?.[1]?.toLowerCase() ?? "";
  return word !== "" && name.replace(/_total$/, "").endsWith(`_${word}`) ? word : "";
}
