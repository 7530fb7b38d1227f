// The matchers of a silence as rows of label and value.
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "../../ui/button.tsx";
import styles from "./silence-form.module.css";
import type { MatcherRow } from "./silence-matchers.ts";

/** What the rows are given. */
export interface MatcherRowsProps {
  readonly rows: readonly MatcherRow[];
  /** Labels with their values, to choose from; others may be written. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  readonly onChange: (rows: readonly MatcherRow[]) => void;
}

/** As the server takes them. */
const MAX_ROWS = 16;
const MAX_OPTIONS = 100;
const MAX_OPTION = 200;
const MAX_TEXT = 4_000;

/** The rows. */
export function MatcherRows({ rows, known, onChange }: MatcherRowsProps) {
  const id = useId();
  const change = (at: number, part: Partial<MatcherRow>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...part } : row)));
  return (
    <fieldset className={styles.matchers}>
      <legend>Alerts with all of these labels; * stands for anything</legend>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place: its texts change as they are written.
        <div key={i} className={styles.row}>
          <input
            aria-label={`Label ${i + 1}`}
            value={row.label}
            placeholder="symbol"
            list={`${id}-labels`}
            maxLength={MAX_TEXT}
            spellCheck={false}
            autoComplete="off"
            data-first={i === 0}
            onChange={({ target }) => change(i, { label: target.value })}
          />
          <span aria-hidden="true">=</span>
          <input
            aria-label={`Value ${i + 1}`}
            value={row.value}
            placeholder="BTC/*"
            list={`${id}-values-${i}`}
            maxLength={MAX_TEXT}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => change(i, { value: target.value })}
          />
          <Options id={`${id}-values-${i}`} values={known.get(row.label.trim()) ?? []} />
          <Button
            aria-label={`Remove label ${i + 1}`}
            title="Remove"
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, at) => at !== i))}
          >
            <X size={13} aria-hidden="true" />
          </Button>
        </div>
      ))}
      <Options id={`${id}-labels`} values={[...known.keys()]} />
      {rows.length < MAX_ROWS && (
        <Button className={styles.add} onClick={() => onChange([...rows, { label: "", value: "" }])}>
          <Plus size={13} aria-hidden="true" />
          Another label
        </Button>
      )}
    </fieldset>
  );
}

function Options({ id, values }: { readonly id: string; readonly values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values
        .filter((value) => value.length <= MAX_OPTION)
        .slice(0, MAX_OPTIONS)
        .map((value) => (
          <option key={value} value={value} />
        ))}
    </datalist>
  );
}
