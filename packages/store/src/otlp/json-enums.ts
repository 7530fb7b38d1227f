// Enums of OTLP by their names: OTLP/JSON has their numbers, but the general rules of protobuf in JSON have names.

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** `SEVERITY_NUMBER_TRACE` is 1, each level has four. */
export const SEVERITY_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["SEVERITY_NUMBER_UNSPECIFIED", 0],
  ...LEVELS.flatMap((level, i) =>
    ["", "2", "3", "4"].map((step, j): [string, number] => [`SEVERITY_NUMBER_${level}${step}`, 4 * i + j + 1]),
  ),
]);

export const SPAN_KINDS = numbered("SPAN_KIND_", [
  "UNSPECIFIED",
  "INTERNAL",
  "SERVER",
  "CLIENT",
  "PRODUCER",
  "CONSUMER",
]);
export const STATUS_CODES = numbered("STATUS_CODE_", ["UNSET", "OK", "ERROR"]);
export const TEMPORALITIES = numbered("AGGREGATION_TEMPORALITY_", ["UNSPECIFIED", "DELTA", "CUMULATIVE"]);

function numbered(prefix: string, names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, i) => [prefix + name, i]));
}
