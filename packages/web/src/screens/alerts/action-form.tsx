// What a person adds to an action: who it is, a note, to whom.
import { useEffect, useId, useRef, useState } from "react";
import { usePerson } from "../../app/person.ts";
import { Button } from "../../ui/button.tsx";
import styles from "./action-form.module.css";
import type { AlertAction } from "./use-alert-actions.ts";

type ActionKind = AlertAction["kind"];

/** What the form is given. */
export interface ActionFormProps {
  readonly kind: ActionKind;
  readonly assignedTo: string | null;
  readonly isBusy: boolean;
  readonly onDone: (action: AlertAction, by: string) => void;
  readonly onCancel: () => void;
}

/** What a form asks for, beside the name. */
const TEXTS: Readonly<Record<ActionKind, { readonly title: string; readonly label?: string; readonly hint?: string }>> =
  {
    acknowledge: { title: "Acknowledge" },
    assign: { title: "Assign", label: "To", hint: "grace; empty: nobody" },
    comment: { title: "Comment", label: "Comment", hint: "What you have found out" },
    impact: { title: "Note the impact", label: "Impact on the business", hint: "Orders of two licences are late" },
    resolve: { title: "Resolve", label: "Note", hint: "What it was, and what was done about it" },
  };

/** Lines that are known to be long. */
const LONG: readonly ActionKind[] = ["comment", "impact", "resolve"];

/** The form; Escape closes it. */
export function ActionForm({ kind, assignedTo, isBusy, onDone, onCancel }: ActionFormProps) {
  const [person, setPerson] = usePerson();
  const [by, setBy] = useState(person);
  const [text, setText] = useState(kind === "assign" ? (assignedTo ?? person) : "");
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const { title, label, hint } = TEXTS[kind];
  useEffect(() => form.current?.querySelector<HTMLElement>("[data-first]")?.focus(), []);
  const isReady = by.trim() !== "" && (label === undefined || kind === "assign" || text.trim() !== "");
  const shared = { value: text, placeholder: hint, maxLength: 4_000, "data-first": true, id } as const;
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        setPerson(by);
        onDone(actionOf(kind, text.trim()), by.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      {label !== undefined && (
        <label htmlFor={id}>
          <span>{label}</span>
          {LONG.includes(kind) ? (
            <textarea {...shared} rows={3} onChange={({ target }) => setText(target.value)} />
          ) : (
            <input {...shared} onChange={({ target }) => setText(target.value)} />
          )}
        </label>
      )}
      <label>
        <span>Your name</span>
        <input
          value={by}
          placeholder="ada"
          maxLength={200}
          autoComplete="nickname"
          data-first={label === undefined}
          onChange={({ target }) => setBy(target.value)}
        />
      </label>
      <div className={styles.buttons}>
        <Button type="submit" disabled={!isReady || isBusy}>
          {title}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

function actionOf(kind: ActionKind, text: string): AlertAction {
  switch (kind) {
    case "acknowledge":
      return { kind };
    case "assign":
      return { kind, to: text === "" ? null : text };
    case "comment":
      return { kind, text };
    case "impact":
      return { kind, impact: text };
    case "resolve":
      return { kind, note: text };
  }
}
