// Whatever an event carries as a tree that folds: long texts and long lists are cut until somebody wants all of them.
import { useState } from "react";
import { BreakableText } from "./breakable-text.tsx";
import styles from "./data-tree.module.css";

/** The fields of an object. Only what is unfolded is drawn: data may be as deep and as long as it likes. */
export function DataTree({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  return (
    <div className={styles.tree}>
      <Entries value={data} depth={0} />
    </div>
  );
}

const MAX_TEXT = 400;
const MAX_TITLE = 2_000;
const MAX_ENTRIES = 60;
/** Deeper than this is folded to begin with. */
const OPEN_DEPTH = 2;

function Entries({ value, depth }: { readonly value: object; readonly depth: number }) {
  const [shown, setShown] = useState(MAX_ENTRIES);
  const names = Object.keys(value);
  if (names.length === 0) return <span className={styles.quiet}>nothing</span>;
  return (
    <ul>
      {names.slice(0, shown).map((name) => (
        <li key={name} className={styles.row}>
          <Field name={name} value={(value as Record<string, unknown>)[name]} depth={depth} />
        </li>
      ))}
      {names.length > shown && (
        <li>
          <button type="button" className={styles.more} onClick={() => setShown((count) => count * 4)}>
            {names.length - shown} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Field({ name, value, depth }: { readonly name: string; readonly value: unknown; readonly depth: number }) {
  const isNested = typeof value === "object" && value !== null;
  const isSmall = isNested && Object.keys(value).length <= 8;
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH && isSmall);
  if (!isNested)
    return (
      <>
        <Name name={name} /> <Plain value={value} />
      </>
    );
  return (
    <>
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Name name={name} /> <span className={styles.quiet}>{sizeText(value)}</span>
      </button>
      {isOpen && <Entries value={value} depth={depth + 1} />}
    </>
  );
}

function Name({ name }: { readonly name: string }) {
  const text = name === "" ? '""' : name;
  return (
    <span className={styles.name} title={text.length > MAX_TEXT ? text.slice(0, MAX_TITLE) : undefined}>
      <BreakableText text={text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text} />
    </span>
  );
}

function Plain({ value }: { readonly value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const text = String(value);
  if (text === "") return <span className={styles.quiet}>empty</span>;
  return (
    <>
      <span className={styles.value} data-kind={value === null ? "null" : typeof value}>
        <BreakableText text={isWhole ? text : text.slice(0, MAX_TEXT)} />
      </span>
      {text.length > MAX_TEXT && (
        <button type="button" className={styles.more} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show less" : `… show all ${text.length.toLocaleString("en")} characters`}
        </button>
      )}
    </>
  );
}

function sizeText(value: object): string {
  const count = Object.keys(value).length;
  return Array.isArray(value) ? `[${count}]` : `{${count}}`;
}
