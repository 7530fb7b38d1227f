// The rule that is being written, for the fields that write it.
import { createContext, useContext } from "react";
import type { RuleProblem } from "../../api/client.ts";
import type { RuleDraft } from "./rule-draft.ts";

/** What a field works on. */
export interface RuleWriting {
  readonly draft: RuleDraft;
  /** What is wrong with it, as far as it is known. */
  readonly problems: readonly RuleProblem[];
  /** Undefined takes the field out. */
  readonly write: (path: string, value: unknown) => void;
  readonly replace: (draft: RuleDraft) => void;
}

/** Around all fields of a rule. */
export const RuleWritingContext = createContext<RuleWriting | undefined>(undefined);

/** The rule that is being written. Throws outside of an editor. */
export function useRuleWriting(): RuleWriting {
  const writing = useContext(RuleWritingContext);
  if (writing === undefined) throw new Error("a field of a rule must be inside a rule editor");
  return writing;
}
