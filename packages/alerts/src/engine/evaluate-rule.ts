// Whether the condition of a rule holds at an instant.
import type { AlertOperator, AlertRule } from "../rules/alert-rule.ts";
import { CountWindow, PresenceWindow } from "./count-window.ts";
import type { SourceWindow } from "./rule-source.ts";
import type { Sessions } from "./sessions.ts";

/** What was found. */
export interface Verdict {
  /** Undefined: an alert that has fired stays as it is, and no other begins; the stream is closed, or was opened a short time ago. */
  readonly holds: boolean | undefined;
  readonly value: number | null;
  /** The instant at which to look again though nothing comes; undefined: there is no need. */
  readonly lookAgainAt: number | undefined;
}

/** Looks at a rule at the instant `at`. `since`: before it, an absence did not count. Throws where its data are nonsense. */
export function evaluateRule(
  rule: AlertRule,
  window: SourceWindow,
  sessions: Sessions,
  at: number,
  since: number,
): Verdict {
  if (rule.rule_type === "data_absence") {
    if (!(window instanceof PresenceWindow)) throw new TypeError("The window is of another rule.");
    return evaluateAbsence(window, sessions, at, since);
  }
  const { operator, threshold } = rule.condition_config;
  if (window instanceof PresenceWindow) throw new TypeError("The window is of another rule.");
  const value = window instanceof CountWindow ? window.total : window.value();
  if (Number.isNaN(value)) throw new RangeError("The window's values come to no number.");
  return {
    holds: value !== undefined && compare(value, operator, threshold),
    value: value ?? null,
    lookAgainAt: undefined,
  };
}

/** The value that is worse for a threshold: the farther beyond it. */
export function worseOf(operator: AlertOperator, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return operator.startsWith("<") ? Math.min(a, b) : Math.max(a, b);
}

/** Only open time counts, and only from the last opening on. */
function evaluateAbsence(window: PresenceWindow, sessions: Sessions, at: number, since: number): Verdict {
  if (window.isPresent) return { holds: false, value: null, lookAgainAt: undefined };
  const opened = sessions.openSince(at);
  // Sessions begin with whole minutes.
  if (opened === undefined) return { holds: undefined, value: null, lookAgainAt: (Math.floor(at / 60) + 1) * 60 };
  const due = Math.max(opened, since) + window.seconds;
  // What is due after the session's end is looked at then, and found closed.
  return at >= due
    ? { holds: true, value: null, lookAgainAt: undefined }
    : { holds: undefined, value: null, lookAgainAt: due };
}

function compare(value: number, operator: AlertOperator, threshold: number): boolean {
  switch (operator) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case "==":
      return value === threshold;
    case "!=":
      return value !== threshold;
  }
}
