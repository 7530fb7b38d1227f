// What is said of a rule that cannot work: where it is wrong, why, and the nearest form that is valid.

/** One thing that is wrong. */
export interface RuleProblem {
  /** Where: `condition_config.operator`. */
  readonly path: string;
  /** What is wrong with it, the value included. */
  readonly problem: string;
  /** The nearest valid form; undefined: there is none near. */
  readonly nearest: string | undefined;
}

/** Thrown for a rule that cannot work, with everything that is wrong with it; up to 20 things. */
export class AlertRuleError extends Error {
  readonly code = "invalid_alert_rule";
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    super(problems.map(toLine).join("\n"));
    this.name = "AlertRuleError";
    this.problems = problems;
  }
}

function toLine({ path, problem, nearest }: RuleProblem): string {
  const place = path === "" ? "The rule" : path;
  return `${place} ${problem}${nearest === undefined ? "" : ` Nearest valid form: ${nearest}`}`;
}
