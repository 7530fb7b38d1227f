// A rule as the JSON that it is.
import { useState } from "react";
import { useRuleWriting } from "./rule-context.ts";
import type { RuleDraft } from "./rule-draft.ts";
import styles from "./rule-editor.module.css";
import { RuleProblemLine } from "./rule-field.tsx";

/** The field; what is no JSON yet changes nothing. */
export function RuleJson() {
  const { draft, problems, replace } = useRuleWriting();
  const [text, setText] = useState(() => JSON.stringify(draft, undefined, 2));
  const [error, setError] = useState<string>();
  const isOther = error === undefined && !isSame(text, draft);
  const shown = isOther ? JSON.stringify(draft, undefined, 2) : text;
  const change = (next: string) => {
    setText(next);
    const read = readObject(next);
    setError(typeof read === "string" ? read : undefined);
    if (typeof read !== "string") replace(read);
  };
  return (
    <div className={styles.json}>
      <textarea
        aria-label="The rule as JSON"
        aria-invalid={error !== undefined || problems.length > 0}
        value={shown}
        rows={Math.min(30, shown.split("\n").length + 1)}
        spellCheck={false}
        onChange={({ target }) => change(target.value)}
      />
      {error !== undefined ? (
        <p className={styles.problem}>{error}</p>
      ) : (
        problems.map((problem) => (
          <RuleProblemLine key={`${problem.path} ${problem.problem}`} problem={problem} withPath />
        ))
      )}
    </div>
  );
}

/** The object of a text, or why it is none. */
function readObject(text: string): RuleDraft | string {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as RuleDraft) : "A rule is an object: it begins with { and ends with }.";
  } catch (error) {
    return `Not JSON yet: ${(error as Error).message}`;
  }
}

/** Whether a text means the draft, however it is spaced. */
function isSame(text: string, draft: RuleDraft): boolean {
  const read = readObject(text);
  return typeof read !== "string" && JSON.stringify(read) === JSON.stringify(draft);
}
