// A rule while it is written, and what was read of it when that began.
import { useState } from "react";
import type { StoredAlertRule } from "../../api/client.ts";
import { blankRule, draftOf, type RuleDraft } from "./rule-draft.ts";

/** The draft and what it began with. */
export interface WrittenDraft {
  readonly draft: RuleDraft;
  readonly setDraft: (change: (known: RuleDraft) => RuleDraft) => void;
  /** As it was read; undefined: it is a new one. */
  readonly read: StoredAlertRule | undefined;
  /** Something is written that is not stored. */
  readonly isChanged: boolean;
  /** Begins anew with what is stored. */
  readonly begin: (stored: StoredAlertRule) => void;
}

/** The draft of a rule; undefined: of a new one. */
export function useRuleDraft(rule: StoredAlertRule | undefined): WrittenDraft {
  const [read, setRead] = useState(rule);
  const [draft, setDraft] = useState(() => draftFrom(rule));
  return {
    draft,
    setDraft,
    read,
    isChanged: JSON.stringify(draft) !== JSON.stringify(draftFrom(read)),
    begin: (stored) => {
      setRead(stored);
      setDraft(draftOf(stored));
    },
  };
}

function draftFrom(rule: StoredAlertRule | undefined): RuleDraft {
  return rule === undefined ? blankRule() : draftOf(rule);
}
