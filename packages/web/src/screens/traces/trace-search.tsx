// The field that finds a trace by its id, and any other text in the events of traces.
import { type Ref, useEffect, useState } from "react";
import { pastedTraceId } from "./trace-parameters.ts";
import styles from "./trace-search.module.css";

/** What the field is. */
export interface TraceSearchProps {
  readonly value: string;
  /** Called with an id as soon as it is complete, with any other text by Enter. */
  readonly onFind: (text: string) => void;
  readonly ref: Ref<HTMLInputElement>;
}

/** The field. */
export function TraceSearch({ value, onFind, ref }: TraceSearchProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  return (
    <label className={styles.search}>
      <span className="visually-hidden">Trace id, or text in events: an order id, for example</span>
      <input
        ref={ref}
        type="search"
        value={draft}
        placeholder="Trace id, order id, text in events  ( / )"
        spellCheck={false}
        autoComplete="off"
        maxLength={2_000}
        onChange={({ target }) => {
          setDraft(target.value);
          if (pastedTraceId(target.value) !== undefined || target.value === "") onFind(target.value);
        }}
        onKeyDown={({ key }) => key === "Enter" && onFind(draft.trim())}
      />
    </label>
  );
}
