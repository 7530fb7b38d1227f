// Whether the condition of a rule holds at an instant.
import type { AlertAggregation, AlertOperator, AlertRule } from "../rules/alert-rule.ts";
import { CountWindow, PresenceWindow } from "./count-window.ts";
import { compareToThreshold, toDouble, toFigure } from "./exact-value.ts";
import type { SourceWindow } from "./rule-source.ts";
import type { Sessions } from "./sessions.ts";

/** What was found. */
export interface Verdict {
  /** Undefined: an alert that has fired stays as it is, and no other begins; the stream is closed, or was opened a short time ago. */
  readonly holds: boolean | undefined;
  /** The nearest double of what it is. */
  readonly value: number | null;
  /** The value as exact as it can be written; undefined: it is a double. */
  readonly figure: string | undefined;
  /** The instant at which to look again though nothing comes; undefined: there is no need. */
  readonly lookAgainAt: number | undefined;
}

/** Looks at a rule at the instant `at`. `since`: that nothing came before it means nothing. Throws where its data are nonsense. */
export function evaluateRule(
  rule: AlertRule,
  window: SourceWindow,
  sessions: Sessions,
  at: number,
  since: number,
): Verdict {
  // Whether anything has made it do so before or not: what it holds is of this instant.
  window.dropBefore(at - window.seconds);
  if (rule.rule_type === "data_absence") {
    if (!(window instanceof PresenceWindow)) throw new TypeError("The window is of another rule.");
    return evaluateAbsence(window, sessions, at, since);
  }
  if (window instanceof PresenceWindow) throw new TypeError("The window is of another rule.");
  const { operator, threshold } = rule.condition_config;
  const value = window instanceof CountWindow ? window.total : window.value();
  if (value === undefined) return { ...NOTHING, holds: false };
  const double = toDouble(value);
  if (Number.isNaN(double)) throw new RangeError("The window's values come to no number.");
  const holds = isOrder(compareToThreshold(value, threshold), operator);
  const figure = typeof value === "number" ? undefined : toFigure(value);
  const due = since + Math.round(rule.condition_config.time_window_minutes * 60);
  if (holds && at < due && isOfTooLittle(rule)) return { holds: undefined, value: double, figure, lookAgainAt: due };
  return { holds, value: double, figure, lookAgainAt: undefined };
}

/** The value that is worse for a threshold: the farther beyond it. */
export function worseOf(operator: AlertOperator, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return operator.startsWith("<") ? Math.min(a, b) : Math.max(a, b);
}

/** True of a rule whose condition may hold because nothing came. */
function isOfTooLittle(rule: AlertRule): boolean {
  if (rule.rule_type === "data_absence") return true;
  const { condition_config: condition } = rule;
  if (!LITTLE.includes(condition.operator)) return false;
  if (!("aggregation" in condition)) return true;
  return condition.remember_minutes !== undefined || ADDED_UP.includes(condition.aggregation);
}

/** Only open time counts, and only from the last opening on. */
function evaluateAbsence(window: PresenceWindow, sessions: Sessions, at: number, since: number): Verdict {
  if (window.isPresent) return { ...NOTHING, holds: false };
  const opened = sessions.openSince(at);
  // Sessions begin with whole minutes.
  if (opened === undefined) return { ...NOTHING, lookAgainAt: (Math.floor(at / 60) + 1) * 60 };
  const due = Math.max(opened, since) + window.seconds;
  // What is due after the session's end is looked at then, and found closed.
  return at >= due ? { ...NOTHING, holds: true } : { ...NOTHING, lookAgainAt: due };
}

const LITTLE: readonly AlertOperator[] = ["<", "<=", "=="];
const ADDED_UP: readonly AlertAggregation[] = ["count", "sum", "rate"];
const NOTHING: Verdict = { holds: undefined, value: null, figure: undefined, lookAgainAt: undefined };

/** `order` is negative, zero or positive: the value is below the threshold, equal or above. */
function isOrder(order: number, operator: AlertOperator): boolean {
  switch (operator) {
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
  }
}
