// The frame of a rule's field: its label, and beside it what is wrong with it and the nearest form that is not.
import { type ReactNode, useId } from "react";
import type { RuleProblem } from "../../api/client.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { useRuleWriting } from "./rule-context.ts";
import { nearestValue } from "./rule-draft.ts";
import styles from "./rule-fields.module.css";

/** What all fields have. */
export interface RuleFieldProps {
  readonly path: string;
  readonly label: string;
  /** What is meant, in a few words. */
  readonly hint?: string;
  /** How many columns it takes; default one. */
  readonly width?: "two" | "all";
}

interface Described {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** A label, what is written, and what is wrong with it. */
export function RuleField({
  path,
  label,
  width,
  children,
}: RuleFieldProps & { readonly children: (described: Described) => ReactNode }) {
  const { problems } = useRuleWriting();
  const id = useId();
  const own = onePerPlace(problems.filter((problem) => isWithin(problem.path, path)));
  const isWrong = own.length > 0;
  return (
    <div className={styles.field} data-width={width} data-wrong={isWrong}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": isWrong, "aria-describedby": isWrong ? `${id}-problems` : undefined })}
      {isWrong && (
        <div id={`${id}-problems`} className={styles.problems}>
          {own.map((problem) => (
            <RuleProblemLine key={`${problem.path} ${problem.problem}`} problem={problem} />
          ))}
        </div>
      )}
    </div>
  );
}

/** What is wrong with a place at first; what is said after that follows from it, but for the nearest form. */
function onePerPlace(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  return problems
    .filter(({ path }, at) => problems.findIndex((each) => each.path === path) === at)
    .map((first) => ({
      ...first,
      nearest: problems.find(({ path, nearest }) => path === first.path && nearest !== null)?.nearest ?? null,
    }));
}

/** What is wrong, and the nearest form that is not by one click; `withPath`: it does not stand beside its field. */
export function RuleProblemLine({ problem, withPath }: { readonly problem: RuleProblem; readonly withPath?: boolean }) {
  const { write } = useRuleWriting();
  const { path, problem: text, nearest } = problem;
  return (
    <p className={styles.problem}>
      <BreakableText text={withPath === true ? `${path === "" ? "The rule" : path} ${text}` : text} />
      {nearest !== null && path !== "" && (
        <Button onClick={() => write(path, nearestValue(nearest))}>Use {nearest.slice(0, 60)}</Button>
      )}
    </p>
  );
}

/** Whether a place is a field or within it. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}
