// A message whose every text is one bounded line, and the words that all channels share.
import { cutText, toCleanLine } from "./clean-text.ts";
import type { NotificationChange, NotificationMessage } from "./notification-message.ts";

/** A message that is safe to show, apart from what its destination gives a meaning to (`<` in HTML, `&` in Slack). */
export interface CleanMessage extends Omit<NotificationMessage, "labels" | "lines"> {
  /** At most 20, each of at most 256 characters. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** How many labels there are beyond those. */
  readonly moreLabels: number;
  /** At most 200, each of at most 300 characters. */
  readonly lines: readonly string[];
}

const MAX_LABELS = 20;
const MAX_LINES = 200;
const REPEAT_NOTE = "This may have been sent before: the sender was stopped before it had an answer.";

const CHANGE_WORDS: Readonly<Record<NotificationChange, string>> = {
  firing: "FIRING",
  acknowledged: "ACKNOWLEDGED",
  assigned: "ASSIGNED",
  resolved: "RESOLVED",
  reopened: "FIRING AGAIN",
  escalated: "NOBODY HAS ACKNOWLEDGED",
  flapping: "CHANGES TOO OFTEN, SILENT UNTIL STABLE",
  stable: "STABLE AGAIN",
  digest: "SEVERAL ALERTS",
  test: "TEST",
};

/** Bounds and cleans every text of a message; whatever is in it, the result is short. */
export function cleanMessage(message: NotificationMessage): CleanMessage {
  const labels = Object.entries(message.labels);
  return {
    ...message,
    idempotencyKey: toCleanLine(message.idempotencyKey, 255),
    alertId: toCleanLine(message.alertId, 200),
    ruleName: toCleanLine(message.ruleName, 120) || "unnamed rule",
    summary: toCleanLine(message.summary, 1_000),
    labels: labels.slice(0, MAX_LABELS).map(([name, value]) => [toCleanLine(name, 64), toCleanLine(value, 256)]),
    moreLabels: Math.max(0, labels.length - MAX_LABELS),
    unit: message.unit === undefined ? undefined : toCleanLine(message.unit, 32),
    at: toCleanLine(message.at, 32),
    startedAt: message.startedAt === undefined ? undefined : toCleanLine(message.startedAt, 32),
    by: message.by === undefined ? undefined : toCleanLine(message.by, 120),
    link: toWebLink(message.link),
    lines: (message.lines ?? []).slice(0, MAX_LINES).map((line) => toCleanLine(line, 300)),
  };
}

/** `[CRITICAL] FIRING: High CPU Usage`, at most 150 characters. */
export function titleOf(message: CleanMessage): string {
  return cutText(`[${message.severity.toUpperCase()}] ${CHANGE_WORDS[message.change]}: ${message.ruleName}`, 150);
}

/** What is known besides the labels, by name, in the order in which it is read. */
export function factsOf(message: CleanMessage): readonly (readonly [name: string, value: string])[] {
  const { value, threshold, unit, moreLabels } = message;
  const facts: [string, string | undefined][] = [
    ["Value", value === undefined ? undefined : withUnit(value, unit)],
    ["Threshold", threshold === undefined ? undefined : withUnit(threshold, unit)],
    ["By", message.by],
    ["Since", message.startedAt],
    ["At", message.at],
    ["More labels", moreLabels === 0 ? undefined : String(moreLabels)],
    ["Alert", message.alertId === "" ? undefined : message.alertId],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
}

/** All that there is to show: facts, then labels. A label may be called as a fact is: people see both. */
export function rowsOf(message: CleanMessage): readonly (readonly [name: string, value: string])[] {
  return [...factsOf(message), ...message.labels];
}

/** What is said under the facts: that the message may be a repetition. */
export function noteOf(message: CleanMessage): string | undefined {
  return message.mayRepeat === true ? REPEAT_NOTE : undefined;
}

function withUnit(value: number, unit: string | undefined): string {
  return unit === undefined || unit === "" ? String(value) : `${value} ${unit}`;
}

/** An http or https URL as the standard spells it (no quotes, spaces or angle brackets are left in it), without credentials. */
function toWebLink(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2_000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.username !== "" || url.password !== "")
    return undefined;
  return url.href.replace(/['|<>"`]/g, (unsafe) => `%${unsafe.charCodeAt(0).toString(16).toUpperCase()}`);
}
