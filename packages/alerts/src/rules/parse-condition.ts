// Reads the conditions of rules: of events, of the absence of events and metrics, and what those of metrics have in common with them.
import type {
  AlertCalendar,
  AlertOperator,
  AlertStream,
  DataAbsence,
  EventFrequency,
  MetricMatch,
} from "./alert-rule.ts";
import { nearestName } from "./nearest-name.ts";
import { readCalendar } from "./parse-calendar.ts";
import type { RuleCatalogue } from "./rule-catalogue.ts";
import type { RuleReader } from "./rule-reader.ts";
import { severityRangeOf } from "./severity-range.ts";

export const EVENT_FIELDS = ["event_type", "symbol", "fields", "operator", "threshold", "time_window_minutes"];
export const ABSENCE_FIELDS = ["stream", "absent_for_seconds", "calendar"];

/** As they are written. */
export const OPERATORS: readonly AlertOperator[] = [">", ">=", "<", "<=", "==", "!="];
/** Each is read of every event of its type. */
const MAX_FIELDS = 8;
/** Values of a label, of which a sample has one. */
const MAX_VALUES = 20;
const DEFAULT_WINDOW_MINUTES = 5;
const MAX_WINDOW_MINUTES = 1_440;
const WEEK_S = 7 * 86_400;

/** Of `event_frequency`. */
export function readFrequency(reader: RuleReader, catalogue: RuleCatalogue): EventFrequency {
  const condition: EventFrequency = {
    ...readEvents(reader, catalogue),
    operator: reader.word("operator", OPERATORS, ">="),
    threshold: reader.number("threshold", undefined),
    time_window_minutes: readWindow(reader),
  };
  checkCount(reader, condition.operator, condition.threshold);
  return condition;
}

/** Of `data_absence`. */
export function readAbsence(reader: RuleReader, catalogue: RuleCatalogue): DataAbsence {
  const calendar: AlertCalendar =
    reader.raw("calendar") === "always" || !reader.has("calendar") ? { kind: "always" } : readCalendar(reader);
  return {
    stream: readStream(reader, catalogue),
    absent_for_seconds: reader.integer("absent_for_seconds", undefined, { min: 1, max: WEEK_S, unit: "seconds" }),
    calendar,
  };
}

function readStream(reader: RuleReader, catalogue: RuleCatalogue): AlertStream {
  const stream = reader.inner("stream", ["event_type", "symbol", "fields", "metric", "labels"]);
  if (!stream.has("metric")) return readEvents(stream, catalogue);
  if (stream.has("event_type")) stream.refuse("event_type", "is given beside metric; a stream is one of the two.");
  return readMatch(stream, catalogue);
}

function readEvents(reader: RuleReader, { eventTypes }: RuleCatalogue) {
  const event_type = reader.requiredText("event_type", '"error_event"');
  if (eventTypes !== undefined && event_type !== "" && !eventTypes.includes(event_type))
    reader.refuse(
      "event_type",
      `is ${JSON.stringify(event_type)}, and no such event is known.`,
      nearestName(event_type, eventTypes),
    );
  const fields = reader.texts("fields");
  const names = Object.keys(fields);
  if (names.length > MAX_FIELDS) reader.refuse("fields", `has ${names.length} fields; it may have ${MAX_FIELDS}.`);
  for (const name of names)
    if (!/^[A-Za-z_][\w.-]{0,99}$/.test(name))
      reader.refuse("fields", `has ${JSON.stringify(name)}, which is no name of a field of an event.`);
  const severity = fields["severity"];
  if (severity !== undefined && severityRangeOf(severity) === undefined)
    reader.refuse(
      "fields.severity",
      `is ${JSON.stringify(severity)}; it must be trace, debug, info, warn, error or fatal, with a + for "and worse".`,
      "error+",
    );
  return { event_type, symbol: reader.text("symbol"), fields };
}

/** Of `metric` and `labels`. */
export function readMatch(reader: RuleReader, catalogue: RuleCatalogue): MetricMatch {
  return { metric: readMetric(reader, catalogue), labels: reader.matches("labels", MAX_VALUES) };
}

function readMetric(reader: RuleReader, { metrics }: RuleCatalogue): string {
  const metric = reader.requiredText("metric", '"cpu_usage"');
  if (metrics === undefined || metric === "" || metrics.some((known) => known.metric === metric)) return metric;
  const nearest = nearestName(
    metric,
    metrics.map((known) => known.metric),
  );
  reader.refuse("metric", `is ${JSON.stringify(metric)}, and no such metric is known.`, nearest);
  return metric;
}

/** Of `time_window_minutes`. */
export function readWindow(reader: RuleReader): number {
  return readMinutes(reader, "time_window_minutes", "a window");
}

/** Minutes of whole seconds, at most a day. */
export function readMinutes(reader: RuleReader, field: string, noun: string): number {
  const minutes = reader.number(field, DEFAULT_WINDOW_MINUTES);
  const seconds = Math.round(minutes * 60);
  if (Math.abs(minutes * 60 - seconds) < 1e-6 && seconds >= 1 && minutes <= MAX_WINDOW_MINUTES) return minutes;
  const nearest = Math.min(Math.max(seconds, 1), MAX_WINDOW_MINUTES * 60) / 60;
  reader.refuse(
    field,
    `is ${minutes}; ${noun} is of whole seconds, from 1/60 to ${MAX_WINDOW_MINUTES} minutes.`,
    String(nearest),
  );
  return minutes;
}

/** A count is at least 0: some conditions always hold, or never. */
export function checkCount(reader: RuleReader, operator: AlertOperator, threshold: number): void {
  const always = (operator === ">=" && threshold <= 0) || (operator === ">" && threshold < 0);
  const never =
    (operator === "<" && threshold <= 0) ||
    (operator === "<=" && threshold < 0) ||
    (operator === "==" && threshold < 0);
  if (always) reader.refuse("threshold", `is ${threshold}: a count is always ${operator} ${threshold}.`, "1");
  if (never)
    reader.refuse(
      "threshold",
      `is ${threshold}: no count is ever ${operator} ${threshold}.`,
      operator === "<" ? "1" : "0",
    );
}
